"""Control flow of Go. Vocabulary: ``languages/flow.py``."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from magellan_lsp.facts.cfg import BlockKind, EdgeKind, Terminator
from magellan_lsp.languages import flow
from magellan_lsp.languages.flow import (
    Case,
    FlowRules,
    Function,
    If,
    Jump,
    Label,
    Loop,
    LoopParts,
    Side,
    Switch,
)

_label = flow.text_of(flow.child_of("label_name"))


def _for_parts(node: Node) -> LoopParts:
    """``for``, ``for condition``, ``for init; condition; update``, ``for … range …``."""
    body = node.child_by_field_name("body")
    for child in node.named_children:
        if child.type == "for_clause":
            return LoopParts(
                child.children_by_field_name("initializer"),
                child.child_by_field_name("condition"),
                child.children_by_field_name("update"),
            )
        if child.type == "range_clause":
            return LoopParts(each=(child.start_byte, child.end_byte))
        if child.type != "comment" and (body is None or child.id != body.id):
            return LoopParts(condition=child)
    return LoopParts()


def _spans(name: str) -> Callable[[Node], list[tuple[int, int]]]:
    def find(node: Node) -> list[tuple[int, int]]:
        found = node.children_by_field_name(name)
        return [(found[0].start_byte, found[-1].end_byte)] if found else []

    return find


def _body(node: Node) -> list[Node]:
    lists = [child for child in node.named_children if child.type == "statement_list"]
    return [child for one in lists for child in one.named_children]


def _waits(node: Node) -> bool:
    """``select`` waits until a branch can go on."""
    return True


RULES = FlowRules(
    constructs={
        "function_declaration": Function(),
        "method_declaration": Function(),
        "func_literal": Function(anonymous=True),
        "block": flow.Block(),
        "statement_list": flow.Block(),
        "if_statement": If(before="initializer", unwrap=frozenset()),
        "for_statement": Loop(BlockKind.FOR, _for_parts),
        "expression_switch_statement": Switch(cases="", before="initializer", conditional=True),
        "type_switch_statement": Switch(cases="", before="initializer"),
        "select_statement": Switch(value="", cases="", exhaustive=_waits),
        "expression_case": Case(values=_spans("value"), body=_body),
        "type_case": Case(values=_spans("type"), body=_body),
        "communication_case": Case(values=_spans("communication"), body=_body, binds=True),
        "default_case": Case(values=lambda node: [], body=_body, default=lambda node, source: True),
        "return_statement": flow.Return(),
        "break_statement": Jump(EdgeKind.BREAK, flow.LOOPS_AND_SWITCHES, _label),
        "continue_statement": Jump(EdgeKind.CONTINUE, flow.LOOPS, _label),
        "fallthrough_statement": flow.Fallthrough(),
        "goto_statement": flow.Goto(_label),
        "labeled_statement": Label(_label, flow.rest_after("label"), target=True),
        "defer_statement": flow.Defer(),
    },
    queries="""
        ((binary_expression operator: ["&&" "||"]) @short)
        ((call_expression function: (identifier) @_f) @panic (#eq? @_f "panic"))
        ((call_expression function: (selector_expression operand: (identifier) @_o field: (field_identifier) @_n))
          @panic (#eq? @_o "log") (#any-of? @_n "Panic" "Panicf" "Panicln"))
        ((call_expression function: (selector_expression operand: (identifier) @_o field: (field_identifier) @_n))
          @panic (#eq? @_o "runtime") (#eq? @_n "Goexit"))
        ((call_expression function: (selector_expression operand: (identifier) @_o field: (field_identifier) @_n))
          @exit (#any-of? @_o "os" "syscall") (#eq? @_n "Exit"))
        ((call_expression function: (selector_expression operand: (identifier) @_o field: (field_identifier) @_n))
          @exit (#eq? @_o "log") (#any-of? @_n "Fatal" "Fatalf" "Fatalln"))
    """,
    captures={"short": flow.SHORT, "panic": Side(Terminator.PANIC), "exit": Side(Terminator.EXIT)},
    negations=frozenset({"unary_expression"}),
    silent=frozenset({"empty_statement"}),
)
