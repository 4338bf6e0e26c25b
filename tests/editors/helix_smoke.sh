#!/usr/bin/env bash
# Real Helix with editors/helix/languages.toml, inside a tmux of its own.
# HX: the binary (default: from install-editors.sh). LSP_CMD: JSON array with the server's command.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
HX=${HX:-$EDITORS/bin/hx}
need "$HX"
need tmux
HX=$(cd "$(dirname "$(command -v "$HX")")" && pwd)/$(basename "$HX")
sock=$work/tmux.sock # a tmux server of our own: nobody's sessions or configuration are touched
log=$work/helix.log
tm() { tmux -S "$sock" -f /dev/null "$@"; }
trap 'tm kill-server 2>/dev/null || true; tidy' EXIT
mkdir "$workspace/.helix" # marks the workspace, so that no repository further up becomes the root
mkdir -p "$XDG_CONFIG_HOME/helix"
# The configuration as users get it; only the server's command is another. A second magellan-lsp stands in for pylsp,
# so that a feature which two servers answer shows as a doubled answer.
python3 - "$root/editors/helix/languages.toml" "$LSP_CMD" >"$XDG_CONFIG_HOME/helix/languages.toml" <<'PY'
import json, pathlib, sys

text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
program, *arguments = json.loads(sys.argv[2])
usual = 'command = "magellan-lsp"\nargs = ["--stdio"]\n'
assert usual in text
ours = f"command = {json.dumps(program)}\nargs = {json.dumps(arguments)}\n"
theirs = '{ name = "pylsp", except-features = ['
assert theirs in text
print(text.replace(usual, ours).replace(theirs, theirs + '"workspace-command", '))
print(f'[language-server.pylsp]\n{ours}config = {{ index = {{ location = "cache" }} }}')
PY
cat >"$XDG_CONFIG_HOME/helix/config.toml" <<'TOML'
[editor]
mouse = false
[editor.lsp]
display-progress-messages = true
[editor.statusline]
left = ["mode", "file-base-name", "spinner"]
center = []
right = ["position"]
TOML

passed=0 failed=0
screen() { tm capture-pane -p -t h; }
ok() { passed=$((passed + 1)); echo "ok   $1"; }
bad() {
  failed=$((failed + 1))
  echo "FAIL $1"
  screen || true
  grep -aE '\[(ERROR|WARN)\]' "$log" | tail -n 5 | cut -c1-300 || true
}
# One at a time. Escape and a key that are read together mean Alt-key, so after Escape a busy machine gets more time.
keys() {
  for key in "$@"; do
    tm send-keys -t h "$key"
    if [ "$key" = Escape ]; then sleep 0.4; else sleep 0.06; fi
  done
}
write() { tm send-keys -t h -l "$1"; sleep 0.06; }
run() { # COMMAND: typed once the prompt is there
  local tries
  for tries in 1 2 3; do
    keys Escape
    shows ' NOR ' 10 || continue
    write ':'
    shows '^:' 3 && break
  done
  write "$1"
  keys Enter
}
shows() { # REGEX [SECONDS]
  local end=$((SECONDS + ${2:-15}))
  while ((SECONDS < end)); do
    screen | grep -qE -- "$1" && return 0
    sleep 0.1
  done
  return 1
}
expect() { # NAME REGEX [SECONDS]
  if shows "$2" "${3:-15}"; then ok "$1"; else bad "$1 (no /$2/ on the screen)"; fi
}
in_log() { # FIXED-STRING: -v writes every message to and from the server into the log
  local end=$((SECONDS + 30))
  while ((SECONDS < end)); do
    grep -aqF -- "$1" "$log" 2>/dev/null && return 0
    sleep 0.1
  done
  return 1
}
expect_log() { if in_log "$2"; then ok "$1"; else bad "$1 (no '$2' in the log)"; fi; }
# Where TEXT stands in FILE for the NTH time, as Helix counts: LINE:COLUMN, in characters from 1.
place() { # FILE TEXT [NTH]
  python3 - "$workspace/$1" "$2" "${3:-1}" <<'PY'
import pathlib, sys

path, text, nth = sys.argv[1:]
whole = pathlib.Path(path).read_text(encoding="utf-8")
at = -1
for _ in range(int(nth)):
    at = whole.index(text, at + 1)
print(f"{whole.count(chr(10), 0, at) + 1}:{at - whole.rfind(chr(10), 0, at)}")
PY
}
at() { echo "NOR +$(basename "$1") .*[^0-9]$2 *\$"; } # what the status line shows
go() { # FILE TEXT [NTH]: opens it there
  local place
  place=$(place "$@")
  run "open $1:$place"
  shows "$(at "$1" "$place")" || bad "cannot go to $2 in $1"
}

tm new-session -d -s h -x 140 -y 40 -c "$workspace" \
  "env LANG=C.UTF-8 TERM=xterm-256color COLORTERM=truecolor '$HX' -v --log '$log' main.py; echo hx-exit=\$? >'$work/rc'"
shows 'NOR +main.py' || bad "Helix opens the file"
expect_log "the server starts and gets the file" '"method":"textDocument/didOpen"'
expect "progress is shown and ends" 'Indexing editors-workspace . [0-9]+ files, [0-9]+ symbols'

# definitions in each language, past astral characters
definition() { # FILE TEXT NTH FILE TEXT [NTH]
  go "$1" "$2" "$3"
  keys g d
  expect "definition in $1" "$(at "$4" "$(place "$4" "$5" "${6:-1}")")"
}
definition main.py 'label(' 1 shop/stock.py 'label(amount'
definition rust/src/main.rs 'sum_up' 1 rust/src/stock.rs 'sum_up'
definition go/main.go 'SumUp' 1 go/stock/stock.go 'SumUp('
definition java/shop/Main.java 'sumUp' 1 java/shop/Stock.java 'sumUp'
definition c/main.c 'stock_sum' 1 c/stock.c 'stock_sum'
definition cpp/main.cpp 'total_of' 1 cpp/stock.cpp 'total_of'
definition js/main.js 'sumUp(' 1 js/stock.js 'sumUp'
definition ts/main.ts 'addUp(' 1 ts/stock.ts 'addUp'

go c/main.c 'stock_sum'
keys g D
expect "declaration" "$(at stock.h "$(place c/stock.h stock_sum)")"
go main.py 'shelf.put'
keys g y
expect "type definition" "$(at stock.py "$(place shop/stock.py 'Shelf:')")"
go main.py 'label('
keys g i
expect "implementation" "$(at stock.py "$(place shop/stock.py 'label(amount')")"

# lists: a second server that knows the same is kept from answering, so the counts are not doubled
go main.py 'label('
keys g r
expect "references, each once" ' 5/5'
write stock
expect "the list is filtered" ' 2/5'
keys Escape
go shop/stock.py 'total('
keys Space s
expect "symbols of the file, each once" ' 7/7'
expect "with their names" 'Shelf'
keys Escape
keys Space S
write Shelf
expect "symbols of the workspace" 'rust/src/stock.rs'
expect "in other languages too" 'cpp/stock.hpp'
keys Escape
go main.py 'label('
keys Space h
keys c
write tag
keys Escape
expect "all places in the file are selected and changed" 'tag\(total.*'
keys u
go main.py 'label('
keys Space k
expect "hover (the other server's)" 'An amount as people read it'
keys Escape

# unsaved text
go shop/stock.py 'def label'
keys O
write 'def relabel(amount):'
keys Enter
write 'return "😀" + label(amount)'
keys Escape
expect "an edit" 'relabel'
keys h h h h h h h h h h h
keys g d
expect "definition after an unsaved edit" "$(at stock.py 11:5)"
go main.py 'def report'
keys O
write 'from shop.stock import relabel; relabel(1)'
keys Escape
keys h h h h h
keys g d
expect "definition in another file that only unsaved text has" "$(at stock.py 9:5)"
run 'write-all'

# a file renamed on disk, behind the editor's back
mkdir "$workspace/later"
printf 'def arrives():\n    pass\n' >"$workspace/later/one.py"
mv "$workspace/later/one.py" "$workspace/later/two.py"
go main.py 'def report'
keys O
write 'from later.two import arrives; arrives()'
keys Escape
keys h h h h
seen=
for _ in $(seq 20); do
  keys g d
  if shows "$(at two.py 1:5)" 1; then seen=1 && break; fi
done
if [ -n "$seen" ]; then ok "a file renamed on disk is seen"; else bad "a file renamed on disk is seen"; fi
run 'write-all'

# our own requests as commands
go main.py 'def report'
run 'lsp-workspace-command'
expect "commands are offered" 'magellan/reindex'
expect "all of them" 'magellan/status'
keys Escape
run 'lsp-workspace-command magellan/status'
expect_log "a command is run" '"command":"magellan/status"'
expect_log "and answered" '"openDocuments":'

# the server is killed
pid=$(grep -aoE '"pid":[0-9]+' "$log" | tail -n 1 | cut -d: -f2)
[ -z "$pid" ] || kill -9 "$pid"
run 'lsp-restart'
run 'lsp-workspace-command magellan/status'
other() { # a status from another process, with which Helix speaks now
  local end=$((SECONDS + 20))
  while ((SECONDS < end)); do
    [ "$(grep -aoE '"pid":[0-9]+' "$log" | tail -n 1)" != "\"pid\":$pid" ] && return 0
    sleep 0.5
    run 'lsp-workspace-command magellan/status'
  done
  return 1
}
if other; then ok ":lsp-restart after the server was killed"; else bad ":lsp-restart after the server was killed"; fi
go main.py 'label(total'
keys g d
expect "definition after the restart" "$(at stock.py "$(place shop/stock.py 'label(amount):' 2)")"

run 'quit-all!'
for _ in $(seq 50); do [ -f "$work/rc" ] && break; sleep 0.1; done
if grep -qx hx-exit=0 "$work/rc" 2>/dev/null; then ok "Helix ends"; else bad "Helix ends"; fi
# a folder with an index that Magellan made
log=$work/helix-old.log
mkdir -p "$old/.helix"
before=$(sha256sum <"$old/.magellan/magellan.db")
tm new-session -d -s h -x 140 -y 40 -c "$old" \
  "env LANG=C.UTF-8 TERM=xterm-256color COLORTERM=truecolor '$HX' -v --log '$log' python/main.py"
shows 'NOR +main.py' || bad "Helix opens a file beside an index of Magellan"
in_log '"method":"textDocument/didOpen"' || true
migrated() {
  local end=$((SECONDS + 40))
  while ((SECONDS < end)); do
    run 'lsp-workspace-command magellan/migration'
    grep -aqF -- '"outcome":"migrated"' "$log" && return 0
    sleep 0.5
  done
  return 1
}
if migrated; then ok "a Magellan index is migrated on opening"; else bad "a Magellan index is migrated on opening"; fi
if [ "$before" = "$(sha256sum <"$old/.magellan/magellan.db")" ]; then
  ok "the original is untouched"
else
  bad "the original is untouched"
fi
run 'quit-all!'

echo "helix: $passed passed, $failed failed"
[ "$failed" = 0 ]
