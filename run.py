#!/usr/bin/env python3
"""Set this checkout up and run it, with nothing but Python 3.11 or later.

    python3 run.py demo [FOLDER [SYMBOL]]   index FOLDER (default: this checkout), show who calls SYMBOL
    python3 run.py tests [PYTEST OPTIONS]   run all tests, or those that the options choose
    python3 run.py nox [NOX OPTIONS]        run a task of the noxfile, e.g. `-s check`; `-l` lists them

The first run makes .venv beside this file and installs what the lock files of requirements/ name, checked by
hash; later runs start at once and need no network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
DEMO_SYMBOL = "set_up"


def main(arguments: list[str]) -> int:
    """Run one of the commands above; the answer is the exit code."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "demo" and len(rest) <= 2 and not any(option.startswith("-") for option in rest):
        return demo(*rest)
    if command == "tests":
        return tests(rest)
    if command == "nox":
        set_up("dev")
        return run("nox", *rest)
    print(__doc__.strip())
    return 0 if command in ("-h", "--help", "help") else 2


def demo(folder: str = "", symbol: str = "") -> int:
    """Index a folder and show who calls a symbol in it."""
    root = Path(folder).resolve() if folder else ROOT
    if not root.is_dir():
        raise SystemExit(f"{folder} is not a folder.")
    symbol = symbol or ("" if folder else DEMO_SYMBOL)
    set_up("run")
    status = run("magellan-lsp", "index", "--root", str(root))
    if status == 0 and symbol:
        print(f"\nWho calls {symbol}?", flush=True)
        status = run("magellan-lsp", "callers", symbol, "--root", str(root))
    if status == 0:
        print(f"\nMore of it: {BIN / executable('magellan-lsp')} --help")
    return status


def tests(options: list[str]) -> int:
    """Run all tests, the end-to-end ones last and one at a time, or those that the options choose."""
    set_up("dev")
    if options:
        return run("pytest", *options)
    # What `nox -s tests e2e` runs, without nox's words after pytest's count.
    fast = run("pytest", "-n", "auto", "-m", "not e2e and not soak")
    return run("pytest", "-m", "e2e") or fast


def set_up(lock: str) -> None:
    """Make .venv hold what ``requirements/<lock>.lock`` names, unless it does already."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this with an older Python is told so
        raise SystemExit(f"magellan-lsp needs Python 3.11 or later; this is {sys.version.split()[0]}.")
    stamps = {name: VENV / f"{name}.stamp" for name in ("run", "dev")}
    wanted = {name: state(name) for name in stamps}
    # What develops also runs.
    if any(read(stamps[name]) == wanted[name] for name in {lock, "dev"}):
        return
    if Path(sys.prefix) == VENV:
        raise SystemExit(f"{VENV} is out of date and cannot renew itself; start run.py with another Python.")
    print(f"Setting up {VENV} (once; takes a minute or so) ...", file=sys.stderr, flush=True)
    # One that this Python made in this place is added to: without a network too, if nothing new is wanted.
    keep = any(read(stamp).startswith(place()) for stamp in stamps.values())
    for stamp in stamps.values():
        stamp.unlink(missing_ok=True)
    pip = make_environment(keep=keep)
    install = [*pip, "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    lock_file = ROOT / "requirements" / f"{lock}.lock"
    for what in (
        ["--require-hashes", "-r", str(lock_file)],
        ["--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    ):
        if call([*install, *what]) != 0:
            raise SystemExit(
                "Setting up failed, see above. Is there a network? Run the same command to try again."
            )
    stamps[lock].write_text(wanted[lock], encoding="utf-8")


def place() -> str:
    """What an environment is tied to: this Python and this folder."""
    return f"{sys.implementation.cache_tag} {ROOT} "


def state(lock: str) -> str:
    """What the environment depends on, as one line: where it is, and what is to be installed."""
    digest = hashlib.sha256()
    for path in (ROOT / "requirements" / f"{lock}.lock", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return place() + digest.hexdigest()


def read(stamp: Path) -> str:
    """The environment's state when it was last set up; nothing if that failed or its Python is gone."""
    try:
        return stamp.read_text(encoding="utf-8") if (BIN / executable("python")).exists() else ""
    except OSError:
        return ""


def make_environment(*, keep: bool) -> list[str]:
    """A .venv, empty unless what is there is to be kept; the answer is the command that starts its pip."""
    inside = str(BIN / executable("python"))
    if importlib.util.find_spec("ensurepip"):
        if not keep:
            venv.create(VENV, clear=True, with_pip=True)
        return [inside, "-m", "pip"]
    if importlib.util.find_spec("pip"):
        if not keep:
            venv.create(VENV, clear=True, with_pip=False)
        return [sys.executable, "-m", "pip", "--python", inside]
    raise SystemExit(
        "This Python can make no environment: install its venv or pip package (python3-venv on Debian)."
    )


def run(program: str, *arguments: str) -> int:
    """Run a program of the environment; the answer is its exit code."""
    return call([str(BIN / executable(program)), *arguments])


def call(command: list[str]) -> int:
    """Run a command in this folder, without what the caller's shell may set for another Python."""
    foreign = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def executable(name: str) -> str:
    """A program's file name on this system."""
    return f"{name}.exe" if os.name == "nt" else name


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
