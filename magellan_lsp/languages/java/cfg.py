"""Control flow of Java. Vocabulary: ``languages/flow.py``."""

from __future__ import annotations

from tree_sitter import Node

from magellan_lsp.facts.cfg import BlockKind, EdgeKind, Terminator
from magellan_lsp.languages import flow
from magellan_lsp.languages.flow import Case, FlowRules, Function, If, Jump, Label, Loop, Side, Switch, Try

_LABELS = flow.children_of("switch_label")
_label = flow.text_of(flow.child_of("identifier"))


def _values(node: Node) -> list[tuple[int, int]]:
    """One span per ``case`` label, without its guard."""
    spans = []
    for label in _LABELS(node):
        parts = [child for child in label.named_children if child.type != "guard"]
        if parts:
            spans.append((parts[0].start_byte, parts[-1].end_byte))
    return spans


def _guard(node: Node) -> Node | None:
    for label in _LABELS(node):
        guard = flow.child_of("guard")(label)
        if guard is not None:
            return flow.last_child(guard)
    return None


def _is_default(node: Node, source: bytes) -> bool:
    """``default`` among the labels: ``default ->``, ``case null, default ->``."""
    return any(child.type == "default" for label in _LABELS(node) for child in label.children)


def _group(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "switch_label"]


def _is_expression(node: Node) -> bool:
    """A switch for its value has a case for everything; the compiler sees to it."""
    parent = node.parent
    return parent is not None and parent.type not in (
        "block", "expression_statement", "switch_block_statement_group", "labeled_statement", "constructor_body",
        "if_statement", "for_statement", "while_statement", "enhanced_for_statement", "do_statement", "switch_rule",
    )  # fmt: skip


def _takes_all(node: Node, source: bytes) -> bool:
    """``catch (Throwable t)``."""
    parameter = flow.child_of("catch_formal_parameter")(node)
    kind = flow.child_of("catch_type")(parameter) if parameter is not None else None
    return kind is not None and source[kind.start_byte : kind.end_byte] in (
        b"Throwable",
        b"java.lang.Throwable",
    )


_TRY = Try(handlers={"catch_clause": _takes_all}, resources="resources")
_SWITCH = Switch(value="condition", exhaustive=_is_expression)

RULES = FlowRules(
    constructs={
        "method_declaration": Function(),
        "constructor_declaration": Function(),
        "compact_constructor_declaration": Function(),
        "static_initializer": Function(body=flow.child_of("block"), anonymous=True),
        "lambda_expression": Function(anonymous=True),
        "class_body": flow.Opaque(),
        "interface_body": flow.Opaque(),
        "enum_body": flow.Opaque(),
        "annotation_type_body": flow.Opaque(),
        "block": flow.Block(),
        "constructor_body": flow.Block(),
        "synchronized_statement": flow.Block(),
        "if_statement": If(unwrap=frozenset()),
        "ternary_expression": If(unwrap=frozenset(), ternary=True),
        "while_statement": Loop(BlockKind.WHILE, flow.while_parts),
        "do_statement": Loop(BlockKind.DO, flow.while_parts, after=True),
        "for_statement": Loop(BlockKind.FOR, flow.for_parts("init", "condition", "update")),
        "enhanced_for_statement": Loop(BlockKind.FOR, flow.each_parts("name", "value")),
        "switch_expression": _SWITCH,
        "switch_statement": _SWITCH,
        "switch_block_statement_group": Case(
            values=_values, body=_group, guard=_guard, default=_is_default, falls=True
        ),
        "switch_rule": Case(values=_values, body=_group, guard=_guard, default=_is_default),
        "try_statement": _TRY,
        "try_with_resources_statement": _TRY,
        "return_statement": flow.Return(),
        "throw_statement": flow.Throw(),
        "assert_statement": flow.Assert(),
        "break_statement": Jump(EdgeKind.BREAK, flow.LOOPS_AND_SWITCHES, _label),
        "continue_statement": Jump(EdgeKind.CONTINUE, flow.LOOPS, _label),
        "yield_statement": Jump(EdgeKind.BREAK, frozenset({"switch"})),
        "labeled_statement": Label(
            _label, lambda node: [c for c in (flow.last_child(node),) if c is not None]
        ),
    },
    queries="""
        ((binary_expression operator: ["&&" "||"]) @short)
        ((method_invocation object: (identifier) @_o name: (identifier) @_n) @exit
          (#eq? @_o "System") (#eq? @_n "exit"))
        ((method_invocation object: (method_invocation object: (identifier) @_o) name: (identifier) @_n) @exit
          (#eq? @_o "Runtime") (#any-of? @_n "exit" "halt"))
    """,
    captures={"short": flow.SHORT, "exit": Side(Terminator.EXIT)},
    comments=frozenset({"line_comment", "block_comment"}),
    negations=frozenset({"unary_expression"}),
    silent=frozenset({";"}),
)
