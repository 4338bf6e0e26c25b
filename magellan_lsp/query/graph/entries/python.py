"""Python: main guards, console scripts, pytest and unittest, packages' public names, decorated functions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache

from magellan_lsp.facts.kinds import DefFlag
from magellan_lsp.query.graph.entries.base import (
    METHODS,
    Entry,
    EntryRules,
    File,
    World,
    decorators,
    quoted_names,
)
from magellan_lsp.resolve.rules import CLASS_LIKE

_GUARD = re.compile(
    rb"""^if\s*\(?\s*(__name__\s*==\s*["']__main__["']|["']__main__["']\s*==\s*__name__)""", re.MULTILINE
)
_TEST_FILE = re.compile(r"^(test_.*|.*_test|tests?|conftest)\.py$")
#: What pytest and unittest call in test files, by name.
_FIXTURES = frozenset(
    {
        *("setup_module", "teardown_module", "setup_function", "teardown_function", "load_tests"),
        *("setup_class", "teardown_class", "setup_method", "teardown_method"),
        *("setUp", "tearDown", "setUpClass", "tearDownClass", "setUpTestData", "asyncSetUp", "asyncTearDown"),
        *("setUpModule", "tearDownModule"),
    }
)
#: Decorators that change what a function is and hand it to nobody.
_PLAIN = frozenset(
    {
        *("property", "setter", "getter", "deleter", "cached_property", "staticmethod", "classmethod"),
        *("abstractmethod", "abstractproperty", "wraps", "lru_cache", "cache", "total_ordering"),
        *("singledispatch", "singledispatchmethod", "dataclass", "contextmanager", "asynccontextmanager"),
        *("overload", "override", "final", "runtime_checkable", "no_type_check", "deprecated", "coroutine"),
        *("define", "frozen", "mutable", "s", "attrs", "unique", "verify", "type_check_only", "jit", "njit"),
    }
)
#: What tools call by name in files that they find by name.
_HOOKS = frozenset({("conf.py", "setup")})
_TEST_BASES = ("TestCase", "Test", "Tests")
_METACLASS = re.compile(rb"\bmetaclass\s*=\s*(?:\w+\.)*(\w+)")
_DUNDER = re.compile(r"^__\w+__$")
_SUNDER = re.compile(r"^_\w+_$")
_TARGET = re.compile(r"=\s*([\w.]+)\s*(?::\s*([\w.]+))?")


class PythonRules(EntryRules):
    """The conventions of Python."""

    plain_bases = frozenset(
        {
            *("object", "ABC", "Generic", "Protocol", "NamedTuple", "TypedDict", "type"),
            *("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "Exception", "BaseException", "Warning"),
        }
    )

    def entry(self, file: File, row: int) -> Entry | None:
        facts = file.facts
        if row == 0:
            return Entry.MAIN if file.basename == "__main__.py" or _has_guard(file) else None
        name = facts.name(row)
        kind = facts.def_kind[row]
        if _script_of(file, row):
            return Entry.SCRIPT
        if self._is_test(file, row, name, kind):
            return Entry.TEST
        if not file.is_top_level(row):
            return None
        if (file.basename, name) in _HOOKS:
            return Entry.HANDLER
        if file.has_flag(row, DefFlag.EXPORTED):
            return Entry.EXPORTED
        is_public = not name.startswith("_") or _DUNDER.match(name) is not None
        return Entry.EXPORTED if is_public and _is_api(file) else None

    def _is_test(self, file: File, row: int, name: str, kind: int) -> bool:
        in_test_file = _is_test_file(file)
        owner = file.class_of(row)
        if kind in METHODS:
            if file.is_top_level(row):
                is_hook = name.startswith("pytest_") and file.basename in ("conftest.py", "plugin.py")
                return (in_test_file and (name.startswith("test") or name in _FIXTURES)) or is_hook
            if owner < 0 or not (name.startswith("test") or name in _FIXTURES):
                return False
            return in_test_file or any(base.endswith("TestCase") for base in file.base_names(owner))
        if kind not in CLASS_LIKE or not in_test_file or not file.is_top_level(row):
            return False
        return name.startswith("Test") or any(base.endswith(_TEST_BASES) for base in file.base_names(row))

    def exported_member(self, file: File, row: int) -> bool:
        return not file.facts.name(row).startswith("_")

    def is_implied(self, file: File, row: int) -> bool:
        name = file.facts.name(row)
        # What is asked of a class at run time is often in a class inside it (`Meta`, `Config`).
        is_inner = file.facts.def_kind[row] in CLASS_LIKE
        return is_inner or _DUNDER.match(name) is not None or _SUNDER.match(name) is not None

    def registers_subtypes(self, file: File, row: int) -> bool:
        facts = file.facts
        if any(facts.name(child) == "__init_subclass__" for child in facts.children(row)):
            return True
        if facts.name_index("metaclass") < 0 or facts.def_body[row] < 0:
            return False
        head = file.text[facts.def_name_end[row] : facts.scope_start[facts.def_body[row]]]
        named = _METACLASS.search(head)
        return named is not None and named[1] not in (b"ABCMeta", b"EnumMeta", b"EnumType", b"type")

    def named_in_strings(self, file: File) -> Iterator[tuple[int, str]]:
        return quoted_names(file.text)

    def is_kept(self, file: File, row: int) -> bool:
        facts = file.facts
        if facts.def_kind[row] not in METHODS and facts.def_kind[row] not in CLASS_LIKE:
            return False
        # `async def ` is the longest head without a decorator.
        if facts.def_name_start[row] - facts.def_start[row] <= len("async  def "):
            return _DUNDER.match(facts.name(row)) is not None and file.is_top_level(row)
        names = decorators(file.head(row))
        return any(name.rpartition(".")[2] not in _PLAIN for name in names)


def _has_guard(file: File) -> bool:
    return file.facts.name_index("__name__") > 0 and _GUARD.search(file.text) is not None


def _is_test_file(file: File) -> bool:
    return _TEST_FILE.match(file.basename) is not None or (file.in_tests and file.basename.startswith("test"))


def _is_api(file: File) -> bool:
    """Whether what is public in a module can be imported as part of a package that other projects use."""
    folder, _, last = file.path.rpartition("/")
    paths = file.world.paths
    if _is_test_file(file) or (last.startswith("_") and last != "__init__.py"):
        return False
    if f"{folder}/__init__.py" not in paths or not folder:
        return False
    while folder and f"{folder}/__init__.py" in paths:
        folder, _, name = folder.rpartition("/")
        if name.startswith("_") or name in ("tests", "test"):
            return False
    return True


def _script_of(file: File, row: int) -> bool:
    if not file.is_top_level(row):
        return False
    facts = file.facts
    return f"{facts.module}:{facts.name(row)}" in _scripts(file.world)


@lru_cache(maxsize=4)
def _scripts(world: World) -> frozenset[str]:
    """``module:function`` of every program and plug-in that project files declare."""
    found: set[str] = set()
    for _, data in world.of_name("pyproject.toml"):
        try:
            document = tomllib.loads(data.decode("utf-8", "replace"))
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        project, tool = _table(document, "project"), _table(document, "tool")
        tables = [
            _table(project, "scripts"),
            _table(project, "gui-scripts"),
            _table(tool, "poetry", "scripts"),
        ]
        tables += [one for one in _table(project, "entry-points").values() if isinstance(one, dict)]
        for table in tables:
            found.update(str(target) for target in table.values())
    for _, data in world.of_name("setup.cfg"):
        for module, function in _TARGET.findall(data.decode("utf-8", "replace")):
            if function:
                found.add(f"{module}:{function}")
    return frozenset(one.partition("[")[0].strip() for one in found)


def _table(document: dict[str, object], *keys: str) -> dict[str, object]:
    for key in keys:
        value = document.get(key)
        if not isinstance(value, dict):
            return {}
        document = value
    return document
