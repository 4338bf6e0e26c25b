"""The project's tasks, the same here and in CI: ``python3 run.py nox -s check``, or ``nox -s check``.

Sessions run in the environment that nox itself runs in and install nothing, so they work offline and start at
once; ``python3 run.py nox ...`` sees to it that this environment is the locked one. With
``--force-venv-backend venv`` each session gets a new environment from the lock instead (and with ``-P 3.13``
one of that Python). What follows ``--`` goes to the tool: ``nox -s tests -- tests/store -k full_map``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PATHS = [
    path for path in ("magellan_lsp", "tests", "benches", "noxfile.py", "run.py") if (ROOT / path).exists()
]

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "none"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["check"]

# Tools installed beside nox are found although nobody activated its environment.
os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", "")


def prepare(session: nox.Session) -> None:
    """Fill the session's own environment from the lock; do nothing in one that was there before."""
    if session.venv_backend == "none":
        return
    session.install("--require-hashes", "-r", "requirements/dev.lock")
    session.install("--no-deps", "--no-build-isolation", "-e", ".")


@nox.session
def check(session: nox.Session) -> None:
    """Before a commit: format, lint, types, layers and the fast tests."""
    prepare(session)
    run_lint(session)
    run_types(session)
    session.run("lint-imports")
    session.run("pytest", "-n", "auto", "-m", "not e2e and not slow and not soak", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Formatting and ruff's rules. ``nox -s fix`` mends what can be mended."""
    prepare(session)
    run_lint(session)


@nox.session
def fix(session: nox.Session) -> None:
    """Format the sources and mend what ruff can."""
    prepare(session)
    session.run("ruff", "check", "--fix", *(session.posargs or PATHS))
    session.run("ruff", "format", *(session.posargs or PATHS))


@nox.session
def types(session: nox.Session) -> None:
    """mypy, strict, over the package; tests show by running what types would say."""
    prepare(session)
    run_types(session)


@nox.session
def layers(session: nox.Session) -> None:
    """Which module may import which (the contracts are in pyproject.toml)."""
    prepare(session)
    session.run("lint-imports")


@nox.session
def tests(session: nox.Session) -> None:
    """Everything but the end-to-end and the soak tests."""
    prepare(session)
    session.run("pytest", "-n", "auto", "-m", "not e2e and not soak", *session.posargs)


@nox.session
def e2e(session: nox.Session) -> None:
    """The real program, driven as a process, and the short form of the long runs. One test at a time."""
    prepare(session)
    session.run("pytest", "-m", "e2e", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """The long runs, within a budget of time: ``-- --minutes 60 --seed 7``. ``-- --help`` lists their options."""
    prepare(session)
    session.run("python", "tests/soak/run.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """The benchmarks of benches/; ``-- --help`` lists their options."""
    prepare(session)
    session.run("python", "-m", "benches", *session.posargs)


@nox.session
def editors(session: nox.Session) -> None:
    """Real editors as clients."""
    prepare(session)
    session.run("bash", ".ci/editors", *session.posargs, external=True)


@nox.session
def lock(session: nox.Session) -> None:
    """Write the lock files anew from pyproject.toml (online). ``-- --upgrade`` takes newer versions."""
    if session.venv_backend != "none":
        session.install("uv>=0.8")
    # Universal: one file for Linux, macOS and Windows and every Python from 3.11 on. No index is named in it.
    options = "--quiet --universal --python-version 3.11 --generate-hashes --group build --no-header"
    options += " --no-emit-index-url --no-emit-find-links"
    compile_lock = ("uv", "pip", "compile", "pyproject.toml", *options.split(), *session.posargs)
    session.run(*compile_lock, "-o", "requirements/run.lock", external=True)
    dev = ("--group", "dev", "-c", "requirements/run.lock")
    session.run(*compile_lock, *dev, "-o", "requirements/dev.lock", external=True)


def run_lint(session: nox.Session) -> None:
    """Fail on what ``nox -s fix`` would change or ruff objects to."""
    session.run("ruff", "format", "--check", "--diff", *PATHS)
    session.run("ruff", "check", *PATHS)


def run_types(session: nox.Session) -> None:
    """Fail on what mypy objects to."""
    session.run("mypy")
