"""The control-flow graph of one function as data. ``extract/cfg/`` builds it and describes the model.

Nothing here parses or knows of another file. Every record is a frozen msgspec ``Struct`` that encodes as an array, so
that a stored graph is about as long as its numbers. Append fields, never move them.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

#: A half-open span of bytes in the file.
ByteSpan = tuple[int, int]


class BlockKind(StrEnum):
    """What a block is in the structure of its function: how it begins."""

    ENTRY = "entry"  # the function's header; always block 0
    EXIT = "exit"  # where every way out ends; always the last block, no bytes wide
    BLOCK = "block"  # straight-line code that is none of the others
    IF = "if"  # first block of what runs when a condition holds
    ELSE = "else"  # … when it does not
    CONDITION = "condition"  # an operand of a short-circuit operator, or the condition of an `elif`
    MERGE = "merge"  # the statement around an expression that branched, once the branches are done
    WHILE = "while"  # header of a loop that tests before each turn
    FOR = "for"  # header of a counting or iterating loop
    LOOP = "loop"  # header of an endless loop
    DO = "do"  # the test of a loop that tests after each turn
    BODY = "body"  # first block of a loop's body
    UPDATE = "update"  # the third part of a counting loop
    CASE = "case"  # first block of a case, match arm or select branch
    DEFAULT = "default"  # the case for what no other takes
    MATCH = "match"  # where matching goes on behind a guard that failed; no bytes wide
    GUARD = "guard"  # the condition of a match arm
    TRY = "try"  # first block of a protected body
    CATCH = "catch"  # first block of a handler
    FINALLY = "finally"  # first block of what runs on every way out
    WITH = "with"  # first block of the body of `with`, or of a `try` with resources
    WITH_EXIT = "with_exit"  # where a `with` is left: its managers or resources are closed; no bytes wide
    LABEL = "label"  # the target of a `goto`
    DEFERRED = "deferred"  # a deferred call, where it runs: behind the way out that leads to it


class Terminator(StrEnum):
    """How a block ends."""

    FALLTHROUGH = "fallthrough"
    CONDITIONAL = "conditional"  # on a condition: true or false
    SWITCH = "switch"  # on a value, to one of several cases
    GOTO = "goto"
    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"
    THROW = "throw"  # throw, raise
    PANIC = "panic"  # Rust `panic!` and its kin, Go `panic`
    EXIT = "exit"  # a call that ends the process
    YIELD = "yield"  # gives a value away and may be resumed
    AWAIT = "await"  # waits for another task
    TRY = "try"  # Rust `?`: goes on or returns
    ASSERT = "assert"  # goes on or throws
    PREPROC = "preproc"  # a branch that the preprocessor takes, not the program


class EdgeKind(StrEnum):
    """Why control takes an edge."""

    FALLTHROUGH = "fallthrough"
    TRUE = "true"
    FALSE = "false"
    CASE = "case"  # the switched value matches; CfgEdge.label says which values
    DEFAULT = "default"  # it matches no case
    BACK = "back"  # from the end of a loop's body to its next turn
    BREAK = "break"
    CONTINUE = "continue"
    GOTO = "goto"
    RETURN = "return"
    EXCEPTION = "exception"
    FINALLY = "finally"  # behind a `finally` or `with`: the way out that it interrupted goes on
    DEFER = "defer"  # behind a deferred call: the next one, or the exit
    YIELD = "yield"  # resumed after giving a value away
    AWAIT = "await"  # resumed after waiting
    EXIT = "exit"  # the process ends


class BasicBlock(msgspec.Struct, frozen=True, array_like=True):
    """Code that runs in a row.

    Attributes:
        id: its index in ``Cfg.blocks``.
        start, end: its bytes in the file, half-open. Comments and blank lines between its statements are inside.
            The span of a MERGE block is the whole statement, so it holds those of the blocks that branched inside.
        start_line, end_line: 1-based, as Magellan counts them.
        start_column, end_column: bytes from the line's start, 0-based; the end is exclusive.
        condition: the bytes of the condition, or of the value that is switched on; None where there is none.
    """

    id: int
    kind: BlockKind
    terminator: Terminator
    start: int
    end: int
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    condition: ByteSpan | None = None


class CfgEdge(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Control may go from one block to another.

    Attributes:
        source, target: ids of blocks.
        kind: how the source is left.
        label: the bytes that tell it from its siblings: the values of a case, the expression that Rust's ``?`` is
            behind. (-1, -1) for all others.
        back: it leads to the next turn of a loop that the source is in. Edges of kind BACK always do; a ``continue`` or
            the false side of an ``if`` at the end of the body may.
    """

    source: int
    target: int
    kind: EdgeKind
    label: ByteSpan = (-1, -1)
    back: bool = False


class Cfg(msgspec.Struct, frozen=True, array_like=True):
    """The control-flow graph of one function, or of a file's own statements.

    Attributes:
        symbol: SymbolId of the function; "" for one that is none (a lambda inside a function).
        name: its simple name; "" for an anonymous one.
        start, end: the bytes of the function, half-open. Every block lies inside.
        blocks: 0..n-1 in the order of the places where they begin to run; 0 is the entry, n-1 the exit.
        edges: by source, target, kind, label; no two are equal.
        unreachable: ids of blocks that nothing leads to from the entry, ascending. The exit is among them when the
            function never ends.
    """

    symbol: str
    name: str
    start: int
    end: int
    blocks: tuple[BasicBlock, ...]
    edges: tuple[CfgEdge, ...]
    unreachable: tuple[int, ...] = ()

    @property
    def entry(self) -> int:
        return 0

    @property
    def exit(self) -> int:
        return len(self.blocks) - 1
