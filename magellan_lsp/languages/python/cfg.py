"""Control flow of Python. Vocabulary: ``languages/flow.py``."""

from __future__ import annotations

from tree_sitter import Node

from magellan_lsp.facts.cfg import BlockKind, EdgeKind, Terminator
from magellan_lsp.languages import flow
from magellan_lsp.languages.flow import Case, FlowRules, Function, If, Jump, Loop, Side, Switch, Try, With


def _branch(position: int) -> flow.Part:
    """``then if condition else other``: children by position, comments apart."""

    def find(node: Node) -> Node | None:
        children = [child for child in node.named_children if child.type != "comment"]
        return children[position] if position < len(children) else None

    return find


def _other(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"][2:3]


def _patterns(node: Node) -> list[tuple[int, int]]:
    patterns = [child for child in node.named_children if child.type == "case_pattern"]
    return [(patterns[0].start_byte, patterns[-1].end_byte)] if patterns else []


def _irrefutable(node: Node, source: bytes) -> bool:
    """``case _:`` and ``case name:``."""
    patterns = [child for child in node.named_children if child.type == "case_pattern"]
    if len(patterns) != 1:
        return False
    text = source[patterns[0].start_byte : patterns[0].end_byte].strip()
    return _is_name(text)


_CONSTANTS = frozenset({b"None", b"True", b"False"})


def _is_name(text: bytes) -> bool:
    return text.decode("utf-8", "replace").isidentifier() and text not in _CONSTANTS


def _takes_all(node: Node, source: bytes) -> bool:
    """``except:`` and ``except BaseException:``."""
    value = node.child_by_field_name("value")
    if value is None:
        return not any(child.type not in ("block", "comment") for child in node.named_children)
    if value.type == "as_pattern" and value.named_children:
        value = value.named_children[0]
    return source[value.start_byte : value.end_byte] == b"BaseException"


def _guard(node: Node) -> Node | None:
    clause = node.child_by_field_name("guard")
    return flow.first_child(clause) if clause is not None else None


RULES = FlowRules(
    constructs={
        "function_definition": Function(),
        "lambda": Function(anonymous=True),
        "class_definition": flow.Opaque(),
        "list_comprehension": flow.Opaque(),
        "set_comprehension": flow.Opaque(),
        "dictionary_comprehension": flow.Opaque(),
        "generator_expression": flow.Opaque(),
        "block": flow.Block(),
        "if_statement": If(elifs=frozenset({"elif_clause"})),
        "conditional_expression": If(
            condition=_branch(1), then=_branch(0), rest=_other, unwrap=frozenset(), ternary=True
        ),
        "while_statement": Loop(BlockKind.WHILE, flow.while_parts, rest="alternative"),
        "for_statement": Loop(BlockKind.FOR, flow.each_parts("left", "right"), rest="alternative"),
        "match_statement": Switch(value=flow.first_child),
        "case_clause": Case(
            values=_patterns,
            body=flow.fields("consequence"),
            guard=_guard,
            default=_irrefutable,
            binds=True,
        ),
        "try_statement": Try(
            handlers={"except_clause": _takes_all, "except_group_clause": flow.some},
            rest=frozenset({"else_clause"}),
        ),
        "with_statement": With(flow.child_of("with_clause")),
        "return_statement": flow.Return(),
        "raise_statement": flow.Throw(),
        "assert_statement": flow.Assert(),
        "break_statement": Jump(EdgeKind.BREAK, flow.LOOPS),
        "continue_statement": Jump(EdgeKind.CONTINUE, flow.LOOPS),
        "boolean_operator": flow.SHORT,
        "yield": Side(Terminator.YIELD),
        "await": Side(Terminator.AWAIT),
    },
    queries="""
        ((call function: (identifier) @_f) @raise (#any-of? @_f "exit" "quit"))
        ((call function: (attribute object: (identifier) @_o attribute: (identifier) @_a)) @raise
          (#eq? @_o "sys") (#eq? @_a "exit"))
        ((call function: (attribute object: (identifier) @_o attribute: (identifier) @_a)) @exit
          (#eq? @_o "os") (#any-of? @_a "_exit" "abort"))
    """,
    # `sys.exit()` raises SystemExit: handlers and `finally` see it.
    captures={"raise": Side(Terminator.PANIC), "exit": Side(Terminator.EXIT)},
    negations=frozenset({"not_operator"}),
    silent=frozenset({"pass_statement", "global_statement", "nonlocal_statement"}),
    always=frozenset({b"True", b"1"}),
    never=frozenset({b"False", b"0"}),
    top_level=True,
    decorators=True,
)
