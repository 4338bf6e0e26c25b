"""Every file that the server and its processes open, list or change, every program and every connection: seen by an audit
hook in each of them and, for what libraries open by themselves, in the system's own list of open and mapped files.
"""

import ast
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from soak.client import ROOT, Refused, Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc; the places are those of Linux")

#: Runs in every interpreter below the server. A line is an event and one thing that it is about, links followed.
HOOK = """
import os, sys, threading
from urllib.parse import unquote
_log = os.open(os.path.join(os.environ["AUDITED"], str(os.getpid())), os.O_CREAT | os.O_APPEND | os.O_WRONLY)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_READS = {"os.listdir", "os.scandir"}
_CHANGES = {"os.mkdir", "os.rmdir", "os.remove", "os.rename", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate",
    "os.utime", "os.setxattr", "os.removexattr", "sqlite3.connect"}
_RUNS = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile", "pty.spawn"}
_CONNECTS = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
_here = threading.local()  # a thread that notes an event hides none of another's
def _note(event, what):
    os.write(_log, (event + "\\t" + what.replace("\\n", " ") + "\\n").encode("utf-8", "surrogateescape"))
def _hook(event, args):
    if getattr(_here, "busy", False):
        return
    _here.busy = True
    try:
        if event == "open":
            if isinstance(args[0], (str, bytes)):
                changes = isinstance(args[2], int) and args[2] & _WRITES
                _note("write" if changes else "read", os.path.realpath(os.fsdecode(args[0])))
        elif event in _READS:
            if not isinstance(args[0], int):
                _note("read", os.path.realpath(os.fsdecode(args[0] or ".")))
        elif event in _CHANGES:
            for one in args[:2] if event in ("os.rename", "os.link", "os.symlink") else args[:1]:
                if isinstance(one, (str, bytes)):
                    if event == "sqlite3.connect":
                        one = unquote(os.fsdecode(one).removeprefix("file:").partition("?")[0])
                    above, name = os.path.split(os.fsdecode(one))
                    _note("write", os.path.join(os.path.realpath(above), name))
        elif event in _RUNS:
            _note("run", repr([os.fsdecode(one) for one in args[0 if event == "os.system" else 1]]))
        elif event in _CONNECTS:
            _note("connect", repr(args[1:]))
    finally:
        _here.busy = False
sys.addaudithook(_hook)
"""
#: What any program on the machine reads.
SYSTEM = ("/proc/", "/sys/", "/dev/null", "/dev/urandom", "/etc/", "/usr/", "/lib", "/bin")


@pytest.fixture
def repository(root: Path) -> Path:
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = ("-c", "user.name=n", "-c", "user.email=e@example.org")
    for arguments in (("init", "-q"), ("add", "own.py"), ("commit", "-q", "-m", "first")):
        subprocess.run(["git", *names, *arguments], cwd=root, check=True, env={**os.environ, **plain})
    return root


@pytest.fixture
def audited(tmp_path: Path) -> Path:
    (tmp_path / "audit").mkdir()
    (tmp_path / "hook").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "scratch").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK)
    return tmp_path / "audit"


def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": f"{tmp_path / 'hook'}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "AUDITED": str(tmp_path / "audit"),
        "HOME": str(tmp_path / "home"),
        "XDG_CACHE_HOME": str(tmp_path / "home" / ".cache"),
        "TMPDIR": str(tmp_path / "scratch"),
    }


def events(audited: Path) -> Iterator[tuple[str, str]]:
    for log in audited.iterdir():
        for line in log.read_text("utf-8", "surrogateescape").splitlines():
            what, _, about = line.partition("\t")
            yield what, about


def held(process: psutil.Process) -> set[str]:
    """The files that a process and its children have open or mapped, whoever opened them."""
    found: set[str] = set()
    for one in (process, *process.children(recursive=True)):
        place = Path("/proc", str(one.pid))
        found.update(str(link.readlink()) for link in (place / "fd").iterdir() if link.is_symlink())
        for line in (place / "maps").read_text().splitlines():
            found.add(line.split(maxsplit=5)[5] if line.count("/") else "")
    return {path for path in found if path.startswith("/")}


def inside(path: str, *folders: Path | str) -> bool:
    return any(path == str(one) or path.startswith(f"{one}/") for one in folders)


async def session(server: Server, root: Path) -> set[str]:
    """Ask about everything, change files meanwhile; the files that the processes hold open at the end."""
    await server.settle()
    for path in ("own.py", "own.ts", "own.c"):
        text = (root / path).read_text()
        server.open(path, text)
        document = server.document(path)
        for line, content in enumerate(text.splitlines()):
            for character in range(0, len(content), 4):
                place = {"textDocument": document, "position": {"line": line, "character": character}}
                for method in ("definition", "hover", "documentHighlight"):
                    await server.ask(f"textDocument/{method}", place)
        for method in ("documentSymbol", "documentLink", "codeLens", "foldingRange"):
            await server.ask(f"textDocument/{method}", {"textDocument": document})
    (root / "new.py").symlink_to("../outside/secret.py")
    (root / "own.py").write_text((root / "own.py").read_text() + "def more(): pass\n")
    (root / "folder").symlink_to(root.parent / "outside")
    server.on_disk(["new.py", "own.py", "folder"])
    await server.settle()
    for path in ("linked.py", "new.py", "folder/secret.py", "link/secret.py", "../outside/secret.py"):
        with contextlib.suppress(Refused):
            await server.ask("textDocument/documentSymbol", {"textDocument": server.document(path)})
    await server.ask("workspace/symbol", {"query": "s"})
    for method in ("status", "impact", "hotspots"):
        await server.ask(f"magellan/{method}", {"by": "churn"} if method == "hotspots" else {})
    return held(psutil.Process(server.process.pid))


def check_files(
    seen: set[tuple[str, str]], at_rest: set[str], root: Path, outside: Path, with_packages: bool
) -> None:
    above = root.parent
    scratch = above / "scratch"
    given = (above / "hook", above / "audit", above / "home", scratch)
    interpreter = (
        sys.prefix,
        sys.base_prefix,
        os.path.realpath(sys.executable),
        *map(os.path.realpath, sys.path[1:]),
    )
    read = {path for what, path in seen if what in ("read", "write")} | at_rest
    assert not {path for path in read if inside(path, outside)}
    known = (root, *interpreter, ROOT / "magellan_lsp", ROOT / "pyproject.toml", *given, "/dev/shm")
    strange = {path for path in read if not inside(path, *known) and not path.startswith(SYSTEM)}
    assert not {path for path in strange if Path(path).is_file()}, "files"
    if not with_packages:  # else there are many places where they might be
        # a look into a folder on the way up (is this a repository?) is no look at its files
        assert strange <= {str(one) for one in (*root.parents, ROOT)}, "folders"
    assert any(inside(path, root) for path in read), "the hook saw nothing"
    index = root / ".magellan"
    written = {path for what, path in seen if what == "write"}
    # beside the index: what the system's library for temporary folders makes, for this user, and unmakes
    assert {path for path in written if not inside(path, index, scratch, "/dev/null", "/dev/shm")} == set()
    assert list(scratch.iterdir()) == []
    assert any(inside(path, index) for path in written), "the hook saw nothing"


def check_programs(lines: set[str]) -> None:
    """Our own processes, and git."""
    for line in lines:
        program, *_ = words = ast.literal_eval(line)
        if program == sys.executable:
            assert any("magellan_lsp" in word or "multiprocessing" in word for word in words), line
        else:
            assert Path(program).name == "git", line
    assert any(sys.executable in line for line in lines), "the hook saw nothing"


@pytest.mark.parametrize("backend", ["lmdb", "sqlite"])
@pytest.mark.parametrize("with_packages", [False, True], ids=["alone", "with packages"])
async def test_nothing_outside_is_opened_and_nothing_but_the_index_written(
    repository, outside, tmp_path, audited, backend, with_packages
):
    root = repository
    if with_packages:
        (root / "compile_commands.json").unlink()  # may name folders of headers, which are packages then
    options = {"backend": backend, "dependencies": {"enabled": with_packages}, "workers": 2}
    async with Server(root, options=options, environment=environment(tmp_path)) as server:
        at_rest = await session(server, root)
    seen = set(events(audited))
    check_files(seen, at_rest, root, outside, with_packages)
    check_programs({about for what, about in seen if what == "run"})
    assert {about for what, about in seen if what == "connect"} == set()
