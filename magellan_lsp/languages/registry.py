"""Which language a path belongs to, and the languages by name. Languages load on first use."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache
from importlib import import_module

from magellan_lsp.languages.base import Language

#: Our language names, the module that defines each, and the file extensions that lead to it (lower case).
_HOMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "python": ("python", (".py", ".pyi", ".pyw")),
    "rust": ("rust", (".rs",)),
    "c": ("c", (".c",)),
    "cpp": (
        "cpp",
        (".cc", ".cpp", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".ipp", ".inl", ".tpp", ".cu", ".cuh"),
    ),
    "java": ("java", (".java",)),
    "javascript": ("javascript", (".js", ".mjs", ".cjs", ".jsx")),
    "typescript": ("typescript", (".ts", ".mts", ".cts")),
    "tsx": ("typescript", (".tsx",)),
    "go": ("go", (".go",)),
}

#: What people call the language, for settings and answers: TSX is TypeScript to them.
FAMILY = {"tsx": "typescript"}

#: Files that say how a project's names fit together; linking reads them, extraction does not.
_PROJECT_FILES = frozenset(
    {
        "pyproject.toml", "setup.cfg", "go.mod", "go.work", "Cargo.toml", "package.json", "tsconfig.json",
        "jsconfig.json", "compile_commands.json", "compile_flags.txt",
    }
)  # fmt: skip

_BY_EXTENSION = {ext: name for name, (_, extensions) in _HOMES.items() for ext in extensions}


def names() -> tuple[str, ...]:
    """All language names."""
    return tuple(_HOMES)


def extensions() -> frozenset[str]:
    """Every extension that any language claims; headers ``.h`` included."""
    return frozenset(_BY_EXTENSION) | {".h"}


def language_name(path: str, head: bytes = b"") -> str | None:
    """The language of a path, None when it is not source to us.

    ``.h`` is C unless its first bytes (``head``) look like C++; a caller without the bytes gets ``c``.
    """
    suffix = _suffix(path)
    if suffix == ".h":
        return "cpp" if looks_like_cpp(head) else "c"
    return _BY_EXTENSION.get(suffix)


_CPP_SIGNS = (
    b"class ",
    b"namespace ",
    b"template<",
    b"template <",
    b"public:",
    b"private:",
    b"protected:",
    b"using ",
)


def looks_like_cpp(head: bytes) -> bool:
    """Whether a header has a line that only C++ has; comments and ``extern "C"`` do not count."""
    for line in _COMMENT.sub(b"", head).splitlines():
        text = line.lstrip()
        if text.startswith(b"#"):
            continue
        if text.startswith(_CPP_SIGNS) or (b"::" in text and b'"' not in text):
            return True
    return False


_COMMENT = re.compile(rb"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)


def project_files() -> frozenset[str]:
    """Names of files that linking reads besides sources."""
    return _PROJECT_FILES


def family(language: str) -> str:
    """Languages whose files see each other's definitions share a family."""
    return _FAMILIES.get(language, language)


_FAMILIES = {"tsx": "javascript", "typescript": "javascript", "cpp": "c"}


@cache
def get_language(name: str) -> Language:
    """The language by name. Raises KeyError for an unknown name."""
    home, _ = _HOMES[name]
    module = import_module(f"magellan_lsp.languages.{home}")
    language: Language = module.LANGUAGES[name]
    return language


def is_off(name: str, off: Container[str]) -> bool:
    """Whether a file's name says that it is of one of these languages. A ``.h`` is that of two."""
    if _suffix(name) == ".h":
        return "c" in off and "cpp" in off
    language = language_name(name)
    return language is not None and FAMILY.get(language, language) in off


def is_source(name: str) -> bool:
    """Whether a file name has an extension that a language claims."""
    return _suffix(name) in _EXTENSIONS


def _suffix(path: str) -> str:
    """The last extension of a path's last part with its dot, lower case; "" for none, as in ``.py`` itself."""
    dot = path.rfind(".")
    start = path.rfind("/") + 1
    return path[dot:].lower() if dot > start else ""


_EXTENSIONS = extensions()
