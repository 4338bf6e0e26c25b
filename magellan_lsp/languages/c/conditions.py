"""How likely an ordinary build takes a branch of a conditional: Linux on a 64-bit machine, with a GNU-like
compiler.

A file may define a name once per system or option. Who asks for the name wants one answer first: the one
that the common build compiles. Nothing is hidden by this; it only orders alternatives.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from magellan_lsp.languages.c.library import LIBRARY

#: Likelihoods: a branch surely not taken, rather not (an option that nobody set), not known, rather taken,
#: surely taken. What is left for the negation is YES minus the likelihood.
NO, RATHER_NOT, UNKNOWN, RATHER, YES = range(5)

_TOKEN = re.compile(rb"\s*(defined|&&|\|\||[!()]|[A-Za-z_]\w*|\d+[uUlL]*|0[xX][0-9a-fA-F]+|[^\s\w]+|.)")
_OTHER_SYSTEM = re.compile(
    rb"(?i)(?:.*_)?(?:win(?:32|64|dows(?:_.*)?|ce)?|msvc|msvc_lang|msvc_version|msc_ver|msc_version|msc|mingw\d*|mingw.*|cygwin|apple|macos\w*|macosx|darwin|osx"
    rb"|ios|iphone\w*|(?:free|open|net|dragonfly)?bsd|freebsd.*|sun|sunos|solaris|svr4|aix|hpux|hp_ux|qnx|qnxnto|vxworks"
    rb"|kqueue|devpoll|pollset|wepoll|android|haiku|beos|openvms|vms|os2|msdos|dos|gnu_hurd|tandem|nonstop|wasm|emscripten|borlandc|watcomc|intel_compiler|nvcc|cuda_arch|cudacc"
    rb"|s390x?|sparc\w*|mips\w*|powerpc\w*|ppc\w*|arm\w*|aarch64|i386|x86|m_ix86|m_arm\w*|big_endian)(?:__)?\Z"
)
#: No system has a longer name.
_LONGEST_NAME = 100
_THIS_SYSTEM = frozenset(
    b"__linux__ __linux linux __unix__ __unix unix __gnu_linux__ __GNUC__ __x86_64__ __amd64__ __LP64__ "
    b"_LP64 __STDC__ __STDC_VERSION__ __GLIBC__ __ELF__ _POSIX_VERSION".split()
)
#: Options whose names say that the system has something: as likely as not.
_HAS = re.compile(
    rb"(?i).*(?:have|has_|linux|unix|posix|gnu|epoll|thread|clang|builtin|support|feature|enable)"
)


#: A file or folder by whose name it is for another system: ``src/win/tcp.c``, ``port_mac.cc``.
_OTHER_PLACE = re.compile(
    r"(?:^|[/_.-])(?:win|win32|win64|windows|wince|mingw|msvc|cygwin|darwin|mac|macos|macosx|osx|ios|apple|aix|sunos|solaris"
    r"|(?:free|open|net|dragonfly)?bsd|hpux|haiku|beos|os2|os390|os400|ibmi|qnx|vms|dos|msdos|amiga|android|emscripten|wasm"
    r"|kqueue|iocp|uwp|symbian|hurd|irix|tru64)(?=[/_.-])"
)


def for_other_system(path: str) -> bool:
    """Whether a file's path says that an ordinary build leaves it out."""
    return _OTHER_PLACE.search(path) is not None


class Names(NamedTuple):
    """The macros that a file defines itself."""

    #: Those that it defines anywhere.
    all: frozenset[bytes]
    #: Those that it defined up to here, with the likelihood of the likeliest branch that does.
    given: dict[bytes, int]

    def define(self, name: bytes, chance: int) -> None:
        self.given[name] = max(chance, self.given.get(name, NO))


def likelihood(condition: bytes, cpp: bool, names: Names) -> int:
    """How likely ``#if …``, ``#ifdef …``, ``#elif …`` holds; the text is the whole directive."""
    words = condition.split(b"#", 1)[-1].strip().split(None, 1)
    word, rest = words[0], words[1] if len(words) > 1 else b""
    if word in (b"ifdef", b"elifdef"):
        return _defined(rest.split()[0] if rest.split() else b"", cpp, names)
    if word in (b"ifndef", b"elifndef"):
        return YES - _defined(rest.split()[0] if rest.split() else b"", cpp, names)
    tokens = [found.group(1) for found in _TOKEN.finditer(rest.replace(b"\\\n", b" "))]
    if len(tokens) > 200:
        return UNKNOWN
    value, _ = _either(tokens, 0, cpp, names)
    return value


def _defined(name: bytes, cpp: bool, names: Names) -> int:
    if name == b"__cplusplus":
        return YES if cpp else NO
    if name in _THIS_SYSTEM:
        return YES
    if len(name) <= _LONGEST_NAME and _OTHER_SYSTEM.match(name.strip(b"_")):
        return NO
    library = (
        name[5:].lower() if name.startswith(b"HAVE_") else name
    )  # `#ifndef HAVE_STRDUP`, `#ifndef SEEK_SET`
    if library.decode("ascii", "replace") in LIBRARY:
        return RATHER
    if name in names.given:  # what no branch of this file defines may still come with the build's options
        return max(names.given[name], RATHER_NOT)
    if name in names.all or _HAS.match(name):
        return UNKNOWN
    return RATHER_NOT


def _either(tokens: list[bytes], at: int, cpp: bool, names: Names) -> tuple[int, int]:
    value, at = _both(tokens, at, cpp, names)
    while at < len(tokens) and tokens[at] == b"||":
        other, at = _both(tokens, at + 1, cpp, names)
        value = max(value, other)
    return value, at


def _both(tokens: list[bytes], at: int, cpp: bool, names: Names) -> tuple[int, int]:
    value, at = _compared(tokens, at, cpp, names)
    while at < len(tokens) and tokens[at] == b"&&":
        other, at = _compared(tokens, at + 1, cpp, names)
        value = min(value, other)
    return value, at


#: What a current compiler says of itself.
_VERSIONS = {b"__cplusplus": 201703, b"__STDC_VERSION__": 201710, b"__GNUC__": 13, b"__GNUC_MINOR__": 2}
_COMPARE = {
    b"<": int.__lt__, b">": int.__gt__, b"<=": int.__le__, b">=": int.__ge__, b"==": int.__eq__, b"!=": int.__ne__,
}  # fmt: skip


def _version(tokens: list[bytes], at: int, cpp: bool) -> int | None:
    """``__cplusplus >= 201103L``: whether the comparison at ``at`` holds; None when it is another one."""
    if at + 2 >= len(tokens) or tokens[at + 1] not in _COMPARE:
        return None
    number = tokens[at + 2].rstrip(b"uUlL")
    if tokens[at] not in _VERSIONS or not number.isdigit() or (tokens[at] == b"__cplusplus" and not cpp):
        return None
    return YES if _COMPARE[tokens[at + 1]](_VERSIONS[tokens[at]], int(number)) else NO


def _compared(tokens: list[bytes], at: int, cpp: bool, names: Names) -> tuple[int, int]:
    """An operand; one that is compared or computed with is not known, unless the name says NO."""
    known = _version(tokens, at, cpp)
    if known is not None:
        return known, at + 3
    value, at = _operand(tokens, at, cpp, names)
    while at < len(tokens) and tokens[at] not in (b"&&", b"||", b")"):
        if tokens[at] == b"(":
            _, at = _either(tokens, at + 1, cpp, names)
        if value != NO:
            value = UNKNOWN
        at += 1
    return value, at


def _operand(tokens: list[bytes], at: int, cpp: bool, names: Names) -> tuple[int, int]:
    negated = False
    while at < len(tokens) and tokens[at] == b"!":
        negated = not negated
        at += 1
    if at >= len(tokens):
        return UNKNOWN, at
    token = tokens[at]
    if token == b"(":
        value, at = _either(tokens, at + 1, cpp, names)
        at += 1
    elif token == b"defined":
        at += 1
        parenthesized = at < len(tokens) and tokens[at] == b"("
        at += parenthesized
        value = _defined(tokens[at] if at < len(tokens) else b"", cpp, names)
        at += 1 + parenthesized
    elif token[:1].isdigit():
        value, at = (NO if token.rstrip(b"uUlL") == b"0" else YES), at + 1
    else:
        known = _defined(token, cpp, names)
        value, at = (NO if known == NO else UNKNOWN), at + 1
    return (YES - value if negated else value), at


class Chances:
    """The likelihoods of one conditional's branches, in order; ``around`` is that of the branch in which it stands."""

    def __init__(self, around: int) -> None:
        self.found: list[int] = []
        self.now = around  # with the branch around it
        self._around = around
        self._left = YES  # that no branch before was taken

    def add(self, condition: bytes, cpp: bool, names: Names) -> None:
        """The next branch, given the directive that opens it (``#else`` too)."""
        is_else = condition.split(b"#", 1)[-1].strip() == b"else"
        own = YES if is_else else likelihood(condition, cpp, names)
        self.found.append(min(own, self._left))
        self.now = min(self._around, self.found[-1])
        self._left = min(self._left, YES - own)
