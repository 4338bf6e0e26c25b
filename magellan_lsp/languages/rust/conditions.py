"""Which ``#[cfg(...)]`` an ordinary build on a common machine leaves out: other definitions of a name come first then.

Only what is plainly false counts: other systems and processors, ``not(test)`` aside, and builds without the standard
library. Other features may be on or off.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r'\s*(?:([A-Za-z_]\w*)\s*(?:=\s*"([^"]*)")?|([(),]))')
_TRUE = frozenset({"unix", "debug_assertions", "test", "panic", "true"})
_FALSE = frozenset(
    {"windows", "wasm", "loom", "miri", "fuzzing", "doc", "docsrs", "doctest", "kani", "false"}
)
#: Features that crates have on unless somebody turns them off.
_USUAL = frozenset({"std", "alloc", "default"})
_VALUES = {
    "target_os": frozenset({"linux"}),
    "target_family": frozenset({"unix"}),
    "target_arch": frozenset({"x86_64"}),
    "target_pointer_width": frozenset({"64"}),
    "target_endian": frozenset({"little"}),
    "target_vendor": frozenset({"unknown"}),
}


def left_out(attribute: str) -> bool:
    """Whether ``#[cfg(...)]`` surely leaves out what it stands before."""
    start = attribute.find("cfg")
    inner = attribute[start + 3 :].rstrip().removesuffix("]").strip() if start >= 0 else ""
    if not attribute.startswith("#[cfg(") or len(inner) > 2000:
        return False
    return evaluate(inner) is False


def evaluate(text: str) -> bool | None:
    """The truth of a condition, None where it depends on the build."""
    #: Open operators, each with what its parts so far are.
    stack: list[tuple[str, list[bool | None]]] = [("all", [])]
    word = ""
    for match in _TOKEN.finditer(text):
        name, value, sign = match.groups()
        if name:
            if text[match.end() :].lstrip().startswith("("):
                word = name
            else:
                stack[-1][1].append(_flag(name, value))
        elif sign == "(":
            stack.append((word or "all", []))
            word = ""
        elif sign == ")" and len(stack) > 1:
            operator, parts = stack.pop()
            stack[-1][1].append(_combined(operator, parts))
    return _combined(*stack[0])


def _flag(name: str, value: str | None) -> bool | None:
    if name == "feature":
        return True if value in _USUAL else None
    if value is not None:
        known = _VALUES.get(name)
        return value in known if known is not None else None
    return True if name in _TRUE else False if name in _FALSE else None


def _combined(operator: str, parts: list[bool | None]) -> bool | None:
    if operator == "not":
        first = parts[0] if parts else None
        return None if first is None else not first
    decisive = operator == "any"
    if operator not in ("any", "all"):
        return None
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive
