"""How likely an ordinary build takes a branch of a conditional: Linux on a 64-bit machine, with a GNU-like
compiler.

A file may define a name once per system or option. Who asks for the name wants one answer first: the one
that the common build compiles. Nothing is hidden by this; it only orders alternatives.
"""

from __future__ import annotations

import re
from collections.abc import Set

#: Likelihoods: a branch surely not taken, rather not (an option that nobody set), not known, rather taken,
#: surely taken. What is left for the negation is YES minus the likelihood.
NO, RATHER_NOT, UNKNOWN, RATHER, YES = range(5)

_TOKEN = re.compile(rb"\s*(defined|&&|\|\||[!()]|[A-Za-z_]\w*|\d+[uUlL]*|0[xX][0-9a-fA-F]+|[^\s\w]+|.)")
_OTHER_SYSTEM = re.compile(
    rb"(?i)(?:.*_)?(?:win(?:32|64|dows(?:_.*)?|ce)?|msvc|msc_ver|msc|mingw\d*|mingw.*|cygwin|apple|macos\w*|macosx|darwin|osx"
    rb"|ios|iphone\w*|(?:free|open|net|dragonfly)?bsd|freebsd.*|sun|sunos|solaris|svr4|aix|hpux|hp_ux|qnx|qnxnto|vxworks"
    rb"|kqueue|devpoll|pollset|wepoll|android|haiku|beos|openvms|vms|os2|msdos|dos|gnu_hurd|tandem|nonstop|wasm|emscripten|borlandc|watcomc|intel_compiler"
    rb"|s390x?|sparc\w*|mips\w*|powerpc\w*|ppc\w*|arm\w*|aarch64|i386|x86|m_ix86|m_arm\w*|big_endian)(?:__)?\Z"
)
_THIS_SYSTEM = frozenset(
    b"__linux__ __linux linux __unix__ __unix unix __gnu_linux__ __GNUC__ __x86_64__ __amd64__ __LP64__ "
    b"_LP64 __STDC__ __STDC_VERSION__ __GLIBC__ __ELF__ _POSIX_VERSION".split()
)
#: Options whose names say that the system has something: as likely as not.
_HAS = re.compile(
    rb"(?i).*(?:have|has_|linux|unix|posix|gnu|epoll|thread|clang|builtin|support|feature|enable)"
)


def likelihood(condition: bytes, cpp: bool, defined_here: Set[bytes]) -> int:
    """How likely ``#if …``, ``#ifdef …``, ``#elif …`` holds; the text is the whole directive."""
    words = condition.split(b"#", 1)[-1].strip().split(None, 1)
    word, rest = words[0], words[1] if len(words) > 1 else b""
    if word in (b"ifdef", b"elifdef"):
        return _defined(rest.split()[0] if rest.split() else b"", cpp, defined_here)
    if word in (b"ifndef", b"elifndef"):
        return YES - _defined(rest.split()[0] if rest.split() else b"", cpp, defined_here)
    tokens = [found.group(1) for found in _TOKEN.finditer(rest.replace(b"\\\n", b" "))]
    if len(tokens) > 200:
        return UNKNOWN
    value, _ = _either(tokens, 0, cpp, defined_here)
    return value


def _defined(name: bytes, cpp: bool, defined_here: Set[bytes]) -> int:
    if name == b"__cplusplus":
        return YES if cpp else NO
    if name in _THIS_SYSTEM:
        return YES
    if _OTHER_SYSTEM.match(name.strip(b"_")):
        return NO
    if name in defined_here or _HAS.match(name):
        return UNKNOWN
    return RATHER_NOT


def _either(tokens: list[bytes], at: int, cpp: bool, here: Set[bytes]) -> tuple[int, int]:
    value, at = _both(tokens, at, cpp, here)
    while at < len(tokens) and tokens[at] == b"||":
        other, at = _both(tokens, at + 1, cpp, here)
        value = max(value, other)
    return value, at


def _both(tokens: list[bytes], at: int, cpp: bool, here: Set[bytes]) -> tuple[int, int]:
    value, at = _compared(tokens, at, cpp, here)
    while at < len(tokens) and tokens[at] == b"&&":
        other, at = _compared(tokens, at + 1, cpp, here)
        value = min(value, other)
    return value, at


def _compared(tokens: list[bytes], at: int, cpp: bool, here: Set[bytes]) -> tuple[int, int]:
    """An operand; one that is compared or computed with is not known, unless the name says NO."""
    value, at = _operand(tokens, at, cpp, here)
    while at < len(tokens) and tokens[at] not in (b"&&", b"||", b")"):
        if tokens[at] == b"(":
            _, at = _either(tokens, at + 1, cpp, here)
        if value != NO:
            value = UNKNOWN
        at += 1
    return value, at


def _operand(tokens: list[bytes], at: int, cpp: bool, here: Set[bytes]) -> tuple[int, int]:
    negated = False
    while at < len(tokens) and tokens[at] == b"!":
        negated = not negated
        at += 1
    if at >= len(tokens):
        return UNKNOWN, at
    token = tokens[at]
    if token == b"(":
        value, at = _either(tokens, at + 1, cpp, here)
        at += 1
    elif token == b"defined":
        at += 1
        parenthesized = at < len(tokens) and tokens[at] == b"("
        at += parenthesized
        value = _defined(tokens[at] if at < len(tokens) else b"", cpp, here)
        at += 1 + parenthesized
    elif token[:1].isdigit():
        value, at = (NO if token.rstrip(b"uUlL") == b"0" else YES), at + 1
    else:
        known = _defined(token, cpp, here)
        value, at = (NO if known == NO else UNKNOWN), at + 1
    return (YES - value if negated else value), at


def branches(conditions: list[bytes], cpp: bool, defined_here: Set[bytes]) -> list[int]:
    """Likelihood of each branch of one conditional, given the directives that open them (``#else`` too)."""
    found = []
    left = YES  # that no branch before it was taken
    for condition in conditions:
        is_else = condition.split(b"#", 1)[-1].strip() == b"else"
        own = YES if is_else else likelihood(condition, cpp, defined_here)
        found.append(min(own, left))
        left = min(left, YES - own)
    return found
