"""Items that macros by example write: the rules of a file's macros, read as code, and what its calls put into them.

The grammar leaves a rule's right side as a heap of tokens. Where it consists of items (``impl Trait for $t { … }``), it is
shown to the parser once more as such, with every offset kept: ``$name`` becomes ``_name``, ``$( … ),*`` what stands in
it. Calls of the macro in the same file say what ``$name`` stands for; they are matched with the rules as the compiler
does it (https://doc.rust-lang.org/reference/macros-by-example.html), as far as tokens alone tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

#: What is begun and never ends goes on to the end of the text, so that nothing is looked through twice.
_TOKEN = re.compile(
    rb"(?P<doc>///(?!/)[^\n]*|/\*\*(?![*/]).*?(?:\*/|\Z))|(?P<skip>\s+|//[^\n]*|/\*.*?(?:\*/|\Z))"
    rb"|(?P<literal>b?\"(?:[^\"\\]|\\.)*+(?:\"|\\?\Z)|b?r(?P<hashes>#*+)\".*?(?:\"(?P=hashes)|\Z)|b?'(?:[^\\'\n]|\\[^\n]{1,10}?)'|\d[\w.]*)"
    rb"|(?P<lifetime>'[A-Za-z_]\w*)|(?P<word>(?:r#)?[A-Za-z_]\w*)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    rb"|(?P<sign>=>|::|->|\.\.=?|.)",
    re.DOTALL,
)
_ITEM = frozenset(
    {
        b"pub", b"fn", b"mod", b"use", b"struct", b"enum", b"impl", b"trait", b"const", b"static", b"type", b"extern",
        b"unsafe", b"async",
    }
)  # fmt: skip
#: Fragments that become blanks where items are read: nothing of their length means the same.
_BLANK = frozenset({b"vis", b"item", b"stmt"})
_REPEATS = frozenset({b"*", b"+", b"?"})
_DEFINITION = re.compile(
    rb"(?m)^[ \t]*(?:pub(?:\([^)\n]*\))?[ \t]+)?macro_rules!\s*([A-Za-z_]\w*)\s*([({\[])"
)
#: A macro call that begins a line.
_CALL = re.compile(rb"(?m)^[ \t]*((?:\w+::)*)(?!macro_rules\b)([A-Za-z_]\w*)!\s*([(\[{])")
_MAX_DEPTH = 6  # calls of macros inside of macros
_MAX_NESTING = 100  # brackets in brackets
_MAX_CALLS = 400  # of a file
_MAX_UNCLOSED = 8  # brackets that are followed to the end of a file
_MAX_STEPS = 40_000  # of matching, for a file


class Token(NamedTuple):
    """A token, or a pair of brackets with what is between them; byte offsets."""

    kind: str  # word, literal, lifetime, sign, group
    text: bytes  # of a group its opening bracket
    start: int
    end: int
    inner: tuple[Token, ...] = ()


class Rule(NamedTuple):
    """``(pattern) => { body }``."""

    pattern: tuple[Token, ...]
    body: Token
    fragments: dict[bytes, bytes]  # of the variables: name -> ident, ty, …
    has_items: bool


class Definition(NamedTuple):
    """A ``macro_rules!``, from its head to its last bracket."""

    name: str
    start: int
    end: int
    rules: tuple[Rule, ...]


class Call(NamedTuple):
    """A macro call that begins a line."""

    path: str  # with its macro's name at the end
    start: int
    open: int


class Use(NamedTuple):
    """What a call puts into one rule that has items: names of variables and the tokens that they stand for."""

    start: int  # of the call
    body: tuple[int, int]  # the rule's
    bound: dict[bytes, list[tuple[Token, ...]]]


Bound = dict[bytes, list[tuple[Token, ...]]]


def definitions(source: bytes) -> list[Definition]:
    """The macros by example of a file that write items."""
    found: list[Definition] = []
    last = -1
    n_unclosed = 0
    for match in _DEFINITION.finditer(source) if b"macro_rules!" in source else ():
        if match.start() < last:
            continue  # one that another one writes
        tree = _tree(source, match.start(2))
        if tree is None:
            n_unclosed += 1
            if n_unclosed == _MAX_UNCLOSED:
                break
            continue
        last = tree.end
        found.append(Definition(match.group(1).decode(), match.start(1), tree.end, tuple(_rules(tree.inner))))
    return found


def calls(source: bytes) -> list[Call]:
    """The macro calls of a file that begin a line."""
    return [
        Call((match.group(1) + match.group(2)).decode(), match.start(1), match.start(3))
        for match in _CALL.finditer(source)
    ][:_MAX_CALLS]


def laid_out(source: bytes, macros: Sequence[Definition]) -> bytes | None:
    """A text of the same length in which only the items of macros stand; None when there are none."""
    text = bytearray(b" " * len(source))
    n_items = 0
    for macro in macros:
        for rule in macro.rules:
            if rule.has_items:
                n_items += 1
                start, end = rule.body.start + 1, rule.body.end - 1
                text[start:end] = source[start:end]
                _edit(text, rule.body.inner, rule.fragments)
    return bytes(text) if n_items else None


def uses(source: bytes, macros: Sequence[Definition], at: Sequence[Call]) -> list[Use]:
    """What the calls put into the rules that have items."""
    by_name = {macro.name: macro for macro in macros}
    matcher = _Matcher(by_name)
    found: list[Use] = []
    n_unclosed = 0
    for call in at:
        macro = by_name.get(call.path)
        if macro is None:
            continue
        tree = _tree(source, call.open)
        if tree is not None:
            found += [Use(call.start, body, bound) for body, bound in matcher.expand(macro, tree.inner, 0)]
        else:
            n_unclosed += 1
            if n_unclosed == _MAX_UNCLOSED:
                break
    return found


def _tree(source: bytes, at: int) -> Token | None:
    """The brackets that open at an offset; None where they do not close, or nest too deep."""
    stack: list[tuple[bytes, int, list[Token]]] = []
    position = at
    while match := _TOKEN.match(source, position):
        position = match.end()
        kind, text = str(match.lastgroup), match.group()
        if kind == "hashes":
            kind = "literal"
        if kind == "skip":
            continue
        if kind == "open":
            if len(stack) == _MAX_NESTING:
                return None
            stack.append((text, match.start(), []))
        elif kind == "close":
            opening, start, inner = stack.pop()
            group = Token("group", opening, start, position, tuple(inner))
            if not stack:
                return group
            stack[-1][2].append(group)
        elif kind == "doc":  # the compiler sees an attribute
            inside = (Token("word", b"doc", match.start(), position),)
            stack[-1][2].append(Token("sign", b"#", match.start(), match.start()))
            stack[-1][2].append(Token("group", b"[", match.start(), position, inside))
        else:
            stack[-1][2].append(Token(kind, text, match.start(), position))
    return None


def _rules(tokens: Sequence[Token]) -> Iterator[Rule]:
    for at in range(len(tokens) - 2):
        pattern, arrow, body = tokens[at : at + 3]
        if arrow.text == b"=>" and pattern.kind == "group" and body.kind == "group":
            fragments = dict(_fragments(pattern.inner))
            yield Rule(pattern.inner, body, fragments, _has_items(body.inner, fragments))


def _fragments(tokens: Sequence[Token]) -> Iterator[tuple[bytes, bytes]]:
    for at, token in enumerate(tokens):
        if token.kind == "group":
            yield from _fragments(token.inner)
        elif token.text == b"$" and at + 3 < len(tokens) and tokens[at + 2].text == b":":
            yield tokens[at + 1].text, tokens[at + 3].text


def _has_items(tokens: Sequence[Token], fragments: dict[bytes, bytes]) -> bool:
    """Whether a rule's right side begins with an item, behind its attributes and visibility."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        after = tokens[at + 1] if at + 1 < len(tokens) else token
        if token.text == b"#":
            at += 2
        elif token.text == b"$" and after.kind == "group":
            if after.inner[:1] and after.inner[0].text != b"#":
                return _has_items(after.inner, fragments)
            at += 2
            while at < len(tokens) and tokens[at].text not in _REPEATS:
                at += 1
            at += 1
        elif token.text == b"$" and fragments.get(after.text) in _BLANK:
            at += 2
        else:
            return token.text in _ITEM and not (token.text == b"unsafe" and after.kind == "group")
    return False


def _edit(text: bytearray, tokens: Sequence[Token], fragments: dict[bytes, bytes]) -> None:
    """Make a rule's right side what the parser knows."""

    def blank(start: int, end: int) -> None:
        text[start:end] = b" " * (end - start)

    at = 0
    while at < len(tokens):
        token = tokens[at]
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.kind == "group":
            _edit(text, token.inner, fragments)
        elif token.text == b"$" and after is not None and after.kind == "group":
            _edit(text, after.inner, fragments)
            blank(token.start, after.start + 1)
            end = at + 2
            while end < len(tokens) - 1 and tokens[end].text not in _REPEATS and end < at + 3:
                end += 1
            blank(after.end - 1, tokens[min(end, len(tokens) - 1)].end)
            at = end
        elif token.text == b"$" and after is not None and after.kind == "word":
            kind = fragments.get(after.text, b"")
            if kind in _BLANK:
                blank(token.start, after.end)
            elif kind == b"block":
                text[token.start : after.end] = b"{}".ljust(after.end - token.start)
            else:
                text[token.start : token.end] = b"'" if kind == b"lifetime" else b"_"
            at += 1
        at += 1


class _Matcher:
    """Matches calls with the rules of a file's macros."""

    def __init__(self, macros: dict[str, Definition]) -> None:
        self.macros = macros
        self.left = _MAX_STEPS

    def expand(
        self, macro: Definition, tokens: Sequence[Token], depth: int
    ) -> Iterator[tuple[tuple[int, int], Bound]]:
        """The rule that a call means, if it has items; else those that it calls in turn."""
        for rule in macro.rules:
            bound: Bound = {}
            end = self._match(rule.pattern, tokens, 0, bound)
            if end != len(tokens):
                continue
            if rule.has_items:
                yield (rule.body.start, rule.body.end), bound
            elif depth < _MAX_DEPTH:
                for inner, given in self._calls(rule.body.inner, bound, -1):
                    yield from self.expand(inner, given, depth + 1)
            return

    def _calls(
        self, tokens: Sequence[Token], bound: Bound, turn: int
    ) -> Iterator[tuple[Definition, list[Token]]]:
        """The calls of the file's macros in a rule's right side, with what is given to them."""
        self.left -= len(tokens)
        for at in range(len(tokens) - 1 if self.left > 0 else 0):
            token, after = tokens[at], tokens[at + 1]
            if token.text == b"$" and after.kind == "group":
                for index in range(_turns(after.inner, bound) if _calls_macros(after.inner) else 0):
                    yield from self._calls(after.inner, bound, index)
            elif after.text == b"!" and token.kind == "word" and at + 2 < len(tokens):
                name = token.text
                if at and tokens[at - 1].text == b"$":
                    given = _text_of(bound, name, turn)
                    name = given[0].text if len(given) == 1 else b""
                macro, group = self.macros.get(name.decode()), tokens[at + 2]
                if macro is not None and group.kind == "group" and self.left > 0:
                    yield macro, self._filled(group.inner, bound, turn)

    def _match(self, pattern: Sequence[Token], tokens: Sequence[Token], at: int, bound: Bound) -> int:
        """The position behind what the pattern takes of the tokens from ``at`` on, or -1."""
        place = 0
        while place < len(pattern):
            self.left -= 1
            if self.left < 0:
                return -1
            part = pattern[place]
            after = pattern[place + 1] if place + 1 < len(pattern) else None
            if part.text == b"$" and after is not None and after.kind == "group":
                place, at = self._repeated(pattern, place, tokens, at, bound)
            elif part.text == b"$" and after is not None and place + 3 < len(pattern):
                end = _fragment(tokens, at, pattern[place + 3].text)
                if end < 0:
                    return -1
                bound.setdefault(after.text, []).append(tuple(tokens[at:end]))
                at = end
                place += 4
            else:
                if at >= len(tokens) or tokens[at].text != part.text or tokens[at].kind != part.kind:
                    return -1
                if part.kind == "group" and self._match(part.inner, tokens[at].inner, 0, bound) != len(
                    tokens[at].inner
                ):
                    return -1
                at += 1
                place += 1
            if at < 0:
                return -1
        return at

    def _repeated(
        self, pattern: Sequence[Token], place: int, tokens: Sequence[Token], at: int, bound: Bound
    ) -> tuple[int, int]:
        """Match ``$( … ) separator *``: the places behind it in the pattern, and among the tokens."""
        inner = pattern[place + 1].inner
        place += 2
        separator = b""
        if place < len(pattern) and pattern[place].text not in _REPEATS:
            separator = pattern[place].text
            place += 1
        operator = pattern[place].text if place < len(pattern) else b"*"
        times = 0
        while at < len(tokens) and not (operator == b"?" and times):
            start = at
            if times and separator:
                if tokens[at].text != separator:
                    break
                start = at + 1
            once: Bound = {}
            end = self._match(inner, tokens, start, once)
            if end <= at:
                break
            for name, texts in once.items():
                bound.setdefault(name, []).extend(texts)
            at = end
            times += 1
        return place + 1, at if times or operator != b"+" else -1

    def _filled(self, tokens: Sequence[Token], bound: Bound, turn: int) -> list[Token]:
        """Tokens of a rule's right side with its variables replaced; ``turn`` counts inside a repetition."""
        found: list[Token] = []
        self.left -= len(tokens)
        at = 0
        while at < len(tokens) and self.left > 0:
            token = tokens[at]
            after = tokens[at + 1] if at + 1 < len(tokens) else None
            if token.text == b"$" and after is not None and after.kind == "word":
                found += _text_of(bound, after.text, turn)
                at += 1
            elif token.text == b"$" and after is not None and after.kind == "group":
                at += 2
                separator = None
                if at < len(tokens) and tokens[at].text not in _REPEATS:
                    separator = tokens[at]
                    at += 1
                for index in range(_turns(after.inner, bound)):
                    if index and separator is not None:
                        found.append(separator)
                    found += self._filled(after.inner, bound, index)
            elif token.kind == "group":
                found.append(token._replace(inner=tuple(self._filled(token.inner, bound, turn))))
            else:
                found.append(token)
            at += 1
        return found


def _fragment(tokens: Sequence[Token], at: int, kind: bytes) -> int:
    """The position behind a fragment of a kind, or -1 when none begins there."""
    token = tokens[at] if at < len(tokens) else None
    if kind == b"vis":
        if token is None or token.text != b"pub":
            return at
        return at + 2 if at + 1 < len(tokens) and tokens[at + 1].text == b"(" else at + 1
    if token is None:
        return -1
    if kind in (b"ident", b"lifetime", b"literal", b"block"):
        if kind == b"literal" and token.text == b"-":
            return at + 2
        fits = {
            b"ident": token.kind == "word",
            b"lifetime": token.kind == "lifetime",
            b"literal": token.kind == "literal" or token.text in (b"true", b"false"),
            b"block": token.text == b"{" and token.kind == "group",
        }[kind]
        return at + 1 if fits else -1
    if kind == b"tt":
        return at + 1
    ends = _ENDS.get(kind, _ENDS[b"expr"])
    depth = 0
    start = at
    while at < len(tokens):
        token = tokens[at]
        if depth <= 0 and token.kind == "sign" and token.text in ends:
            break
        if kind in (b"ty", b"path"):
            if token.text == b"{" or (token.text == b"for" and at > start):
                break
            depth += (token.text == b"<") - (token.text == b">")
        at += 1
    return at if at > start else -1


#: What ends fragments.
_ENDS = {
    b"ty": frozenset({b",", b"=>", b"=", b":", b";", b"|", b">"}),
    b"path": frozenset({b",", b"=>", b"=", b":", b";", b"|", b">"}),
    b"expr": frozenset({b",", b"=>", b";"}),
    b"pat": frozenset({b",", b"=>", b"="}),
    b"meta": frozenset({b","}),
}


def _text_of(bound: Bound, name: bytes, turn: int) -> tuple[Token, ...]:
    """What a variable stands for, in a repetition that of one turn."""
    texts = bound.get(name)
    return texts[min(max(turn, 0), len(texts) - 1)] if texts else ()


def _calls_macros(tokens: Sequence[Token]) -> bool:
    """Whether a macro call is among the tokens, or in a repetition among them."""
    return any(
        (after.text == b"!" and token.kind == "word")
        or (token.text == b"$" and after.kind == "group" and _calls_macros(after.inner))
        for token, after in pairwise(tokens)
    )


def _turns(tokens: Sequence[Token], bound: Bound) -> int:
    """How often a repetition is written."""
    return max((len(bound.get(name, ())) for name in _variables(tokens)), default=0)


def _variables(tokens: Sequence[Token]) -> Iterator[bytes]:
    for before, token in pairwise(tokens):
        if before.text == b"$" and token.kind == "word":
            yield token.text
    for token in tokens:
        if token.kind == "group":
            yield from _variables(token.inner)
