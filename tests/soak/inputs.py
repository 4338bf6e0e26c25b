"""The inputs of ``fuzz.py``: one function a kind, which makes an input by chance and gives it to what parses it.

An input is one text, message, record or database: what was written by hand (``tests/cases``, project files below,
``fixtures/magellan``) with one to eight things done to it. Most are of 50 bytes to 2 kB, a few of up to 60 kB. A function
raises a :class:`MagellanError` where that is what bad input is to get; any other exception is a failure.
"""

from __future__ import annotations

import atexit
import io
import json
import random
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from support.cases import load_cases

from magellan_lsp.extract.details import details
from magellan_lsp.extract.engine import extract
from magellan_lsp.indexer.ignore import Matcher
from magellan_lsp.indexer.wildmatch import PatternList, expand_globs
from magellan_lsp.languages.registry import get_language, language_name, project_files
from magellan_lsp.protocol import custom, failures
from magellan_lsp.protocol.rpc import MagellanProtocol
from magellan_lsp.protocol.transport import BrokenStream, Framing
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.source import MemorySource
from magellan_lsp.server import build
from magellan_lsp.session import Session
from magellan_lsp.session.installed import places
from magellan_lsp.settings import Settings, read_settings
from magellan_lsp.store import codec
from magellan_lsp.text import ContentChange, LineColumn, LineIndex, apply_changes

CASES = Path(__file__).resolve().parents[1] / "cases"
#: Most inputs are at most so long, that a million of them end; one in LARGE_ONE_IN may be of LARGE_BYTES.
LONGEST, LARGE_BYTES = 2_000, 60_000
LARGE_ONE_IN = 500

#: What mutations put in: what begins and ends things in some language, and what breaks texts.
TOKENS = [
    b"(", b")", b"{", b"}", b"[", b"]", b"<", b">", b"::", b".", b"->", b"=>", b"=", b";", b":", b",",
    b"*", b"&", b"@", b"#", b'"', b"'", b"`", b'"""', b"/*", b"*/", b"//", b"\\", b"\n", b"\r", b"\r\n",
    b"\t", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", "😀".encode(), "é".encode(), b"class ",
    b"def ", b"fn ", b"func ", b"struct ", b"impl ", b"import ", b"from ", b"use ", b"mod ", b"package ",
    b"#define ", b"#if ", b"#include ", b"template<", b"typename ", b"return ", b"self", b"this", b"super",
    b"async ", b"await ", b"yield ", b"match ", b"switch ", b"case ", b"lambda ", b"export ", b"const ",
    b"type ", b"interface ", b"enum ", b"trait ", b"macro_rules! ", b"0", b"1e999", b"x" * 300, b"${",
    b"}`", b"<a>", b"</a>",
]  # fmt: skip


@cache
def seeds() -> dict[str, list[tuple[str, bytes]]]:
    """language -> (path, source) of the case files."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    for case in load_cases(CASES):
        for path, data in case.files.items():
            language = language_name(path, data)
            if language is not None:
                found.setdefault(language, []).append((path, data))
    return found


@cache
def configs() -> list[tuple[str, bytes]]:
    """(path, content) of project files."""
    return [(path, data) for case in load_cases(CASES) for path, data in case.configs.items()]


def mutated(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """``data`` with one to eight things done to it."""
    for _ in range(chance.randint(1, 8)):
        at = chance.randint(0, len(data))
        what = chance.randrange(8)
        if what == 0:
            data = data[:at] + chance.choice(TOKENS) + data[at:]
        elif what == 1:
            data = data[:at] + data[at + chance.randint(1, 30) :]
        elif what == 2:
            data = data[:at] + data[at : at + 40] * chance.randint(2, 12) + data[at:]
        elif what == 3:
            data = data[:at] + other[chance.randint(0, len(other)) :]
        elif what == 4:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        elif what == 5:
            data = data[:at]
        elif what == 6:
            data = data[:at] + chance.choice(TOKENS) * chance.randint(2, 200) + data[at:]
        else:
            to = chance.randint(0, len(data))
            data = data[:at] + data[to : to + 60] + data[at:]
    if chance.randrange(LARGE_ONE_IN) == 0:
        return (data * (LARGE_BYTES // max(1, len(data))))[:LARGE_BYTES]
    return data[:LONGEST]


def some_source(chance: random.Random) -> tuple[str, str, bytes]:
    """A language, a path and a source."""
    language = chance.choice(sorted(seeds()))
    path, data = chance.choice(seeds()[language])
    if chance.random() < 0.02:
        return language, path, chance.randbytes(chance.randint(0, LONGEST))
    other = chance.choice(seeds()[chance.choice(sorted(seeds()))])[1]
    return language, path, mutated(chance, data, other)


def sources(chance: random.Random) -> None:
    """A source through extraction, its record, linking (beside another now and then), and the second tier: control-flow
    graphs, chunks, syntax nodes and measures.
    """
    language, path, data = some_source(chance)
    facts = extract(path, get_language(language), data)
    codec.decode_facts(codec.encode_facts(facts))
    files = [facts]
    if chance.random() < 0.3:
        other_path, other = chance.choice(seeds()[language])
        if other_path != path:
            files.append(extract(other_path, get_language(language), mutated(chance, other, data)))
    resolver = Resolver(MemorySource(files, {}))
    for one in files:
        codec.encode_links(link(resolver, one), one)
    if chance.random() < 0.3:
        details(facts, get_language(language), data)


#: Project files of the kinds that no case has, or few.
WRITTEN = [
    ("compile_commands.json", b'[{"directory": "b", "file": "a.c", "command": "cc -I../i -isystem /usr/include -c a.c"}]'),
    ("compile_commands.json", b'[{"directory": "/b", "file": "a.c", "arguments": ["cc", "-I", "i", "@f"]}]'),
    ("compile_flags.txt", b"-Iinclude\n-isystem\nother\n"),
    ("tsconfig.json", b'{"extends": "./b.json", "compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["s/*"]}}} // x'),
    ("jsconfig.json", b'{"compilerOptions": {"rootDirs": ["a", "b"], "paths": {"*": ["t/*", 1]}},}'),
    ("package.json", b'{"name": "p", "main": "a.js", "exports": {".": {"import": "./a.mjs"}}, "workspaces": ["q/*"]}'),
    ("go.mod", b"module example.com/m\n\ngo 1.22\n\nrequire (\n\ta.b/c v1.2.3 // indirect\n)\nreplace a.b/c => ../c\n"),
    ("go.work", b"go 1.22\n\nuse (\n\t./a\n\t./b\n)\n"),
    ("Cargo.toml", b'[package]\nname = "a"\n[dependencies]\nb = { path = "../b" }\n[workspace]\nmembers = ["c"]\n'),
    ("Cargo.lock", b'version = 3\n\n[[package]]\nname = "b"\nversion = "1.0.0"\n'),
    ("pyproject.toml", b'[project]\nname = "a"\n[tool.setuptools.packages.find]\nwhere = ["src"]\n'),
    ("setup.cfg", b"[options]\npackage_dir =\n    = src\n"),
    ("pyvenv.cfg", b"home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.2\n"),
]  # fmt: skip


def projects(chance: random.Random) -> None:
    """A project file of the workspace, as linking reads it."""
    path, data = chance.choice(chance.choice([configs(), WRITTEN]))
    if chance.random() < 0.2:
        path = chance.choice(sorted(project_files()))
    data = mutated(chance, data, chance.choice(WRITTEN)[1])
    language = chance.choice(sorted(seeds()))
    files = [
        extract(at, get_language(language), source)
        for at, source in dict(chance.choices(seeds()[language], k=2)).items()
    ]
    resolver = Resolver(MemorySource(files, {path: data}))
    for one in files:
        link(resolver, one)


@cache
def scratch() -> Path:
    """A folder for what is read from files; in memory where the system has that."""
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="fuzz", dir=memory if memory.is_dir() else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def packages(chance: random.Random) -> None:
    """A project file as those read it who look for installed packages."""
    names = ["compile_commands.json", "compile_commands.json", "Cargo.lock", "pyvenv.cfg", "package.json"]
    name = chance.choice(names)
    data = mutated(chance, dict(WRITTEN)[name], chance.choice(WRITTEN)[1])
    at = scratch() / (".venv/pyvenv.cfg" if name == "pyvenv.cfg" else name)
    at.parent.mkdir(exist_ok=True)
    at.write_bytes(data)
    places(str(scratch()), Settings(), {})
    at.unlink()


PATTERN_PARTS = [
    "*",
    "**",
    "?",
    "/",
    "a",
    "b",
    ".",
    "[",
    "]",
    "!",
    "-",
    "\\",
    "{",
    "}",
    ",",
    "^",
    " ",
    "é",
    "[a-z]",
    "*a*",
    "#",
]


def some_patterns(chance: random.Random) -> list[str]:
    return [
        "".join(chance.choices(PATTERN_PARTS, k=chance.randint(0, 40))) for _ in range(chance.randint(1, 5))
    ]


def some_path(chance: random.Random) -> str:
    return "".join(chance.choices("ab./-é", k=chance.randint(1, 60))).strip("/") or "a"


def patterns(chance: random.Random) -> None:
    """Lines of ignore files and globs of settings, and a path to match."""
    lines, path = some_patterns(chance), some_path(chance)
    name = path.rsplit("/", 1)[-1] or "a"
    PatternList(lines).verdict(name, path, chance.random() < 0.5)
    expand_globs(lines)
    PatternList.of_globs(lines).verdict(name, path, is_folder=False)


def ignore_files(chance: random.Random) -> None:
    """An ignore file's bytes, read from disk."""
    data = "\n".join(some_patterns(chance)).encode()
    at = scratch() / chance.choice([".gitignore", ".ignore"])
    at.write_bytes(mutated(chance, data, data))
    Matcher(scratch()).ignored(some_path(chance), is_folder=chance.random() < 0.5)
    at.unlink()


@cache
def stored() -> list[tuple[Callable[[bytes], object], bytes]]:
    """Records and what decodes them."""
    found: list[tuple[Callable[[bytes], object], bytes]] = []
    for language, files in seeds().items():
        for path, data in files[:6]:
            facts = extract(path, get_language(language), data)
            found.append((codec.decode_facts, codec.encode_facts(facts)))
            found.append((codec.decode_symbols, codec.encode_facts(facts)))
            found.append(
                (
                    codec.decode_links,
                    codec.encode_links(link(Resolver(MemorySource([facts], {})), facts), facts),
                )
            )
    return found


def records(chance: random.Random) -> None:
    """A record of the store with damage in it."""
    decode, data = chance.choice(stored())
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if chance.random() < 0.3:
            damaged = damaged[: chance.randint(0, len(damaged))]
        elif damaged:
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    decode(bytes(damaged))


def edits(chance: random.Random) -> None:
    """Changes of a document as a client sends them, and places in what comes out."""
    encoding: Any = chance.choice(["utf-8", "utf-16", "utf-32"])
    text = mutated(chance, chance.choice(seeds()["python"])[1], b"\xf0\x9f\x98\x80 \r\n")
    changes = []
    for _ in range(chance.randint(1, 5)):
        numbers = [chance.choice([0, 1, 2, 5, 30, 10**9]) for _ in range(4)]
        put = chance.choice(["", "x", "\n", "\r", "😀", "\ud800", "a" * 100])
        changes.append(
            ContentChange(put, LineColumn(*numbers[:2]), LineColumn(*numbers[2:]))
            if chance.random() < 0.9
            else ContentChange(put)
        )
    data = apply_changes(text, changes, encoding).data
    index = LineIndex(data)
    for _ in range(4):
        place = index.line_column(chance.randint(0, len(data)), encoding)
        index.offset(place.line, place.column, encoding)


def anything(chance: random.Random, depth: int = 0) -> Any:
    """A JSON value."""
    what = chance.randrange(8 if depth < 3 else 6)
    if what == 6:
        return [anything(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    if what == 7:
        keys = ["uri", "index", "backend", "position", "textDocument", "line", "magellan", "exclude", "x"]
        return {chance.choice(keys): anything(chance, depth + 1) for _ in range(chance.randint(0, 4))}
    return [None, True, -1, 2**70, "", "../../x"][what]


SETTINGS = [
    "backend",
    "include",
    "exclude",
    "maxFileBytes",
    "index",
    "features",
    "languages",
    "workers",
    "dependencies",
    "details",
]


def settings(chance: random.Random) -> None:
    """Settings from an editor and from the workspace."""
    read_settings({chance.choice(SETTINGS): anything(chance) for _ in range(chance.randint(0, 5))})
    read_settings(anything(chance), trusted=False)


def frames(chance: random.Random) -> None:
    """Bytes on the wire: headers and bodies, cut anywhere."""
    framing = Framing()
    body = json.dumps(anything(chance)).encode()
    data = b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    data = mutated(
        chance,
        data * chance.randint(1, 3),
        b"Content-Length: 99999999999999999999\r\n\r\nContent-Type: x\r\n",
    )
    at = 0
    try:
        while at < len(data):
            step = chance.randint(1, 50)
            for one in framing.feed(data[at : at + step]):
                assert isinstance(one, bytes)
            at += step
    except BrokenStream:
        pass


@cache
def listening() -> tuple[MagellanProtocol, io.BytesIO]:
    """The server's side of the wire before ``initialize``, and what it writes."""
    server = build(Session(Settings()))
    replies = io.BytesIO()
    server.protocol.set_writer(replies)
    return server.protocol, replies


def bodies(chance: random.Random) -> None:
    """A message's body: every request gets one reply, whatever is in it."""
    protocol, replies = listening()
    replies.seek(0)
    replies.truncate()
    number: Any = chance.choice([1, "x", None, 1.5, True, [], 2**70])
    message = {"jsonrpc": "2.0", "id": number, "method": some_method(chance), "params": shaped(chance)}
    for key in chance.sample(sorted(message), chance.choice([0, 0, 1, 2])):
        del message[key]
    if message.get("method") in ("initialize", "exit"):
        return  # these begin and end a process: ``messages.py``
    body = json.dumps(message).encode()
    is_sound = chance.random() < 0.6
    protocol.handle_body(body if is_sound else mutated(chance, body, body))
    if is_sound and {"jsonrpc", "id", "method"} <= set(message) and isinstance(number, int | str):
        assert replies.getvalue().count(b"Content-Length") == 1, message


def some_method(chance: random.Random) -> str:
    return chance.choice([*sorted(types.METHOD_TO_TYPES), *sorted(custom.REQUESTS), "", "no/such"])


def shaped(chance: random.Random) -> Any:
    """Params that are near what requests take."""
    uri = chance.choice(["file:///a.py", "file:///%ff%00", "untitled:x", "", 5, None])
    position = {
        "line": chance.choice([0, 3, -1, 2**31, 2**70, None, "1"]),
        "character": chance.choice([0, 2**40, 1.5]),
    }
    made = {
        "textDocument": {"uri": uri, "version": chance.choice([1, None, "x"])},
        "position": position,
        "range": {"start": position, "end": anything(chance)},
        **{chance.choice(KEYS): anything(chance) for _ in range(chance.randint(0, 4))},
    }
    for key in chance.sample(sorted(made), chance.choice([0, 0, 1, 2])):
        made[key] = anything(chance)
    return made if chance.random() < 0.9 else anything(chance)


KEYS = [
    "symbol", "limit", "depth", "id", "query", "item", "context", "contentChanges", "changes", "event", "arguments",
    "command", "path", "function", "kind", "format", "from", "to", "direction", "confidence", "settings", "folder",
]  # fmt: skip


def params(chance: random.Random) -> None:
    """Params of LSP's requests and of those beyond it, made objects of."""
    protocol, _ = listening()
    method, given = some_method(chance), shaped(chance)
    wanted = custom.REQUESTS.get(method)
    try:
        if wanted is None:
            protocol._structure(method, given)
            return
        try:
            custom.converter().structure(given, wanted[0])
        except Exception as error:
            raise failures.invalid_params(method, error) from error
    except JsonRpcException:
        pass  # said in words
