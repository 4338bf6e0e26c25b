"""Control-flow graphs as text, for tests: one line per edge, blocks named by what they say.

A block's name is its condition where it has one, else its first line; ``entry`` and ``exit`` for the two ends; the kind
in angle brackets for a block without text (``<with_exit>``). A line is ``NAME KIND> NAME``, without the kind for plain
``fallthrough``; `` back`` behind it says that the edge leads to a loop's next turn; a label follows in parentheses.
"""

from __future__ import annotations

from difflib import ndiff
from textwrap import dedent

from magellan_lsp.extract.details import graphs_of
from magellan_lsp.facts.cfg import BlockKind, Cfg
from magellan_lsp.languages.registry import get_language


def graphs(language: str, source: str) -> list[Cfg]:
    return graphs_of(get_language(language), dedent(source).encode())


def graph(language: str, source: str, name: str = "f") -> Cfg:
    return next(cfg for cfg in graphs(language, source) if cfg.name == name)


def names(cfg: Cfg, source: bytes) -> list[str]:
    found = []
    for block in cfg.blocks:
        start, end = block.condition or (block.start, block.end)
        lines = source[start:end].decode().strip().splitlines()
        if block.kind in (BlockKind.ENTRY, BlockKind.EXIT):
            found.append(block.kind.value)
        else:
            found.append(lines[0].strip().rstrip(";") if lines else f"<{block.kind}>")
    return found


def edges(cfg: Cfg, source: bytes) -> list[str]:
    called = names(cfg, source)
    rows = []
    for edge in cfg.edges:
        kind = "" if edge.kind == "fallthrough" else f" {edge.kind}"
        label = f" ({source[edge.label[0] : edge.label[1]].decode()})" if edge.label[0] >= 0 else ""
        back = " back" if edge.back and edge.kind != "back" else ""
        rows.append(f"{called[edge.source]}{kind}> {called[edge.target]}{label}{back}")
    return rows


def check(language: str, source: str, expected: str, unreachable: str = "", name: str = "f") -> None:
    """The function's edges are exactly these, in any order; and these blocks are unreachable (``; `` between)."""
    text = dedent(source).encode()
    cfg = graph(language, source, name)
    found = sorted(edges(cfg, text))
    wanted = sorted(line.strip() for line in expected.strip().splitlines() if line.strip())
    assert found == wanted, "\n".join(
        ["found, not expected and expected, not found:", *difference(found, wanted)]
    )
    called = names(cfg, text)
    assert "; ".join(called[block] for block in cfg.unreachable) == unreachable
    check_sound(cfg)


def difference(found: list[str], wanted: list[str]) -> list[str]:
    return [line for line in ndiff(wanted, found) if line[0] in "+-"]


def check_sound(cfg: Cfg) -> None:
    """What every graph promises."""
    count = len(cfg.blocks)
    assert [block.id for block in cfg.blocks] == list(range(count))
    assert cfg.blocks[0].kind == BlockKind.ENTRY
    assert [block.id for block in cfg.blocks if block.kind == BlockKind.EXIT] == [cfg.exit] == [count - 1]
    successors: dict[int, set[int]] = {}
    for edge in cfg.edges:
        assert 0 <= edge.source < count - 1
        assert 0 < edge.target < count
        successors.setdefault(edge.source, set()).add(edge.target)
    assert len(set(cfg.edges)) == len(cfg.edges)
    for block in cfg.blocks:
        assert cfg.start <= block.start <= block.end <= cfg.end
        assert (block.start_line, block.start_column) <= (block.end_line, block.end_column)
        if block.condition is not None:
            assert block.start <= block.condition[0] <= block.condition[1] <= block.end
    reached, todo = {0}, [0]
    while todo:
        for target in successors.get(todo.pop(), ()):
            if target not in reached:
                reached.add(target)
                todo.append(target)
    assert set(cfg.unreachable) == set(range(count)) - reached
