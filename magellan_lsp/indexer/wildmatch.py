r"""Git's ignore patterns, exact to the byte, as a few tables and regular expressions per pattern file.

A pattern list is asked once per folder entry on the way down, as git does it: a folder that is ignored is not
entered, so no pattern ever has to speak for what is inside a folder that it names.

The translation follows git's ``wildmatch.c`` and ``dir.c``, not its manual: ``?`` is one *byte*, a bad ``[``
makes a pattern match nothing, ``foo**/bar`` matches ``foobar``. (The pathspec package was tried: it differs
from git on escapes and classes in brackets, on ``**`` and on trailing spaces, and matches pattern by
pattern.) Patterns and names are given as text with one character per byte (Latin-1), see ``as_bytes_text``.

A regular expression here takes time polynomial in the name for every pattern, however hostile, because each
``*`` but the last of a run is matched once, at the earliest place (the atomic groups). Tests:
``tests/indexer/test_ignore.py``.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from typing import Final, NamedTuple

#: What a name or a path cannot be longer than on the systems we know; a longer pattern is a mistake or an
#: attack.
_MAX_PATTERN_BYTES: Final = 4096

#: Patterns with wildcards that one list takes; a thousand is a large real one, and compiling more begins to
#: take seconds.
MAX_WILDCARD_PATTERNS: Final = 4000

_WILD: Final = re.compile(r"[*?\[\\]")


def as_bytes_text(name: str) -> str:
    """A file name as text with one character per byte of its UTF-8, which is how patterns see it."""
    return name if name.isascii() else name.encode("utf-8", "surrogateescape").decode("latin-1")


class PatternList:
    """The patterns of one ignore file, the last one that matches deciding.

    Attributes:
        has_paths: whether a pattern looks at more than the last name of a path; else ``verdict`` ignores
        ``path``. n_dropped: patterns beyond ``MAX_WILDCARD_PATTERNS``, which have no effect.
    """

    __slots__ = ("_files", "_folders", "has_paths", "n_dropped")

    def __init__(self, lines: Iterable[str]) -> None:
        """Patterns, one a line, as Latin-1 text; comments and blank lines are left out."""
        patterns = [pattern for line in lines if (pattern := _parse(line)) is not None]
        wild = [at for at, pattern in enumerate(patterns) if pattern.regex is not None]
        self.n_dropped = max(0, len(wild) - MAX_WILDCARD_PATTERNS)
        if self.n_dropped:
            del patterns[wild[MAX_WILDCARD_PATTERNS] :]
        self.has_paths = any(pattern.on_path for pattern in patterns)
        self._folders = _Table(patterns, folders=True)
        self._files = _Table(patterns, folders=False)

    @classmethod
    def parse(cls, data: bytes) -> PatternList:
        """The patterns of an ignore file's bytes, read as git reads them."""
        text = data.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
        return cls(line.removesuffix("\r") for line in text.split("\n"))

    @classmethod
    def of_globs(cls, globs: Iterable[str]) -> PatternList:
        """The patterns of a setting: ``expand_globs`` of what people write."""
        return cls(as_bytes_text(glob) for glob in globs)

    def __bool__(self) -> bool:
        return bool(self._folders)

    def verdict(self, name: str, path: str, is_folder: bool) -> bool | None:
        """True when the entry is matched, False when a negated pattern has the last word, None when nothing
        matches.

        ``path`` is relative to where the list is valid, with ``/``, and ends in ``name``.
        """
        return (self._folders if is_folder else self._files).verdict(name, path)


class _Pattern(NamedTuple):
    negated: bool
    folders_only: bool
    on_path: bool
    literal: str | None
    """The whole name or path, when there is no wildcard."""
    ending: str | None
    """What a name has to end with, for patterns such as ``*.pyc``."""
    regex: str | None


class _Table:
    """The patterns that can match files, or those that can match folders."""

    __slots__ = (
        "_endings",
        "_endings_by_text",
        "_name_wild",
        "_names",
        "_negated",
        "_path_wild",
        "_paths",
        "_suffixes",
    )

    def __init__(self, patterns: list[_Pattern], *, folders: bool) -> None:
        self._negated = [pattern.negated for pattern in patterns]
        self._names: dict[str, int] = {}
        self._paths: dict[str, int] = {}
        # Endings of one dot and what follows are looked up by a name's last dot, any others are tried
        # together.
        self._suffixes: dict[str, int] = {}
        self._endings_by_text: dict[str, int] = {}
        by_name: list[tuple[int, str]] = []
        by_path: list[tuple[int, str]] = []
        for at, pattern in enumerate(patterns):
            if pattern.folders_only and not folders:
                continue
            if pattern.literal is not None:
                (self._paths if pattern.on_path else self._names)[pattern.literal] = at
            elif pattern.ending is not None:
                simple = pattern.ending.rfind(".") == 0
                (self._suffixes if simple else self._endings_by_text)[pattern.ending] = at
            elif pattern.regex is not None:
                (by_path if pattern.on_path else by_name).append((at, pattern.regex))
        self._endings = tuple(self._endings_by_text)
        self._name_wild = _Alternatives(by_name)
        self._path_wild = _Alternatives(by_path)

    def __bool__(self) -> bool:
        return bool(self._negated)

    def verdict(self, name: str, path: str) -> bool | None:
        last = self._names.get(name, -1)
        if self._suffixes:
            dot = name.rfind(".")
            if dot >= 0:
                last = max(last, self._suffixes.get(name[dot:], -1))
        if self._endings and name.endswith(self._endings):
            last = max(last, *(at for ending, at in self._endings_by_text.items() if name.endswith(ending)))
        if self._paths:
            last = max(last, self._paths.get(path, -1))
        if self._name_wild.highest > last:
            last = max(last, self._name_wild.last_match(name))
        if self._path_wild.highest > last:
            last = max(last, self._path_wild.last_match(path))
        return None if last < 0 else not self._negated[last]


class _Alternatives:
    """Numbered regular expressions tried from the last to the first in one go; compiled when first asked."""

    __slots__ = ("_compiled", "_sources", "highest")

    def __init__(self, numbered: list[tuple[int, str]]) -> None:
        self._sources = numbered[::-1]
        self._compiled: re.Pattern[str] | None = None
        self.highest = self._sources[0][0] if self._sources else -1

    def last_match(self, text: str) -> int:
        if self._compiled is None:
            # The empty group behind each alternative tells which one it was; in front, it would hide the
            # alternative's first character from the quick check that lets the engine pass over most of them.
            self._compiled = re.compile("|".join(rf"{source}\Z()" for _, source in self._sources), re.DOTALL)
        found = self._compiled.match(text)
        return -1 if found is None or found.lastindex is None else self._sources[found.lastindex - 1][0]


def expand_globs(globs: Iterable[str]) -> list[str]:
    """Globs of a setting as patterns of an ignore file: ``{a,b}`` written out as editors mean it, no ``./``
    in front.
    """
    return [one.removeprefix("./") for glob in globs for one in expand_braces(glob)]


def expand_braces(glob: str) -> list[str]:
    """A glob with ``{a,b}`` written out, at most 1,000 of them; unmatched braces stay as they are.

    >>> expand_braces("*.{js,ts}")
    ['*.js', '*.ts']
    """
    done: list[str] = []
    todo = [glob]
    while todo and len(done) + len(todo) <= 1000:
        one = todo.pop(0)
        found = re.search(r"\{([^{}]*,[^{}]*)\}", one)
        if found is None:
            done.append(one)
        else:
            todo += [one[: found.start()] + choice + one[found.end() :] for choice in found[1].split(",")]
    return done + todo


def literal_folder(glob: str) -> str:
    """The folder that every match of a glob lies in or is, without slashes around it; empty when any folder
    may do.
    """
    if "/" not in glob.rstrip("/"):
        return ""
    path = glob.strip("/")
    found = _WILD.search(path)
    return path if found is None else path[: path.rfind("/", 0, found.start()) + 1].rstrip("/")


def _parse(line: str) -> _Pattern | None:
    """A line of an ignore file, as ``add_patterns_from_buffer`` and ``parse_path_pattern`` in git's dir.c
    read it.
    """
    if line.startswith("#") or len(line) > _MAX_PATTERN_BYTES:
        return None
    text = _without_trailing_spaces(line.split("\0", 1)[0])
    negated = text.startswith("!")
    text = text[negated:]
    if not text:
        return None
    body = text.removesuffix("/")
    wild = _WILD.search(body)
    on_path = "/" in body
    n_literal = len(body) if wild is None else wild.start()
    if on_path and body.startswith("/"):
        body, n_literal = body[1:], n_literal - 1
    literal = ending = regex = None
    if wild is None:
        literal = body
    elif not on_path and body[0] == "*" and not _WILD.search(body, 1):
        ending = body[1:]
    else:
        regex = _translate(body, n_literal, on_path)
        if regex is None:
            return None
    return _Pattern(negated, text.endswith("/"), on_path, literal, ending, regex)


def _without_trailing_spaces(line: str) -> str:
    """Git's ``trim_trailing_spaces``: an escaped space stays, and so does all of a line that ends in a
    backslash.
    """
    if not line.endswith(" "):
        return line
    first_space, at = -1, 0
    while at < len(line):
        if line[at] == " ":
            first_space = at if first_space < 0 else first_space
        else:
            at += line[at] == "\\"
            first_space = -1
        at += 1
    return line if first_space < 0 else line[:first_space]


# A pattern is cut at each run of folders (``**/``) into blocks, a block at each ``*`` into pieces of fixed
# length.
_STAR: Final = "*"
_ANY_FOLDERS: Final = "**/"
_SOME_FOLDERS: Final = r"**\/"
_REST: Final = "**"


def _translate(pattern: str, n_literal: int, on_path: bool) -> str | None:
    """A regular expression for a whole name or path, without the anchor at its end; None when nothing can
    match.
    """
    tokens = _tokens(pattern, n_literal, on_path)
    if tokens is None:
        return None
    regex, folders = "", ""
    block: list[str] = [""]
    for token in tokens:
        if token in (_ANY_FOLDERS, _SOME_FOLDERS, _REST):
            # Everything before a run of folders matches best where it ends first: what follows can skip, not
            # go back.
            regex += _block(block, folders, last=False)
            folders = {_ANY_FOLDERS: "(?:[^/]*/)*?", _SOME_FOLDERS: "(?:[^/]*/)+?", _REST: ".*"}[token]
            block = [""]
        elif token is _STAR:
            block.append("")
        else:
            block[-1] += token
    return regex + _block(block, folders, last=True)


def _block(pieces: list[str], folders: str, *, last: bool) -> str:
    inner, final = pieces[1:-1] if last else pieces[1:], pieces[-1]
    text = pieces[0] + "".join(f"(?>[^/]*?{piece})" for piece in inner)
    if last:
        return folders + text + (f"[^/]*{final}" if len(pieces) > 1 else "")
    return f"(?>{folders}{text})"


def _tokens(pattern: str, n_literal: int, on_path: bool) -> list[str] | None:
    """Regular expressions of one character each, and the names of wildcards above; as ``dowild`` reads a
    pattern.
    """
    tokens = [re.escape(character) for character in pattern[:n_literal]]
    at, end = n_literal, len(pattern)
    while at < end:
        character = pattern[at]
        if character == "*":
            after = at + 1
            while pattern[after : after + 1] == "*":
                after += 1
            # Git looks for what is before the stars only as far back as the first wildcard of the pattern.
            bounded = at == n_literal or pattern[at - 1] == "/"
            rest = pattern[after : after + 2]
            if not on_path or after == at + 1 or not bounded:
                tokens.append(_STAR)
            elif rest == "":
                tokens.append(_REST)
            elif rest[0] == "/":
                tokens.append(_ANY_FOLDERS)
                after += 1
            elif rest == r"\/":
                tokens.append(_SOME_FOLDERS)
                after += 2
            else:
                tokens.append(_STAR)
            at = after
            continue
        if character == "?":
            tokens.append("[^/]")
        elif character == "[":
            found = _bracket(pattern, at + 1)
            if found is None:
                return None
            token, at = found
            tokens.append(token)
        else:
            if character == "\\":
                at += 1
                if at == end:
                    return None
            tokens.append(re.escape(pattern[at]))
        at += 1
    return tokens


#: ASCII only, and space without \v and \f, as in git.
_CLASSES: Final = {
    "alnum": string.ascii_letters + string.digits,
    "alpha": string.ascii_letters,
    "blank": " \t",
    "cntrl": "".join(map(chr, range(32))) + "\x7f",
    "digit": string.digits,
    "graph": string.ascii_letters + string.digits + string.punctuation,
    "lower": string.ascii_lowercase,
    "print": string.ascii_letters + string.digits + string.punctuation + " ",
    "punct": string.punctuation,
    "space": " \t\n\r",
    "upper": string.ascii_uppercase,
    "xdigit": string.hexdigits,
}


def _bracket(pattern: str, at: int) -> tuple[str, int] | None:
    """A regular expression for the bytes that ``[...]`` stands for, and where its ``]`` is; None when it is
    malformed.

    Step by step what the ``case '['`` of git's ``dowild`` does, on the set of all bytes instead of on one.
    """
    negated = pattern[at : at + 1] in ("!", "^") and at < len(pattern)
    at += negated
    chosen: set[int] = set()
    before = 0
    first = True
    while True:
        character = pattern[at : at + 1]
        if not character:
            return None
        if character == "]" and not first:
            break
        first = False
        now = ord(character)
        if character == "\\":
            at += 1
            if at >= len(pattern):
                return None
            now = ord(pattern[at])
            chosen.add(now)
        elif character == "-" and before and pattern[at + 1 : at + 2] not in ("", "]"):
            at += 1
            if pattern[at] == "\\":
                at += 1
                if at >= len(pattern):
                    return None
            chosen.update(range(before, ord(pattern[at]) + 1))
            now = 0
        elif character == "[" and pattern[at + 1 : at + 2] == ":":
            close = pattern.find("]", at + 2)
            if close < 0:
                return None
            if close > at + 2 and pattern[close - 1] == ":":
                members = _CLASSES.get(pattern[at + 2 : close - 1])
                if members is None:
                    return None
                chosen.update(map(ord, members))
                at, now = close, 0
            else:
                chosen.add(now)
        else:
            chosen.add(now)
        before = now
        at += 1
    if negated:
        chosen = set(range(256)) - chosen
    chosen -= {ord("/")}
    return _any_of(chosen), at


def _any_of(values: set[int]) -> str:
    """A regular expression for one of the characters, as ranges."""
    ranges: list[list[int]] = []
    for value in sorted(values):
        if ranges and ranges[-1][1] == value - 1:
            ranges[-1][1] = value
        else:
            ranges.append([value, value])
    members = "".join(rf"\x{low:02x}-\x{high:02x}" for low, high in ranges)
    return f"[{members}]" if members else "(?!)"
