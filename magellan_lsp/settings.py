"""What a person can choose, from wherever an editor or the command line hands it in, as one frozen object.

Settings arrive as ``initializationOptions``, as the section ``magellan`` of ``workspace/configuration`` and
as ``--set`` on the command line; all in the same keys, in any of the spellings that editors use (nested or
dotted, camelCase or snake_case, with or without ``magellan``). Nothing in them can stop the server: what is
unknown or of a wrong type becomes a warning for the user, and what was in force before stays. No setting
names a program to run, and one that names a place to write to is taken only from a source that is trusted.
Documentation: ``docs/settings.md``; tests: ``tests/test_settings.py``.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final, Literal, NamedTuple

import attrs

LogLevel = Literal["error", "warning", "info", "debug"]
Backend = Literal["lmdb", "sqlite"]

#: What can be switched off, by the names that LSP has for it, and what we add to LSP.
FEATURES: Final = (
    *("definition", "declaration", "type_definition", "implementation", "references", "document_highlight"),
    *("hover", "document_symbol", "workspace_symbol", "call_hierarchy", "type_hierarchy"),
    *("folding_range", "selection_range", "code_lens", "document_link"),
    *("chunks", "cfg", "ast", "metrics", "graphs"),
)

#: What may be worked out of files in the background, beside what navigation needs.
DETAILS: Final = ("chunks", "cfg", "ast", "metrics")

LANGUAGES: Final = ("python", "rust", "c", "cpp", "java", "javascript", "typescript", "go")

#: What editors call languages, where it is not what we call them.
_LANGUAGE_IDS: Final = {
    "javascriptreact": "javascript",
    "jsx": "javascript",
    "typescriptreact": "typescript",
    "tsx": "typescript",
    "c++": "cpp",
    "py": "python",
    "golang": "go",
}


@attrs.frozen
class LanguageSettings:
    """What is different for one language."""

    enabled: bool = True
    """Whether its files are indexed and answered for at all."""
    features: Mapping[str, bool] = attrs.field(factory=dict)
    """By feature name in snake_case; wins over ``Settings.features``."""


@attrs.frozen
class Settings:
    """All settings, each with its default. Documented one by one in ``docs/settings.md``."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_file_size: int = 10 << 20
    """Bytes."""
    index_location: str = "workspace"
    """``workspace``, ``cache``, or an absolute path."""
    backend: Backend = "lmdb"
    workers: int = 0
    """Processes that extract and link; 0: as many as there are processors."""
    debounce_ms: int = 100
    follow_symlinks: bool = True
    log_level: LogLevel = "warning"
    cache_limit_mb: int = 64
    """Megabytes (2**20 bytes) that caches in the server's memory may take together."""
    dependencies_enabled: bool = True
    dependencies_roots: tuple[str, ...] = ()
    dependencies_python: str = ""
    """An interpreter or the folder of its environment; "" to look for one."""
    code_lens_references: bool = False
    details_background: tuple[str, ...] = DETAILS
    """Which of ``DETAILS`` are worked out in the background; the others only when they are asked for."""
    migration_enabled: bool = True
    """Whether an index of Magellan is looked for when a folder is opened."""
    migration_path: str = ""
    """Where that is: relative to the workspace and inside it, or absolute; "" to look for one."""
    features: Mapping[str, bool] = attrs.field(factory=dict)
    """By feature name in snake_case; features that are absent are on."""
    languages: Mapping[str, LanguageSettings] = attrs.field(factory=dict)
    """By language name; languages that are absent are on."""

    @property
    def languages_off(self) -> tuple[str, ...]:
        """The languages that are not enabled, sorted."""
        return tuple(sorted(name for name, own in self.languages.items() if not own.enabled))

    def enabled(self, feature: str, language: str | None = None) -> bool:
        """Whether a feature answers, for files of a language if one is given.

        Both names may be spelled as editors do (``callHierarchy``, ``typescriptreact``). The language's own
        choice wins over the general one; a language that is off has no features.
        """
        name = snake_case(feature)
        general = self.features.get(name, True)
        if language is None:
            return general
        own = self.languages.get(language_name(language))
        if own is None:
            return general
        return own.enabled and own.features.get(name, general)


class Read(NamedTuple):
    """Settings as they are in force, and what to tell the user about those that are not."""

    settings: Settings
    warnings: tuple[str, ...]
    """Sentences, in the order of what was given; empty when all is well."""


class Option(NamedTuple):
    """One setting that is not a table of others."""

    field: str
    """Of ``Settings``."""
    expected: str
    """What it may be, for people."""
    check: Callable[[Any], Any]
    """The value for the field; raises ValueError for what it may not be."""


def read_settings(given: object, base: Settings | None = None, *, trusted: bool = True) -> Read:
    """The settings that result from what an editor or the command line gave, over those in force so far.

    Args:
        given: plain JSON data; None and ``{}`` change nothing, and neither does a null for a single setting.
        base: what holds where nothing is given; the defaults if absent.
        trusted: false for what comes from the workspace itself (a file in the repository), which may choose
            nothing that
            touches the machine outside it.
    """
    reader = _Reader(base or Settings(), trusted)
    if isinstance(given, Mapping):
        reader.read(given)
    elif given is not None:
        reader.warn("", "a table of settings", given)
    return Read(reader.settings, tuple(reader.warnings))


def from_command_line(assignments: Iterable[str]) -> dict[str, object]:
    """What ``--set KEY=VALUE`` gives, for ``read_settings``: a value is JSON if it can be, else the text
    itself.

    >>> from_command_line(["codeLens.references=true", "logLevel=debug"])
    {'codeLens.references': True, 'logLevel': 'debug'}
    """
    found: dict[str, object] = {}
    for assignment in assignments:
        key, _, text = assignment.partition("=")
        try:
            found[key.strip()] = json.loads(text)
        except ValueError:
            found[key.strip()] = text
    return found


def snake_case(name: str) -> str:
    """A name as Python spells it: ``callHierarchy``, ``call-hierarchy`` and ``call_hierarchy`` are all the
    last.
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").lower()


def camel_case(name: str) -> str:
    """A name as settings spell it: ``call_hierarchy`` is ``callHierarchy``."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def language_name(name: str) -> str:
    """Our name of a language that an editor may call otherwise."""
    return _LANGUAGE_IDS.get(name.lower(), name.lower())


def _is_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError
    return tuple(value)


def _whole_number(low: int, high: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        # JSON has one kind of number, so an editor may send 100 as 100.0.
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
            or value % 1
        ):
            raise ValueError
        return int(value)

    return check


def _one_of(*choices: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or value.lower() not in choices:
            raise ValueError
        return value.lower()

    return check


def _location(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    if value in ("workspace", "cache"):
        return value
    path = str(Path(value).expanduser()) if value.startswith("~/") else value
    if not (PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()):
        raise ValueError
    return path


def _path(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    return str(Path(value).expanduser()) if value.startswith("~/") else value


def _paths(value: Any) -> tuple[str, ...]:
    return tuple(_path(one) for one in _strings(value))


def _details(value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return DETAILS if value else ()
    if not isinstance(value, list | tuple) or not all(one in DETAILS for one in value):
        raise ValueError
    return tuple(one for one in DETAILS if one in value)


def _stays_inside(path: str) -> bool:
    """Whether a path is relative and leads nowhere but down."""
    parts = PureWindowsPath(path).parts  # which takes both kinds of slashes
    is_absolute = PurePosixPath(path).is_absolute() or bool(PureWindowsPath(path).anchor)
    return not is_absolute and ".." not in parts and not path.startswith("~")


_YES_NO: Final = "true or false"

#: Each setting by its key in camelCase, without ``magellan``.
OPTIONS: Final[Mapping[str, Option]] = {
    "include": Option("include", "a list of globs", _strings),
    "exclude": Option("exclude", "a list of globs", _strings),
    "maxFileSize": Option(
        "max_file_size", "a number of bytes from 1 to 2147483647", _whole_number(1, 2**31 - 1)
    ),
    "index.location": Option("index_location", '"workspace", "cache" or an absolute path', _location),
    "backend": Option("backend", '"lmdb" or "sqlite"', _one_of("lmdb", "sqlite")),
    "workers": Option("workers", "a whole number from 0 to 256", _whole_number(0, 256)),
    "debounceMs": Option("debounce_ms", "a whole number from 1 to 60000", _whole_number(1, 60_000)),
    "followSymlinks": Option("follow_symlinks", _YES_NO, _is_bool),
    "logLevel": Option(
        "log_level", '"error", "warning", "info" or "debug"', _one_of("error", "warning", "info", "debug")
    ),
    "cacheLimitMb": Option("cache_limit_mb", "a whole number from 1 to 1048576", _whole_number(1, 1 << 20)),
    "dependencies.enabled": Option("dependencies_enabled", _YES_NO, _is_bool),
    "dependencies.roots": Option("dependencies_roots", "a list of folders", _paths),
    "dependencies.python": Option("dependencies_python", "a path", _path),
    "codeLens.references": Option("code_lens_references", _YES_NO, _is_bool),
    "details.background": Option(
        "details_background", 'true, false, or a list of "chunks", "cfg", "ast", "metrics"', _details
    ),
    "migration.enabled": Option("migration_enabled", _YES_NO, _is_bool),
    "migration.path": Option("migration_path", "a path", _path),
}

#: Fields of ``Settings`` that name places on the machine.
_PATHS: Final = frozenset({"dependencies_roots", "dependencies_python"})
_BY_SNAKE: Final = {snake_case(key): key for key in OPTIONS}
_GROUPS: Final = frozenset(key.split(".")[0] for key in _BY_SNAKE if "." in key)


class _Reader:
    """Takes in one set of given settings."""

    def __init__(self, base: Settings, trusted: bool) -> None:
        self.settings = base
        self.warnings: list[str] = []
        self._trusted = trusted

    def read(self, given: Mapping[object, object]) -> None:
        for key, value in given.items():
            name = str(key)
            if name.lower() != "magellan":
                name = name[9:] if name.lower().startswith("magellan.") else name
                self._take([snake_case(part) for part in name.split(".")], value, name)
            elif value is not None:
                self._table([], value, "")

    def warn(self, key: str, expected: str, value: object) -> None:
        name = f"magellan.{key}" if key else "magellan"
        self.warnings.append(f"The setting {name} must be {expected}, not {_shown(value)}; it is not used.")

    def _take(self, path: list[str], value: object, written: str) -> None:
        """Settle the value at a path of keys; ``written`` is how the user wrote the path."""
        if value is None:
            return
        key = _BY_SNAKE.get(".".join(path))
        if key is not None:
            self._set(OPTIONS[key], key, value)
        elif path[0] == "features":
            self._features(path[1:], value, written)
        elif path[0] == "languages":
            self._languages(path[1:], value, written)
        elif path[0] in _GROUPS and len(path) == 1:
            self._table(path, value, written)
        else:
            self._unknown(written, ".".join(path), _BY_SNAKE.keys() | {"features", "languages"})

    def _table(self, path: list[str], value: object, written: str) -> None:
        if not isinstance(value, Mapping):
            self.warn(written, "a table of settings", value)
            return
        for key, inner in value.items():
            below = f"{written}.{key}" if written else str(key)
            self._take([*path, *(snake_case(part) for part in str(key).split("."))], inner, below)

    def _set(self, option: Option, key: str, value: object) -> None:
        try:
            checked = option.check(value)
        except ValueError:
            self.warn(key, option.expected, value)
            return
        leads_out = option.field == "index_location" and checked not in ("workspace", "cache")
        leads_out |= option.field == "migration_path" and not _stays_inside(checked)
        if (leads_out or (option.field in _PATHS and checked)) and not self._trusted:
            self.warnings.append(
                f"The setting magellan.{key} is a path, which a workspace may not choose, so it is not used; "
                "it can be set for the user."
            )
            return
        self.settings = attrs.evolve(self.settings, **{option.field: checked})

    def _features(self, path: list[str], value: object, written: str) -> None:
        chosen = self._switches(path, value, written)
        self.settings = attrs.evolve(self.settings, features={**self.settings.features, **chosen})

    def _switches(self, path: list[str], value: object, written: str) -> dict[str, bool]:
        """Features and whether each is on, from a table of them or from one at a path of its own."""
        if value is None:
            return {}
        if len(path) == 1:
            if not isinstance(value, bool):
                self.warn(written, _YES_NO, value)
                return {}
            if path[0] not in FEATURES:
                self._unknown(written, path[0], FEATURES)
                return {}
            return {path[0]: value}
        if path or not isinstance(value, Mapping):
            self.warn(written, "a table of features, each true or false", value)
            return {}
        chosen: dict[str, bool] = {}
        for key, inner in value.items():
            chosen |= self._switches([snake_case(str(key))], inner, f"{written}.{key}")
        return chosen

    def _languages(self, path: list[str], value: object, written: str) -> None:
        if value is None:
            return
        if not path:
            if not isinstance(value, Mapping):
                self.warn(written, "a table of languages", value)
                return
            for key, inner in value.items():
                self._languages([snake_case(part) for part in str(key).split(".")], inner, f"{written}.{key}")
            return
        language, rest = language_name(path[0]), path[1:]
        if language not in LANGUAGES:
            self._unknown(written, language, LANGUAGES)
        elif not rest and isinstance(value, bool):
            self._set_language(language, enabled=value)
        elif not rest and isinstance(value, Mapping):
            for key, inner in value.items():
                parts = [snake_case(part) for part in str(key).split(".")]
                self._languages([path[0], *parts], inner, f"{written}.{key}")
        elif not rest:
            self.warn(written, "a table of settings for the language", value)
        elif rest == ["enabled"] and isinstance(value, bool):
            self._set_language(language, enabled=value)
        elif rest == ["enabled"]:
            self.warn(written, _YES_NO, value)
        elif rest[0] == "features":
            self._set_language(language, features=self._switches(rest[1:], value, written))
        else:
            self._unknown(written, ".".join(rest), ("enabled", "features"))

    def _set_language(
        self, language: str, *, enabled: bool | None = None, features: Mapping[str, bool] | None = None
    ) -> None:
        own = self.settings.languages.get(language, LanguageSettings())
        own = LanguageSettings(
            own.enabled if enabled is None else enabled, {**own.features, **(features or {})}
        )
        self.settings = attrs.evolve(self.settings, languages={**self.settings.languages, language: own})

    def _unknown(self, written: str, name: str, known: Iterable[str]) -> None:
        # Comparing takes time in the square of the length, and no setting's name is long.
        close = difflib.get_close_matches(name, known, n=1) if len(name) < 60 else []
        hint = ""
        if close:
            spelled = ".".join(camel_case(part) for part in close[0].split("."))
            hint = f"; {spelled} may have been meant"
        self.warnings.append(f"There is no setting magellan.{_short(written)}{hint}.")


def _shown(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return _short(text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
