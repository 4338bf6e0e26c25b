"""What is found where a case speaks of control flow: its ``block``, ``edge`` and ``unreachable`` marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from support.cases import Case, Mark

from magellan_lsp.facts.cfg import BasicBlock, Cfg


class _Block(NamedTuple):
    """A block of a graph of a file, and the mark that speaks of it."""

    cfg: Cfg
    block: BasicBlock
    mark: Mark


def flow_marks(case: Case, graphs: Callable[[str], Sequence[Cfg]]) -> list[Mark]:
    """The marks that the graphs would have; those for what no mark speaks of stand at the block they begin in."""
    if not any(mark.verb == "block" for mark in case.marks):
        return []
    cfgs = {path: sorted(graphs(path), key=lambda cfg: cfg.end - cfg.start) for path in case.files}
    named: dict[str, _Block] = {}
    for mark in case.marks:
        if mark.verb == "block" and (one := _block_at(cfgs[mark.path], mark)) is not None:
            named[mark.args[0]] = one
    found = [one.mark._replace(args=(name, f"{one.block.kind.value}")) for name, one in named.items()]
    sources = dict(named)
    for mark in case.marks:
        if mark.verb == "edge" and mark.args[0] == "entry":
            around = [cfg for cfg in cfgs[mark.path] if cfg.start <= mark.start < cfg.end]
            if around:
                sources[f"entry {mark.path} {around[0].start}"] = _Block(around[0], around[0].blocks[0], mark)
    for name, one in sources.items():
        for text in _edges(case, one, named):
            args = (name.split()[0], *text)
            places = [
                mark[:3]
                for mark in case.marks
                if mark.verb == "edge" and mark.args == args and (args[0] != "entry" or _inside(mark, one))
            ]
            found += [Mark(*place, "edge", args) for place in places or [one.mark[:3]]]
    for name, one in named.items():
        if one.block.id in one.cfg.unreachable:
            places = [mark[:3] for mark in case.marks if mark.verb == "unreachable" and mark.args == (name,)]
            found += [Mark(*place, "unreachable", (name,)) for place in places or [one.mark[:3]]]
    return found


def _inside(mark: Mark, one: _Block) -> bool:
    return mark.path == one.mark.path and one.cfg.start <= mark.start < one.cfg.end


def _block_at(cfgs: Sequence[Cfg], mark: Mark) -> _Block | None:
    """The block that begins at a mark: of the kind that it says, if there is one, in the innermost graph."""
    there = [
        (cfg, block)
        for cfg in cfgs
        for block in cfg.blocks[1:-1]
        if mark.start in (block.start, block.condition[0] if block.condition else -1)
    ]
    there.sort(key=lambda one: one[1].kind != mark.args[1])
    return _Block(*there[0], mark) if there else None


def _edges(case: Case, one: _Block, named: dict[str, _Block]) -> list[tuple[str, str]]:
    """(kind, name of the target) of the edges that leave a block."""
    names = {other.block.id: name for name, other in named.items() if other.cfg == one.cfg} | {
        one.cfg.exit: "exit"
    }
    return [
        (edge.kind.value, names.get(edge.target) or _shown(one.cfg.blocks[edge.target]))
        for edge in one.cfg.edges
        if edge.source == one.block.id
    ]


def _shown(block: BasicBlock) -> str:
    return f"{block.kind.value}@{block.start_line}:{block.start_column}"
