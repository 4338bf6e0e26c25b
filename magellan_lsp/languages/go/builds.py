"""Whether an ordinary build takes a Go file: Linux on amd64, with no tags of one's own.

One folder may define a name several times, for different systems or tags. Who asks for the name wants one
answer: that of the build which the common tools assume, too.
"""

from __future__ import annotations

import re

#: Group of the files that the ordinary build leaves out.
LEFT_OUT = "go:left-out"

_SYSTEM = re.compile(
    "aix|android|darwin|dragonfly|freebsd|hurd|illumos|ios|js|linux|nacl|netbsd|openbsd|plan9|solaris|wasip1"
    "|windows|zos"
)
_MACHINE = re.compile(
    "386|amd64|arm|arm64|loong64|mips|mips64|mips64le|mipsle|ppc64|ppc64le|riscv64|s390x|sparc64|wasm"
)
_TRUE = frozenset({"linux", "amd64", "unix", "gc", "cgo"})
_TOKEN = re.compile(r"(&&|\|\||[!()]|[\w.]+)")
_GO_VERSION = re.compile(r"go1(\.\d+)?$")


def taken(name: str, head: bytes) -> bool:
    """Whether the build takes a file of this name whose text before the package clause is ``head``."""
    return _name_fits(name) and _constraint_holds(head)


def _name_fits(name: str) -> bool:
    """``x_windows.go``, ``x_linux_arm64.go``: the last parts of a name may say a system and a machine."""
    parts = name.removesuffix(".go").removesuffix("_test").split("_")[1:]
    if parts and _MACHINE.fullmatch(parts[-1]):
        if parts[-1] not in _TRUE:
            return False
        parts.pop()
    return not parts or parts[-1] in _TRUE or not _SYSTEM.fullmatch(parts[-1])


def _constraint_holds(head: bytes) -> bool:
    for line in head.decode("utf-8", "replace").splitlines():
        text = line.strip()
        if text.startswith("//go:build "):
            return _holds(_TOKEN.findall(text[len("//go:build ") :]))
    return True


def _holds(tokens: list[str]) -> bool:
    """Evaluate ``a && (b || !c)``, with an explicit stack: the text may be anyone's."""
    output: list[bool] = []
    waiting: list[str] = []

    def apply() -> None:
        sign = waiting.pop()
        if sign == "!" and output:
            output.append(not output.pop())
        elif sign in ("&&", "||") and len(output) > 1:
            right, left = output.pop(), output.pop()
            output.append(left and right if sign == "&&" else left or right)

    for token in tokens:
        if token in ("!", "("):
            waiting.append(token)
        elif token == ")":
            while waiting and waiting[-1] != "(":
                apply()
            if waiting:
                waiting.pop()
        elif token in _STRENGTH:
            while waiting and _STRENGTH.get(waiting[-1], 0) >= _STRENGTH[token]:
                apply()
            waiting.append(token)
        else:
            output.append(token in _TRUE or _GO_VERSION.match(token) is not None)
    while waiting:
        apply()
    return output[-1] if output else True


_STRENGTH = {"||": 1, "&&": 2, "!": 3}
