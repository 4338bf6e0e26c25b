# Sourced by the checks: the editors' folder, the server's command, and a temporary workspace with a home of its own, so
# that no configuration, log or index of the user's is read or written. Sets work, workspace and LSP_CMD.
root=$(cd "$here/../.." && pwd)
EDITORS=${EDITORS:-$here/.cache/editors}
export LSP_CMD=${LSP_CMD:-"[\"$root/.venv/bin/magellan-lsp\",\"--stdio\"]"}
server=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])[0])' "$LSP_CMD")
command -v "$server" >/dev/null || {
  echo "There is no server at $server; make one with \`python3 run.py nox -l\`, or set LSP_CMD." >&2
  exit 1
}

need() { # PROGRAM
  command -v "$1" >/dev/null || {
    echo "There is no $1; run install-editors.sh." >&2
    exit 1
  }
}

work=$(mktemp -d)
workspace=$work/editors-workspace
cp -R "$root/fixtures/editors-workspace" "$workspace"
# A folder with an index that Magellan made.
old=$work/old
cp -R "$root/fixtures/magellan/sample" "$old"
mkdir "$old/.magellan"
cp "$root/fixtures/magellan/magellan-4.17.0.db" "$old/.magellan/magellan.db"
export HOME=$work/home XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_STATE_HOME=$work/state
export XDG_CACHE_HOME=$work/cache XDG_RUNTIME_DIR=$work/run
mkdir -p "$HOME" "$XDG_RUNTIME_DIR" && chmod 700 "$XDG_RUNTIME_DIR"

tidy() { # what an EXIT trap calls
  if [ -n "${KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi
}
