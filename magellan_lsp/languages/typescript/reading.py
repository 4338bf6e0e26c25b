"""TypeScript's texts as the grammar can read them.

In a type a line break ends what stands before it when ``<`` follows: the next line is another call signature. The grammar
takes ``<`` for the beginning of type arguments all the same, and of an interface with such signatures little is left::

    interface Handlers {
      (name: string): Name
      <P extends string>(path: P): Path<P>
    }
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tree_sitter import Node, Tree

#: A comment or an empty line. Its length is bounded: each of many lines may be the one before.
_COMMENT = rb"[ \t]*(?://[^\n]*)?\r?\n|[ \t]*/\*(?:[^*]|\*(?!/)){0,2000}\*/[ \t]*\r?\n"
#: The blank before a line's ``<`` behind the end of a type, comments between them or not.
_SIGNATURE = re.compile(
    rb"[\w$\]})>\"'`][ \t]*\r?\n(?:" + _COMMENT + rb"){0,40}[ \t]*([ \t])"
    rb"(?=<\s*(?:const\s+)?[A-Za-z_$][\w$]*\s*(?:,|=|>\s*\(|extends\b))"
)


def read(source: bytes, parse: Callable[[bytes], Tree]) -> tuple[Tree, Any]:
    """The tree, and no note. Where it has errors, signatures get a ``;`` before them if that makes the errors fewer."""
    tree = parse(source)
    if not tree.root_node.has_error:
        return tree, None
    starts = [match.start(1) for match in _SIGNATURE.finditer(source)]
    if not starts:
        return tree, None
    text = bytearray(source)
    for start in starts:
        text[start] = ord(";")
    other = parse(bytes(text))
    return (other if _n_unread(other) < _n_unread(tree) else tree), None


def _n_unread(tree: Tree) -> int:
    """The bytes inside errors, and one for each token that is missing."""
    count, waiting = 0, [tree.root_node]
    while waiting:
        node: Node = waiting.pop()
        if node.is_error:
            count += node.end_byte - node.start_byte
        elif node.is_missing:
            count += 1
        elif node.has_error:
            waiting += node.children
    return count
