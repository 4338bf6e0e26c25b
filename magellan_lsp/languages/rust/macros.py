"""Parses Rust with the arguments of macros laid open.

The grammar leaves what stands inside ``name!(...)`` as a flat heap of tokens. Most macros take expressions,
statements or items, so the parser is given a text of the same length in which such calls look like what they
hold: ``println!(a.b())`` as the call ``println_(a.b())``, ``vec![a, b]`` as the array ``[a, b]``,
``cfg_rt! { fn f() {} }`` as the items themselves. Offsets stay those of the file. Where the result does not
parse, the macros near the errors are left as they are, and their tokens are linked as well as tokens can be
(``tokens.py``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from tree_sitter import Node, Tree

from magellan_lsp.languages.rust import by_example

_BANG = re.compile(rb"!\s*[(\[{]")
_WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
#: What may hide brackets that do not count.
_BRACKETS = re.compile(
    rb"//[^\n]*|/\*.*?(?:\*/|\Z)|b?\"(?:[^\"\\]|\\.)*\"|r(#++)\".*?(?:\"\1|\Z)|r\"[^\"]*\"|b?'(?:[^\\'\n]|\\[^\n]{1,10}?)'|[(){}\[\]]",
    re.DOTALL,
)
_PUNCTUATION = re.compile(_BRACKETS.pattern.replace(rb"[(){}\[\]]", rb"[(){}\[\],]"), re.DOTALL)
_SPACE = re.compile(rb"(?:\s|//[^\n]*|/\*.*?\*/|#!?\[[^\]]*\])*+", re.DOTALL)
_ITEM = re.compile(
    rb"(?:pub|fn|mod|use|struct|enum|impl|trait|const|static|type|extern|macro_rules!|let"
    rb"|unsafe\s+(?:fn|impl|trait|extern)|async\s+fn)\b|(?:\w+::)*[A-Za-z_]\w*!\s*\{"
)
_STATIC_REF = re.compile(rb"\bstatic\s+(ref)\b")
_CFG_IF = re.compile(rb"(?:else\s+)?if\s+#\[[^\]]*(?:\[[^\]]*\][^\]]*)*\]\s*\{|else\s*\{")
_CONST_TRAITS = re.compile(
    rb"\[const\]|~const\b|\bconst(?=[ \t]+(?:unsafe[ \t]+)?(?:auto[ \t]+)?(?:trait|impl)\b)"
)
_CONST_MARKS = (b"[const]", b"~const", b"const trait", b"const impl", b"const unsafe", b"const auto")
#: Macros whose tokens are code for another place, with values of this one put into it: ``quote!(fn #name() {})``.
TEMPLATES = frozenset({b"quote", b"quote_spanned", b"parse_quote", b"parse_quote_spanned"})
_WITH_ITEMS = frozenset({"mod_item", "impl_item", "trait_item", "foreign_mod_item"})
_ROUNDS = 4  # how often macros are given up before the file is parsed as it is
_MAX_ALONE, _TIMES_ALONE = (
    100_000,
    4,
)  # bytes of macro calls that are parsed by themselves, and times a file's length
_MAX_SPAN = 400_000  # bytes of one macro call that are looked through for its end


class Macro(NamedTuple):
    """One macro call laid open; byte offsets."""

    path: int  # where its path begins
    name: int  # where its last name begins
    bang: int
    open: int  # its bracket
    close: int  # the bracket's partner; -1: not looked for yet
    edits: tuple[tuple[int, int], ...]  # spans that become blanks; empty: the bang becomes part of the name


class Note(NamedTuple):
    """What reading a file found out of its macros."""

    opened: list[Macro]  # calls that were laid open
    written: list[by_example.Definition]  # macros by example
    calls: list[by_example.Call]  # that begin a line
    uses: list[by_example.Use]
    items: Tree | None  # the items that its macros write


def read(source: bytes, parse: Callable[[bytes], Tree]) -> tuple[Tree, Note]:
    """The tree of a file, and what its macros are."""
    source = _without_const_traits(source)
    written = by_example.definitions(source)
    tree, opened = _opened(source, parse, written)
    calls = by_example.calls(source)
    text = by_example.laid_out(source, written)
    if text is None:
        return tree, Note(opened, written, calls, [], None)
    return tree, Note(opened, written, calls, by_example.uses(source, written, calls), parse(text))


def further_roots(note: Note) -> list[Node]:
    """The items of macros, read as such."""
    return [note.items.root_node] if note.items is not None else []


def _opened(
    source: bytes, parse: Callable[[bytes], Tree], written: list[by_example.Definition]
) -> tuple[Tree, list[Macro]]:
    """The tree of a file, and the macro calls that were laid open in it: all but those of which the parser makes nothing."""
    starts = [macro.start for macro in written]
    macros = []
    for macro in _find(source):
        at = bisect_right(starts, macro.open) - 1
        if at < 0 or macro.open >= written[at].end:  # what a macro writes is read by itself
            macros.append(macro)
    if not macros:
        return parse(source), []
    tree = parse(_edited(source, macros))
    if not tree.root_node.has_error:
        return tree, macros
    plain = parse(source)
    items = {macro.open for macro in macros if macro.edits and macro.edits[-1][0] == macro.close}
    wrong = _failing(source, macros, parse) | (_among_items(plain.root_node) - items)
    for _ in range(_ROUNDS):
        if wrong:
            macros = [macro for macro in macros if macro.open not in wrong]
            tree = parse(_edited(source, macros))
        if not tree.root_node.has_error:
            return tree, macros
        wrong = _near(source, macros, _errors(tree.root_node))
    if not plain.root_node.has_error or len(_errors(plain.root_node)) < len(_errors(tree.root_node)):
        return plain, []
    return tree, macros


def _without_const_traits(source: bytes) -> bytes:
    """The text without the words that make traits and impls ``const``, as in the standard library's own sources: the
    grammar does not know them, and would take the impl for an error.
    """
    if any(mark in source for mark in _CONST_MARKS):
        return _CONST_TRAITS.sub(lambda match: b" " * len(match.group()), source)
    return source


def closing(source: bytes, at: int) -> int:
    """The offset of the bracket that closes the one at ``at``, or -1."""
    depth = 0
    for match in _BRACKETS.finditer(source, at, at + _MAX_SPAN):
        text = match.group()
        if len(text) > 1:
            continue
        if text in b"({[":
            depth += 1
        else:
            depth -= 1
            if not depth:
                return match.start()
    return -1


def pattern_argument(source: bytes, at: int) -> tuple[int, int]:
    """The span of what stands behind the first comma between the bracket at ``at`` and its partner."""
    depth = 0
    comma = -1
    for match in _PUNCTUATION.finditer(source, at, at + _MAX_SPAN):
        text = match.group()
        if len(text) > 1:
            continue
        if text == b",":
            if depth == 1 and comma < 0:
                comma = match.end()
        elif text in b"({[":
            depth += 1
        else:
            depth -= 1
            if not depth:
                return (comma if comma >= 0 else match.start(), match.start())
    return (at, at)


def _find(source: bytes) -> list[Macro]:
    found = []
    for match in _BANG.finditer(source):
        bang, at = match.start(), match.end() - 1
        before = source[max(0, bang - 100) : bang]
        name = bang - len(before) + len(before.rstrip(_WORD))
        if (
            name == bang or source[name] <= 57
        ):  # no name before it: the operator; a digit is no start of a name
            continue
        if source[name:bang] in TEMPLATES:
            continue
        path = name
        while source[path - 2 : path] == b"::":
            left = source[max(0, path - 100) : path - 2]
            start = path - 2 - len(left) + len(left.rstrip(_WORD))
            if start == path - 2:
                break
            path = start
        macro = _laid_open(source, path, name, bang, at)
        if macro is not None:
            found.append(macro)
    return found


def _laid_open(source: bytes, path: int, name: int, bang: int, at: int) -> Macro | None:
    """How a macro call is shown to the parser; None: as it is."""
    bracket = source[at : at + 1]
    if bracket == b"(" and source[name:bang] != b"thread_local":
        return Macro(path, name, bang, at, -1, ())
    if bracket == b"[":
        return Macro(path, name, bang, at, -1, ((path, bang + 1),))
    line = source.rfind(b"\n", 0, path) + 1
    close = -1 if b"//" in source[line:path] else closing(source, at)
    if close < 0:
        return None
    if source[name:bang] == b"cfg_if":
        return Macro(path, name, bang, at, close, _cfg_if(source, path, at, close))
    space = _SPACE.match(source, at + 1, close)
    first = space.end() if space is not None else at + 1
    if not source[line:path].strip() and _ITEM.match(source, first, close):
        refs = [m.span(1) for m in _STATIC_REF.finditer(source, at, close)]
        return Macro(path, name, bang, at, close, ((path, at + 1), *refs, (close, close + 1)))
    if b"=>" in source[at:close] or b"$" in source[at:close]:
        return None
    return Macro(path, name, bang, at, close, ((path, bang + 1),))


def _cfg_if(source: bytes, path: int, at: int, close: int) -> tuple[tuple[int, int], ...]:
    """All branches of a ``cfg_if!`` side by side: which one counts depends on the build."""
    edits = [(path, at + 1), (close, close + 1)]
    here = at + 1
    while True:
        space = _SPACE.match(source, here, close)
        head = _CFG_IF.match(source, space.end() if space is not None else here, close)
        if head is None:
            break
        end = closing(source, head.end() - 1)
        if end < 0:
            break
        edits.append(head.span())
        edits.append((end, end + 1))
        here = end + 1
    return tuple(edits)


def _edited(source: bytes, macros: list[Macro]) -> bytes:
    text = bytearray(source)
    for macro in macros:
        if not macro.edits:
            text[macro.bang] = 0x5F  # the name goes on as `name_`
        for start, end in macro.edits:
            text[start:end] = _blank(source[start:end])
    return bytes(text)


def _blank(text: bytes) -> bytes:
    """Blanks instead of the text, its lines kept."""
    return bytes(10 if byte == 10 else 32 for byte in text)


def _errors(root: Node) -> list[tuple[int, int]]:
    """Spans of the syntax errors."""
    found: list[tuple[int, int]] = []
    stack = [root]
    while stack and len(found) < 200:
        node = stack.pop()
        if node.is_error or node.is_missing:
            found.append((node.start_byte, node.end_byte))
        elif node.has_error:
            stack.extend(node.children)
    return found


def _failing(source: bytes, macros: list[Macro], parse: Callable[[bytes], Tree]) -> set[int]:
    """Opening brackets of those macro calls that do not parse by themselves, when the failing ones in them are left as they
    are: an error in one of them may span the whole file.
    """
    text = bytearray(_edited(source, macros))
    wrong: set[int] = set()
    left = _MAX_ALONE + _TIMES_ALONE * len(source)
    for macro in reversed(macros):  # inner ones before those around them
        close = macro.close if macro.close >= 0 else closing(source, macro.open)
        left -= (close if close >= 0 else min(len(source), macro.open + _MAX_SPAN)) - macro.path
        if left < 0:
            break
        alone = b"fn f() {" + bytes(text[macro.path : close + 1]) + b";}"
        if close < 0 or parse(alone).root_node.has_error:
            wrong.add(macro.open)
            for start, end in macro.edits or ((macro.bang, macro.bang + 1),):
                text[start:end] = source[start:end]
    return wrong


def _among_items(root: Node) -> set[int]:
    """Opening brackets of the calls among the items of a module, impl or trait, where the grammar has no place for an
    expression.
    """
    found: set[int] = set()
    stack = [root]
    while stack:
        for node in stack.pop().named_children:
            if node.type in _WITH_ITEMS:
                body = node.child_by_field_name("body")
                if body is not None:
                    stack.append(body)
            elif node.type == "macro_invocation" and node.parent is not None:
                tokens = node.named_children[-1]
                if node.parent.type == "declaration_list" and tokens.type == "token_tree":
                    found.add(tokens.start_byte)
    return found


def _near(source: bytes, macros: list[Macro], errors: list[tuple[int, int]]) -> set[int]:
    """Opening brackets of the macro calls inside errors, and of the innermost ones around them."""
    opens = [macro.open for macro in macros]
    wrong: set[int] = set()
    for start, end in errors:
        last = bisect_right(opens, max(start, end - 1)) - 1
        at = last
        while at >= 0 and opens[at] >= start:
            wrong.add(opens[at])
            at -= 1
        for macro in reversed(macros[max(0, at - 30) : at + 1]):
            close = macro.close if macro.close >= 0 else closing(source, macro.open)
            if close < 0 or close >= start:
                wrong.add(macro.open)
                break
    return wrong
