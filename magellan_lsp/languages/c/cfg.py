"""Control flow of C. Vocabulary: ``languages/flow.py``. C++ builds on it."""

from __future__ import annotations

from tree_sitter import Node

from magellan_lsp.facts.cfg import BlockKind, EdgeKind, Terminator
from magellan_lsp.languages import flow
from magellan_lsp.languages.flow import (
    Case,
    Construct,
    FlowRules,
    Function,
    If,
    Jump,
    Label,
    Loop,
    Preproc,
    Side,
    Switch,
    Try,
)


def _values(node: Node) -> list[tuple[int, int]]:
    """``case 1:``, ``case 1 ... 5:`` (GNU), ``default:``."""
    values = node.children_by_field_name("value")
    return [(values[0].start_byte, values[-1].end_byte)] if values else []


def _is_default(node: Node, source: bytes) -> bool:
    return node.child_by_field_name("value") is None


def function_name(node: Node) -> Node | None:
    """The declarator inside the pointers and parentheses around it: ``A::f`` of ``int *A::f(int)``."""
    declarator = node.child_by_field_name("declarator")
    while declarator is not None:
        inner = declarator.child_by_field_name("declarator")
        if inner is None and declarator.type in ("parenthesized_declarator", "reference_declarator"):
            inner = flow.first_child(declarator)
        if inner is None:
            return declarator
        declarator = inner
    return None


CONSTRUCTS: dict[str, Construct] = {
    "function_definition": Function(name=function_name),
    "struct_specifier": flow.Opaque(),
    "union_specifier": flow.Opaque(),
    "enum_specifier": flow.Opaque(),
    "compound_statement": flow.Block(),
    "if_statement": If(),
    "conditional_expression": If(ternary=True),
    "while_statement": Loop(BlockKind.WHILE, flow.while_parts),
    "do_statement": Loop(BlockKind.DO, flow.while_parts, after=True),
    "for_statement": Loop(BlockKind.FOR, flow.for_parts("initializer", "condition", "update")),
    "switch_statement": Switch(value="condition"),
    "case_statement": Case(values=_values, body=flow.rest_after("value"), default=_is_default, falls=True),
    "seh_try_statement": Try(
        handlers={"seh_except_clause": flow.some}, finals=frozenset({"seh_finally_clause"})
    ),
    "return_statement": flow.Return(),
    "break_statement": Jump(EdgeKind.BREAK, flow.LOOPS_AND_SWITCHES),
    "continue_statement": Jump(EdgeKind.CONTINUE, flow.LOOPS),
    "goto_statement": flow.Goto(flow.text_of("label")),
    "labeled_statement": Label(flow.text_of("label"), flow.rest_after("label"), target=True),
    "preproc_if": Preproc(),
    "preproc_ifdef": Preproc(),
    "preproc_elif": Preproc(),
    "preproc_elifdef": Preproc(),
    "preproc_else": Preproc(),
}
QUERIES = """
    ((binary_expression operator: ["&&" "||"]) @short)
    ((call_expression function: (identifier) @_f) @exit
      (#any-of? @_f "exit" "_exit" "_Exit" "abort" "quick_exit" "longjmp" "siglongjmp" "__builtin_unreachable"
        "__builtin_trap" "thrd_exit" "pthread_exit"))
"""
CAPTURES: dict[str, Construct] = {"short": flow.SHORT, "exit": Side(Terminator.EXIT)}

RULES = FlowRules(
    constructs=CONSTRUCTS,
    queries=QUERIES,
    captures=CAPTURES,
    comments=frozenset({"comment", "preproc_def", "preproc_function_def", "preproc_call", "preproc_include"}),
    negations=frozenset({"unary_expression"}),
    always=frozenset({b"true", b"1", b"TRUE"}),
    never=frozenset({b"false", b"0", b"FALSE"}),
)
