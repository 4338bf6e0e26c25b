#!/usr/bin/env bash
# Real Emacs with eglot, set up by the recipe of editors/README.md. LSP_CMD: JSON array with the server's command.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
trap tidy EXIT
need emacs
git init --quiet "$workspace" # Emacs takes the repository for the project
# The recipe as users get it; only the server's command is another.
python3 - "$root/editors/README.md" "$LSP_CMD" >"$work/recipe.el" <<'PY'
import json, pathlib, re, sys

text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
[recipe] = re.findall(r"```elisp\n(.*?)```", text, re.DOTALL)
usual = '("magellan-lsp" "--stdio")'
assert usual in recipe
print(recipe.replace(usual, "(" + " ".join(json.dumps(word) for word in json.loads(sys.argv[2])) + ")"))
PY
cd "$workspace"
LANG=C.UTF-8 timeout -k 5 120 emacs --batch -l "$work/recipe.el" -l "$here/emacs/smoke.el" 2>"$work/messages" || {
  tail -n 20 "$work/messages" | cut -c1-400
  exit 1
}
