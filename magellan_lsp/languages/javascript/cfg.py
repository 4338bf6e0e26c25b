"""Control flow of JavaScript. Vocabulary: ``languages/flow.py``. TypeScript and TSX share it.

Optional chaining (``a?.b``) is not drawn as a branch: it is written to be read as one step.
"""

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
    Side,
    Switch,
    Try,
)

_label = flow.text_of("label")


def _value(node: Node) -> list[tuple[int, int]]:
    value = node.child_by_field_name("value")
    return [(value.start_byte, value.end_byte)] if value is not None else []


CONSTRUCTS: dict[str, Construct] = {
    "function_declaration": Function(),
    "function_expression": Function(),
    "generator_function": Function(),
    "generator_function_declaration": Function(),
    "method_definition": Function(),
    "arrow_function": Function(anonymous=True),
    "class_static_block": Function(anonymous=True),
    "class_body": flow.Opaque(),
    "statement_block": flow.Block(),
    "with_statement": flow.Block(),
    "export_statement": flow.Opaque(),
    "if_statement": If(),
    "ternary_expression": If(ternary=True),
    "while_statement": Loop(BlockKind.WHILE, flow.while_parts),
    "do_statement": Loop(BlockKind.DO, flow.while_parts, after=True),
    "for_statement": Loop(BlockKind.FOR, flow.for_parts("initializer", "condition", "increment")),
    "for_in_statement": Loop(BlockKind.FOR, flow.each_parts("left", "right")),
    "switch_statement": Switch(),
    "switch_case": Case(values=_value, body=flow.rest_after("value"), falls=True),
    "switch_default": Case(
        values=lambda node: [], body=flow.rest_after(), default=lambda node, source: True, falls=True
    ),
    "try_statement": Try(handlers={"catch_clause": flow.every}),
    "return_statement": flow.Return(),
    "throw_statement": flow.Throw(),
    "break_statement": Jump(EdgeKind.BREAK, flow.LOOPS_AND_SWITCHES, _label),
    "continue_statement": Jump(EdgeKind.CONTINUE, flow.LOOPS, _label),
    "labeled_statement": Label(_label, flow.rest_after("label")),
    "yield_expression": Side(Terminator.YIELD),
    "await_expression": Side(Terminator.AWAIT),
}

RULES = FlowRules(
    constructs=CONSTRUCTS,
    queries="""
        ((binary_expression operator: ["&&" "||" "??"]) @short)
        ((augmented_assignment_expression operator: ["&&=" "||=" "??="]) @short)
        ((call_expression function: (member_expression object: (identifier) @_o property: (property_identifier) @_p))
          @exit (#any-of? @_o "process" "Deno") (#any-of? @_p "exit" "abort"))
    """,
    captures={"short": flow.SHORT, "exit": Side(Terminator.EXIT)},
    comments=frozenset({"comment", "html_comment", "hash_bang_line"}),
    negations=frozenset({"unary_expression"}),
    silent=frozenset({"empty_statement", "debugger_statement", "import_statement"}),
    always=frozenset({b"true", b"1"}),
    never=frozenset({b"false", b"0"}),
    top_level=True,
)
