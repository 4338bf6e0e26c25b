"""Definitions in installed packages: found when a person asks, read only where packages are, never indexed."""

import json
import os
import sys
from pathlib import Path

import pytest

from magellan_lsp.errors import UnknownDocument
from magellan_lsp.query import definition, hover, references
from magellan_lsp.session import Session
from magellan_lsp.session.installed import places, python
from magellan_lsp.settings import Settings
from magellan_lsp.store.memory import MemoryStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the links and folders are those of POSIX")


class Indexer:
    """Writes down which buffers it is told of."""

    def __init__(self):
        self.buffers = []

    def open_buffer(self, root, path, text):
        self.buffers.append(path)

    def __getattr__(self, name):
        async def nothing(*given, **named):
            pass

        return nothing if not name.endswith("buffer") and name != "configure" else lambda *given: None


async def opened(root, **settings):
    session = Session(
        Settings(**settings), make_service=lambda _: Indexer(), open_store=lambda _: MemoryStore()
    )
    await session.add_folder(root.as_uri())
    await session.start()
    return session


def write(root, files):
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def place_of(session, path, text):
    """The request's place: the folder, the path in it, and the offset at which ``text`` stands last."""
    where = session.where(path.as_uri())
    data = where.document.text.data if where.document is not None else path.read_bytes()
    return where, data.rindex(text.encode())


async def leads_to(session, path, text):
    """Path and name of each place that the last ``text`` of a file leads to."""
    where, offset = place_of(session, path, text)

    def question(view):
        found = definition.definition(view.snapshot, where.path, offset).places
        return [
            (one.path, view.snapshot.read_text(one.path)[one.name.start : one.name.end].decode())
            for one in found
        ]

    answer, _ = await session.ask(where.folder, question)
    return answer


PACKAGES = {
    "node_modules/typed/package.json": '{"name": "typed", "exports": {".": {"types": "./types/main.d.ts"}}}',
    "node_modules/typed/types/main.d.ts": 'export * from "./parts";\nexport declare function typed(): Part;\n'
    'import { Part } from "./parts";\n',
    "node_modules/typed/types/parts.d.ts": "export interface Part { use(): void }\n",
    "node_modules/plain/package.json": '{"name": "plain", "main": "lib/index.js"}',
    "node_modules/plain/lib/index.js": "exports.run = function () {};\n",
    "node_modules/apart/index.js": "exports.go = function () {};\n",
    "node_modules/@types/apart/index.d.ts": "export function go(): void;\n",
    "node_modules/@types/scoped__name/index.d.ts": "export const one: number;\n",
    "node_modules/@scoped/name/index.js": "exports.one = 1;\n",
    "node_modules/@types/node/fs.d.ts": 'declare module "fs" {\n  export function open(): void;\n}\n'
    'declare module "node:fs" { export * from "fs"; }\n',
}


@pytest.mark.parametrize(
    ("code", "name", "path"),
    [
        ('import { typed } from "typed"', "typed }", "node_modules/typed/types/main.d.ts"),
        ('import { Part } from "typed"', "Part", "node_modules/typed/types/parts.d.ts"),
        ('import { typed } from "typed";\ntyped().use()', "use", "node_modules/typed/types/parts.d.ts"),
        ('import { run } from "plain"', "run", "node_modules/plain/lib/index.js"),
        ('import { run } from "plain"', "plain", "node_modules/plain/lib/index.js"),
        ('const p = require("plain");\np.run()', "run", "node_modules/plain/lib/index.js"),
        ('import { go } from "apart"', "go", "node_modules/@types/apart/index.d.ts"),
        ('import { one } from "@scoped/name"', "one", "node_modules/@types/scoped__name/index.d.ts"),
        ('import * as fs from "node:fs";\nfs.open()', "open", "node_modules/@types/node/fs.d.ts"),
    ],
)
async def test_a_package_of_the_workspace_is_read(tmp_path, code, name, path):
    write(tmp_path, {**PACKAGES, "packages/app/main.ts": code})
    session = await opened(tmp_path)
    found = await leads_to(session, tmp_path / "packages/app/main.ts", name)
    assert [one for one, _ in found][-1] == path
    await session.stop()


async def test_nothing_is_read_when_the_setting_says_so(tmp_path):
    write(tmp_path, {**PACKAGES, "main.ts": 'import { typed } from "typed"'})
    session = await opened(tmp_path, dependencies_enabled=False)
    assert await leads_to(session, tmp_path / "main.ts", "typed }") == []
    await session.stop()


async def test_what_the_workspace_has_itself_comes_first(tmp_path):
    write(tmp_path, {**PACKAGES, "tsconfig.json": "{}", "main.ts": 'import { run } from "plain"'})
    write(tmp_path, {"ambient.d.ts": 'declare module "plain" {\n  export function run(): void;\n}\n'})
    session = await opened(tmp_path)
    session.open_document(
        (tmp_path / "ambient.d.ts").as_uri(), "typescript", 1, (tmp_path / "ambient.d.ts").read_text()
    )
    assert await leads_to(session, tmp_path / "main.ts", "run") == [("ambient.d.ts", "run")]
    await session.stop()


async def test_a_link_leads_to_one_place_and_never_out(tmp_path):
    write(
        tmp_path,
        {
            "work/node_modules/.pnpm/a@1/node_modules/a/index.js": 'module.exports = require("b");\n',
            "work/node_modules/.pnpm/a@1/node_modules/b/index.js": "exports.deep = 1;\n",
            "work/main.js": 'const a = require("a");\na.deep;\nconst s = require("secret");\ns.token',
            "secret/index.js": "exports.token = 1;\n",
        },
    )
    modules = tmp_path / "work/node_modules"
    (modules / "a").symlink_to(modules / ".pnpm/a@1/node_modules/a")
    (modules / "secret").symlink_to(tmp_path / "secret")
    session = await opened(tmp_path / "work")
    main = tmp_path / "work/main.js"
    deep = ("node_modules/.pnpm/a@1/node_modules/b/index.js", "deep")
    assert deep in await leads_to(session, main, "deep")
    assert await leads_to(session, main, "token") == []
    await session.stop()


async def test_packages_above_the_workspace_need_the_setting(tmp_path):
    write(
        tmp_path,
        {"node_modules/up/index.js": "exports.here = 1;\n", "work/main.js": 'import { here } from "up"'},
    )
    main = tmp_path / "work/main.js"
    session = await opened(tmp_path / "work")
    assert await leads_to(session, main, "here") == []
    await session.stop()
    session = await opened(tmp_path / "work", dependencies_roots=("../node_modules",))
    up = (tmp_path / "node_modules/up/index.js").as_posix()
    assert await leads_to(session, main, "here") == [(up, "here")]
    where, _ = place_of(session, main, "here")
    assert where.folder.uri_of(up) == Path(up).as_uri()
    await session.stop()


VENV = {
    ".venv/pyvenv.cfg": "home = /nowhere/bin\nversion = 3.12.1\n",
    ".venv/lib/python3.12/site-packages/kit/__init__.py": "from .core import Tool\n",
    ".venv/lib/python3.12/site-packages/kit/core.py": "import kit\nclass Tool:\n    '''Words.'''\n"
    "    def use(self):\n        return helper()\ndef helper():\n    pass\n",
}


async def test_python_packages_of_the_workspaces_environment(tmp_path):
    write(tmp_path, {**VENV, "main.py": "from kit import Tool\nTool().use()\n"})
    session = await opened(tmp_path)
    main = tmp_path / "main.py"
    core = ".venv/lib/python3.12/site-packages/kit/core.py"
    assert await leads_to(session, main, "use") == [(core, "use")]
    where, offset = place_of(session, main, "Tool")
    shown, _ = await session.ask(where.folder, lambda view: hover.hover(view.snapshot, "main.py", offset))
    assert shown is not None
    assert (shown.symbol.fqn, shown.documentation) == ("kit.core.Tool", "Words.")
    found, _ = await session.ask(
        where.folder, lambda view: references.references(view.snapshot, "main.py", offset)
    )
    assert {one.path for one in found} <= {"main.py"}
    await session.stop()


async def test_the_standard_library_beside_an_environment(tmp_path):
    write(
        tmp_path,
        {
            "base/lib/python3.12/os.py": "",
            "base/lib/python3.12/collections/__init__.py": "class OrderedDict(dict):\n    pass\n",
            "work/.venv/pyvenv.cfg": f"home = {tmp_path}/base/bin\nversion = 3.12.1\n",
            "work/.venv/lib/python3.12/site-packages/x.py": "",
            "work/main.py": "import collections\nfrom collections import OrderedDict\nimport os\n",
        },
    )
    session = await opened(tmp_path / "work")
    main = tmp_path / "work/main.py"
    library = (tmp_path / "base/lib/python3.12").as_posix()
    assert await leads_to(session, main, "OrderedDict") == [
        (f"{library}/collections/__init__.py", "OrderedDict")
    ]
    assert await leads_to(session, main, "collections") == [(f"{library}/collections/__init__.py", "")]
    assert await leads_to(session, main, "os") == [(f"{library}/os.py", "")]
    await session.stop()


async def test_a_package_file_in_the_editor_answers_and_is_not_indexed(tmp_path):
    write(tmp_path, {**VENV, "main.py": "from kit import Tool\n"})
    session = await opened(tmp_path)
    core = tmp_path / ".venv/lib/python3.12/site-packages/kit/core.py"
    session.open_document(core.as_uri(), "python", 1, "\n" + core.read_text())
    own = ".venv/lib/python3.12/site-packages/kit/core.py"
    assert await leads_to(session, core, "helper") == [(own, "helper")]
    assert await leads_to(session, core, "kit\nclass") == [
        (".venv/lib/python3.12/site-packages/kit/__init__.py", "")
    ]
    where, offset = place_of(session, tmp_path / "main.py", "Tool")
    found, _ = await session.ask(
        where.folder, lambda view: definition.definition(view.snapshot, "main.py", offset).places
    )
    assert [one.name.start for one in found] == [core.read_text().index("Tool") + 1]  # as it is in the editor
    assert session._service.buffers == []
    session.close_document(core.as_uri())
    await session.stop()


async def test_a_package_file_outside_of_all_folders_belongs_to_who_uses_it(tmp_path):
    environment = {name.replace(".venv", "env"): text for name, text in VENV.items()}
    write(tmp_path, {**environment, "work/main.py": "import kit\n", "other.py": "x = 1\n"})
    session = await opened(tmp_path / "work", dependencies_python="../env")
    core = tmp_path / "env/lib/python3.12/site-packages/kit/core.py"
    session.open_document(core.as_uri(), "python", 1, core.read_text())
    assert await leads_to(session, core, "helper") == [(core.as_posix(), "helper")]
    session.close_document(core.as_uri())
    assert await leads_to(session, core, "helper") == [(core.as_posix(), "helper")]
    with pytest.raises(UnknownDocument):
        session.where((tmp_path / "other.py").as_uri())
    await session.stop()


async def test_a_new_package_is_seen_at_the_next_question(tmp_path):
    write(tmp_path, {"node_modules/a/index.js": "", "main.js": 'import { late } from "late"'})
    session = await opened(tmp_path)
    main = tmp_path / "main.js"
    assert await leads_to(session, main, "late }") == []
    write(tmp_path, {"node_modules/late/index.js": "export const late = 1;\n"})
    os.utime(tmp_path / "node_modules", ns=(1, 1))
    assert await leads_to(session, main, "late }") == [("node_modules/late/index.js", "late")]
    write(tmp_path, {"node_modules/late/index.js": "// changed\nexport const late = 1;\n"})
    os.utime(tmp_path / "node_modules/late/index.js", ns=(2, 2))
    where, offset = place_of(session, main, "late }")
    line, _ = await session.ask(
        where.folder,
        lambda view: [
            view.range(one.path, one.name)["start"]["line"]
            for one in definition.definition(view.snapshot, "main.js", offset).places
        ],
    )
    assert line == [1]
    await session.stop()


def test_where_python_keeps_packages(tmp_path):
    write(
        tmp_path,
        {
            "base/lib/python3.11/os.py": "",
            "base/lib/python3.11/site-packages/x.py": "",
            "base/bin/python3": "",
            "env/pyvenv.cfg": f"home = {tmp_path}/base/bin\nversion_info = 3.11.2.final.0\n",
            "env/lib/python3.11/site-packages/y.py": "",
            "env/bin/python": "",
            "work/main.py": "",
        },
    )
    (tmp_path / "base/bin/python3").chmod(0o755)
    work = str(tmp_path / "work")
    base = [f"{tmp_path}/base/lib/python3.11/site-packages", f"{tmp_path}/base/lib/python3.11"]
    env = [f"{tmp_path}/env/lib/python3.11/site-packages", f"{tmp_path}/base/lib/python3.11"]
    for given, environment, expected in (
        (Settings(dependencies_python=f"{tmp_path}/env/bin/python"), {}, env),
        (Settings(dependencies_python="../env"), {}, env),
        (Settings(), {"VIRTUAL_ENV": f"{tmp_path}/env", "PATH": f"{tmp_path}/base/bin"}, env),
        (Settings(), {"PATH": f"{tmp_path}/base/bin"}, base),
        (Settings(), {"PATH": ""}, []),
    ):
        assert list(python.places(work, given, environment)) == expected
    (tmp_path / "env").rename(tmp_path / "work/tools")
    assert python.places(work, Settings(), {}) == [
        f"{work}/tools/lib/python3.11/site-packages",
        f"{tmp_path}/base/lib/python3.11",
    ]


@pytest.mark.parametrize("name", ["a" * 5_000, "/" + "a/" * 5_000, "\0"])
def test_project_files_that_name_no_possible_place_are_none(tmp_path, name):
    command = [{"directory": "/", "arguments": ["cc", "-I", name, f"-isystem{name}"], "file": "a.c"}]
    write(
        tmp_path,
        {
            ".venv/pyvenv.cfg": f"home = {name}\nversion = 3.12.1\n",
            "compile_commands.json": json.dumps(command),
            "Cargo.lock": f'[[package]]\nname = "{"a" * 5_000}"\nversion = "1"\n',
        },
    )
    settings = Settings(dependencies_enabled=True, dependencies_roots=("a" * 5_000,))
    assert not any(
        name in str(place) for found in places(str(tmp_path), settings, {}).values() for place in found
    )
