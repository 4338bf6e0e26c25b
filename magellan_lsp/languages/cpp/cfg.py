"""Control flow of C++ (and CUDA): that of C, with exceptions, lambdas, range loops and coroutines.

Destructors and functions that are declared ``[[noreturn]]`` are not drawn.
"""

from __future__ import annotations

from tree_sitter import Node

from magellan_lsp.facts.cfg import BlockKind, Terminator
from magellan_lsp.languages import flow
from magellan_lsp.languages.c.cfg import CAPTURES, CONSTRUCTS, QUERIES, function_name
from magellan_lsp.languages.c.cfg import RULES as C_RULES
from magellan_lsp.languages.flow import FlowRules, Function, Loop, LoopParts, Side, Try


def _takes_all(node: Node, source: bytes) -> bool:
    """``catch (...)``."""
    parameters = node.child_by_field_name("parameters")
    return parameters is not None and parameters.named_child_count == 0


def _body(node: Node) -> Node | None:
    """The body; of a constructor, a ``try`` may be around it."""
    return node.child_by_field_name("body") or flow.child_of("try_statement")(node)


def _range_parts(node: Node) -> LoopParts:
    declarator, right = node.child_by_field_name("declarator"), node.child_by_field_name("right")
    before = node.children_by_field_name("initializer")
    first = node.child_by_field_name("type") or declarator or right
    if first is None or right is None:
        return LoopParts(before, each=(node.start_byte, node.start_byte))
    return LoopParts(before, each=(first.start_byte, right.end_byte))


RULES = FlowRules(
    constructs={
        **CONSTRUCTS,
        "function_definition": Function(body=_body, name=function_name),
        "lambda_expression": Function(anonymous=True),
        "class_specifier": flow.Opaque(),
        "for_range_loop": Loop(BlockKind.FOR, _range_parts),
        "try_statement": Try(handlers={"catch_clause": _takes_all}, finals=frozenset()),
        "throw_statement": flow.Throw(),
        "co_return_statement": flow.Return(),
        "co_await_expression": Side(Terminator.AWAIT),
        "co_yield_statement": Side(Terminator.YIELD),
    },
    queries=QUERIES.replace('["&&" "||"]', '["&&" "||" "and" "or"]')
    + """
    ((call_expression function: (qualified_identifier scope: (_) @_s name: (identifier) @_f)) @exit
      (#eq? @_s "std")
      (#any-of? @_f "exit" "_Exit" "abort" "quick_exit" "terminate" "longjmp" "unreachable" "rethrow_exception"))
    """,
    captures=CAPTURES,
    comments=C_RULES.comments,
    transparent=frozenset({"parenthesized_expression", "condition_clause"}),
    negations=C_RULES.negations,
    always=C_RULES.always,
    never=C_RULES.never,
)
