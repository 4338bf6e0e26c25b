"""Control flow of Rust. Vocabulary: ``languages/flow.py``.

Arguments of macros are seen as extraction sees them: where they read as expressions, ``name!(…)`` is a call of ``name_`` in
the tree (``macros.py``). So ``panic!`` and its kin, which never return, are looked for in both forms. What a macro expands
to is not seen.
"""

from __future__ import annotations

from tree_sitter import Node

from magellan_lsp.facts.cfg import BlockKind, EdgeKind, Terminator
from magellan_lsp.languages import flow
from magellan_lsp.languages.flow import (
    Block,
    Case,
    FlowRules,
    Function,
    If,
    Jump,
    Loop,
    LoopParts,
    Short,
    Side,
    Switch,
)

_label = flow.text_of(flow.child_of("label"))


def _while_or_let(node: Node) -> LoopParts:
    return LoopParts(condition=node.child_by_field_name("condition"))


def _pattern(node: Node) -> list[tuple[int, int]]:
    """The pattern of an arm without its guard."""
    pattern = node.child_by_field_name("pattern")
    if pattern is None:
        return []
    guard = pattern.child_by_field_name("condition")
    if guard is None:
        return [(pattern.start_byte, pattern.end_byte)]
    before = [child for child in pattern.named_children if child.end_byte <= guard.start_byte]
    end = before[-1].end_byte if before else pattern.start_byte + 1
    return [(pattern.start_byte, end)]


def _guard(node: Node) -> Node | None:
    pattern = node.child_by_field_name("pattern")
    return pattern.child_by_field_name("condition") if pattern is not None else None


def _takes_all(node: Node, source: bytes) -> bool:
    """``_ =>``, or a plain name in lower case, which binds whatever comes."""
    pattern = node.child_by_field_name("pattern")
    if pattern is None:
        return False
    text = source[pattern.start_byte : pattern.end_byte]
    if text == b"_":
        return True
    inner = flow.first_child(pattern)
    return inner is not None and inner.type == "identifier" and text.islower()


def _always(node: Node) -> bool:
    """The compiler sees to it that an arm matches."""
    return True


RULES = FlowRules(
    constructs={
        "function_item": Function(),
        "closure_expression": Function(anonymous=True),
        "async_block": Function(body=flow.child_of("block"), anonymous=True),
        "gen_block": Function(body=flow.child_of("block"), anonymous=True),
        "try_block": flow.Opaque(),
        "const_block": flow.Opaque(),
        "impl_item": flow.Opaque(),
        "trait_item": flow.Opaque(),
        "mod_item": flow.Opaque(),
        "struct_item": flow.Opaque(),
        "enum_item": flow.Opaque(),
        "const_item": flow.Opaque(),
        "static_item": flow.Opaque(),
        "block": Block(label=_label),
        "unsafe_block": Block(),
        "if_expression": If(),
        "let_declaration": flow.LetElse(),
        "let_chain": Short(operands=lambda node: node.named_children, conjunction=lambda node: True),
        "while_expression": Loop(BlockKind.WHILE, _while_or_let, label=_label),
        "loop_expression": Loop(BlockKind.LOOP, flow.forever, label=_label),
        "for_expression": Loop(BlockKind.FOR, flow.each_parts("pattern", "value"), label=_label),
        "match_expression": Switch(exhaustive=_always),
        "match_arm": Case(
            values=_pattern, body=flow.fields("value"), guard=_guard, default=_takes_all, binds=True
        ),
        "return_expression": flow.Return(),
        "break_expression": Jump(EdgeKind.BREAK, flow.LOOPS, _label),
        "continue_expression": Jump(EdgeKind.CONTINUE, flow.LOOPS, _label),
        "try_expression": Side(Terminator.TRY),
        "await_expression": Side(Terminator.AWAIT),
        "yield_expression": Side(Terminator.YIELD),
    },
    queries="""
        ((binary_expression operator: ["&&" "||"]) @short)
        ((macro_invocation macro: (identifier) @_m) @panic
          (#any-of? @_m "panic" "todo" "unimplemented" "unreachable"))
        ((call_expression function: (identifier) @_m) @panic
          (#any-of? @_m "panic_" "todo_" "unimplemented_" "unreachable_"))
        ((call_expression function: (scoped_identifier path: (_) @_p name: (identifier) @_n)) @exit
          (#any-of? @_p "process" "std::process") (#any-of? @_n "exit" "abort"))
    """,
    captures={"short": flow.SHORT, "panic": Side(Terminator.PANIC), "exit": Side(Terminator.EXIT)},
    comments=frozenset({"line_comment", "block_comment", "attribute_item", "inner_attribute_item", "label"}),
    negations=frozenset({"unary_expression"}),
    silent=frozenset({"empty_statement"}),
)
