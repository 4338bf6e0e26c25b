"""TypeScript's texts as the grammar can read them.

In a type a line break ends what stands before it when ``<`` follows: the next line is another call signature. The grammar
takes ``<`` for the beginning of type arguments all the same, and of an interface with such signatures little is left::

    interface Handlers {
      (name: string): Name
      <P extends string>(path: P): Path<P>
    }

Nor does it know some words of newer versions, which change nothing of what names mean: ``for (using file of files)``,
``export type * from "./types"``, the variance of a type parameter (``<in out T>``) and ``accessor`` fields. Where a text has
errors such words are blanked, or replaced by one of the same length, so that every offset stays.
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
#: The end of a variance, which the name of a type parameter follows, and what may stand behind that.
_NAME = rb"(?=[ \t\r\n]{1,200}[A-Za-z_$][\w$]*\s{0,200}(?:[,>=]|extends\b))"
_MODIFIERS = rb"static|override|readonly|abstract|public|private|protected"
#: Words that the grammar does not know at their places (group 1), and what stands there instead, filled up with blanks.
_WORDS = (
    (rb"\bfor[ \t]*(?:await[ \t]*)?\([ \t]*((?:await[ \t]+)?using)(?=[ \t]+[\w$]+[ \t]+of\b)", b"const"),
    (rb"\bexport[ \t]+(type)(?=[ \t]*\*)", b""),
    (rb"[<,]\s{0,200}(in[ \t]+out|in|out)" + _NAME, b""),
    (rb"(?:^|[{;)]|\b(?:" + _MODIFIERS + rb"))[ \t]*\b(accessor)(?=[ \t]+[#\w$\[\"'])", b""),
)
_PATTERNS = tuple((re.compile(pattern, re.MULTILINE), word) for pattern, word in _WORDS)


def read(source: bytes, parse: Callable[[bytes], Tree]) -> tuple[Tree, Any]:
    """The tree, and no note. Where it has errors, the text is made readable if that makes the errors fewer."""
    tree = parse(source)
    if not tree.root_node.has_error:
        return tree, None
    text = bytearray(source)
    for match in _SIGNATURE.finditer(source):
        text[match.start(1)] = ord(";")
    for pattern, word in _PATTERNS:
        for match in pattern.finditer(source):
            text[match.start(1) : match.end(1)] = word.ljust(match.end(1) - match.start(1))
    if text == source:
        return tree, None
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
