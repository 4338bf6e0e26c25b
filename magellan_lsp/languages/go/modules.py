"""What go.mod and go.work files say about the modules of a workspace."""

from __future__ import annotations

import posixpath

import attrs


@attrs.frozen
class ModuleFile:
    """What a go.mod or go.work says. Folders are as written, relative to the file's own."""

    path: str = ""
    """The module's own path."""
    used: tuple[str, ...] = ()
    """Folders of the modules of a go.work."""
    replaced: tuple[tuple[str, str], ...] = ()
    """Module paths with the folders that stand for them."""
    required: tuple[tuple[str, str], ...] = ()
    """Module paths with ``PATH@VERSION`` of what comes from the module cache for them."""


def module_file(config: bytes) -> ModuleFile:
    """Read a go.mod or go.work; lines that say nothing of interest, or nothing sensible, are passed over."""
    path, used, replaced, required, block = "", [], [], [], ""
    for line in config.decode("utf-8", "replace").splitlines():
        words = [word.strip('"`') for word in line.split("//", 1)[0].split()]
        if words == [")"]:
            block = ""
        elif len(words) == 2 and words[1] == "(":
            block = words[0]
        elif words:
            verb, *rest = words if not block else (block, *words)
            if verb == "module" and len(rest) == 1:
                path = rest[0]
            elif verb == "use" and len(rest) == 1:
                used.append(rest[0])
            elif verb == "replace" and "=>" in rest and rest[-1].startswith("."):
                replaced.append((rest[0], rest[-1]))
            elif verb == "require" and len(rest) == 2:
                required.append((rest[0], f"{rest[0]}@{rest[1]}"))
            elif verb == "replace" and "=>" in rest and len(rest) >= 4:
                required.insert(0, (rest[0], f"{rest[-2]}@{rest[-1]}"))
    return ModuleFile(path, tuple(used), tuple(replaced), tuple(required))


def within(folder: str, place: str) -> str:
    """A folder written relative to another, relative to the workspace: "" is its root."""
    joined = posixpath.normpath(posixpath.join(folder, place))
    return "" if joined == "." else joined
