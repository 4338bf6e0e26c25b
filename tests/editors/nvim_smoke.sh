#!/usr/bin/env bash
# Real Neovim with the runtime folder of editors/neovim, with no terminal.
# NVIM: the binary (default: from install-editors.sh). LSP_CMD: JSON array with the server's command.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
trap tidy EXIT
NVIM=${NVIM:-$EDITORS/bin/nvim}
need "$NVIM"
NVIM=$(cd "$(dirname "$(command -v "$NVIM")")" && pwd)/$(basename "$NVIM")
cp -R "$root/editors/neovim" "$work/runtime" # :helptags writes into it
export MAGELLAN_RUNTIME=$work/runtime
cd "$workspace"
export MAGELLAN_OLD=$old
export MAGELLAN_CHECKS=$here/nvim/smoke.lua
rc=0
timeout -k 5 180 "$NVIM" --headless -i NONE -n -u "$here/nvim/init.lua" </dev/null 2>"$work/messages" || rc=$?
if [ "$rc" != 0 ]; then
  tail -n 20 "$work/messages" | cut -c1-400
  grep -aE '^.(ERROR|WARN|START)' "$XDG_STATE_HOME/nvim/lsp.log" | tail -n 20 | cut -c1-400 || true
fi
exit "$rc"
