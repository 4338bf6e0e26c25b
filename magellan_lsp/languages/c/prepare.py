"""Source text as the grammar can read it: what only a preprocessor understands is blanked, byte for byte.

The grammars know C and C++ before preprocessing only roughly: an export macro before a declaration, an
attribute macro behind it or two branches of a conditional that share a brace end in syntax errors that
swallow whole functions. Here such tokens become white space of the same length, so that every offset stays
true. What was blanked is not lost: :func:`blanked` finds it again by comparing the two texts, and its names
are uses like any other.

Text dropped as a branch that cannot stand beside its alternative becomes form feeds, all else spaces; that
is how the two are told apart later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from magellan_lsp.languages.c.conditions import NO, UNKNOWN, YES, Chances, Names

_TRIVIA = re.compile(
    rb"""//(?:[^\n\\]|\\.)*|/\*.*?(?:\*/|\Z)"""
    rb"""|R"(?P<tag>[^()\\\s"]{0,16})\(.*?\)(?P=tag)\""""
    rb"""|"(?:[^"\\\n]|\\.)*+"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)*+'"""
    # long, and not closed on its line: looked at once, not again from each sign in it
    rb"""|"(?:[^"\\\n]|\\.){200,}+|'(?:[^'\\\n]|\\.){200,}+""",
    re.DOTALL,
)
#: Tables that turn all but newlines into spaces, and into form feeds.
_TO_SPACES = bytes(10 if code == 10 else 32 for code in range(256))
_TO_FORM_FEEDS = bytes(10 if code == 10 else 12 for code in range(256))
_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*([a-z_]+)(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE | re.DOTALL)
_DEFINED = re.compile(rb"(?m)^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)")
#: Macros that stand for nothing or for further arguments: ``#define UNUSED``, ``#define EXTRA , extra``.
_ARGUMENT_MACRO = re.compile(rb"(?m)^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)[ \t]*(?:,[^\n]*)?$")
#: Two words before a comma or the end of parameters or arguments.
_LAST_WORDS = re.compile(rb"(?:(?<![\w.])(\w+)|(?<=[\"'\])]))[ \t]+([A-Za-z_]\w*)(?=[ \t\n]*[,)])")
_OPENERS = frozenset((b"if", b"ifdef", b"ifndef"))
_MIDDLES = frozenset((b"else", b"elif", b"elifdef", b"elifndef"))

_QUALIFIERS = frozenset(
    b"static extern inline const volatile virtual typedef friend constexpr register restrict mutable "
    b"explicit thread_local _Thread_local _Noreturn __inline __inline__ __restrict __extension__ constinit "
    b"consteval".split()
)
_TAGS = frozenset((b"struct", b"class", b"union", b"enum"))
#: Words that may stand before a name without declaring it.
_OTHER_KEYWORDS = frozenset(
    b"return else case goto do new delete throw operator using namespace sizeof if while for switch "
    b"default break continue public private protected template co_return co_await co_yield and or not "
    b"alignof decltype export requires concept typeid defined asm __asm__ __attribute__ noexcept override "
    b"final".split()
)
_BUILTIN = frozenset(b"void int char float double bool _Bool short long signed unsigned auto".split())
#: Words that more of a declaration has to follow.
_BEGINS_DECLARATION = (_BUILTIN | _QUALIFIERS) - {b"register"}
#: What no macro that stands for nothing is told apart behind: it could be a name, or a type.
_NO_NAMES = _QUALIFIERS | _TAGS | _OTHER_KEYWORDS | _BUILTIN
#: A run of words that declares something: type words, macros, a name.
_RUN = re.compile(
    rb"(?<![\w.>:#])(?:[A-Za-z_]\w*(?:[ \t\n*&]+[A-Za-z_]\w*){2,12}(?=([ \t\n*&]*)(?:[({;=\[,:)]|\Z))"
    rb"|[A-Za-z_]\w*[ \t\n*&]+[A-Za-z_]\w*(?=([ \t\n*&]*)\([A-Za-z_]\w*\)[ \t\n]*\())"
)
_WORD = re.compile(rb"[A-Za-z_]\w*")
_UPPER = re.compile(rb"_{0,2}[A-Z][A-Z0-9_]*[A-Z0-9]_{0,2}(?![\w])")
#: ``EXTERN(int) name(``: the macro's argument is the type. Found from its closing parenthesis, which is
#: quick.
_WRAPPED_END = re.compile(rb"\)[ \t\n]+\*?[A-Za-z_]\w*[ \t]*\(")
_WRAPPED = re.compile(rb"[ \t]*(?:static[ \t]+|extern[ \t]+)?([A-Z_][A-Z0-9_]{2,})[ \t]*\(([\w \t*]+)\Z")
_AFTER = re.compile(
    rb"\)([ \t\n]*(?:const[ \t\n]+)?)"
    rb"([A-Z_][A-Z0-9_]{2,}(?:[ \t]*\([\w \t,]*\))?(?:[ \t\n]+[A-Z_][A-Z0-9_]{2,})*)"
    rb"(?=[ \t\n]*(?:[;{=:]|->|(?:override|final|noexcept)\b))"
)
#: In C++, a word in capitals and what follows it, where it may stand before a declaration: a constructor's or
#: destructor's name, a qualified name, a qualified type and a name, or a word that only begins a declaration.
_LEADING = re.compile(
    rb"(?<![\w.>:#~&*\"'-])([A-Z_][A-Z0-9_]{2,}(?:[ \t\n]+[A-Z_][A-Z0-9_]{2,}){0,4})[ \t\n]+(?=(?:"
    rb"~?(?P<maker>[A-Za-z_]\w*)[ \t]*\("
    rb"|(?P<within>(?:[A-Za-z_]\w*(?:<[\w, ]{0,200}>)?::)+)(?P<last>~?[A-Za-z_]\w*)[ \t]*\("
    rb"|(?P<typed>(?:::(?:[A-Za-z_]\w*::)*|(?:[A-Za-z_]\w*::)+)[A-Za-z_]\w*(?:<[^;{}()]{0,300}>)?[ \t\n*&]+[A-Za-z_])"
    rb"|(?P<member>[A-Za-z_]\w*[ \t\n]+[A-Za-z_]\w*(?:<[\w, ]{0,200}>)?::[~A-Za-z_])"
    rb"|(?P<generic>[A-Za-z_]\w*<[^;{}()]{0,300}>[ \t\n*&]+[A-Za-z_])"
    rb"|(?P<through>(?:const[ \t\n]+)?[A-Za-z_][\w:]*(?:<[^;{}()]{0,300}>)?[ \t\n]*[&*]+[ \t\n]*(?:const[ \t\n]+)?"
    rb"(?:[A-Za-z_]\w*::)*(?:operator\b|[A-Za-z_]\w*[ \t]*\())"
    rb"|(?P<begins>(?:explicit|operator|virtual|friend|template|static|inline|constexpr|void|bool|int|char|auto|float"
    rb"|double|long|short|unsigned|signed)\b)))"
)
#: Macros that stand for a class's access specifiers, alone or behind one: ``LIB_PRIVATE_UNLESS_TESTED:``, ``public slots:``.
_ACCESS = re.compile(rb"(?m)^[ \t]*(\w*(?:PRIVATE|PUBLIC|PROTECTED)\w*|Q_SIGNALS|signals)[ \t]*:(?!:)")
_ACCESS_WORDS = (b"PRIVATE", b"PUBLIC", b"PROTECTED", b"signals", b"SIGNALS")
_BEHIND_ACCESS = re.compile(rb"(?m)^[ \t]*(?:public|private|protected)[ \t]+([A-Za-z_]\w*)[ \t]*:(?!:)")
_TEMPLATE_HEAD = re.compile(rb"\btemplate[ \t\n]*<")
#: A macro among template parameters: ``, LIB_ENABLE_IF (condition)``.
_PARAMETER_MACRO = re.compile(rb"[,<][ \t\n]*([A-Z_][A-Z0-9_]{2,}[ \t]*\()")
_CLASS_NAMES = re.compile(rb"\b(?:class|struct|union)[ \t\n]+(?:[A-Z_][A-Z0-9_]{2,}[ \t\n]+)?([A-Za-z_]\w*)")
#: ``LIB_TRY {`` and ``LIB_CATCH (...) {`` among statements.
_BLOCK_MACRO = re.compile(rb"(?<=[;{}])([ \t\n]+)([A-Z_][A-Z0-9_]{2,}(?:[ \t]*\([^;{}()]*\))?)(?=[ \t\n]*\{)")
#: ``Type name GUARDED_BY(mutex);``: an attribute behind a variable's name.
_BEHIND_NAME = re.compile(
    rb"([\w>*&])[ \t\n]*(?<![\w])(\w+)[ \t\n]+([A-Z_][A-Z0-9_]{2,}[ \t]*\((?:[^();{}]|\([^();{}]*\))*\))"
    rb"(?=[ \t\n]*[;={])"
)
#: ``class EXPORT Name final : base {``, ``class EXPORT ALIGNED Name {``
_CLASS_BEFORE = re.compile(
    rb"\b(?:class|struct|union)[ \t\n]+((?:[A-Z_][A-Z0-9_]{2,}(?:[ \t]*\([^;{}()]*\))?[ \t\n]+){1,4})"
    rb"(?=[A-Za-z_]\w*(?:<[^;{}()]{0,300}>)?[ \t\n]+final[ \t\n]*[:{]"
    rb"|[A-Za-z_]*[a-z]\w*(?:<[^;{}()]{0,300}>)?[ \t\n]*(?:\{|:(?!:)))"
)
_CLASS_AFTER = re.compile(rb"\b(?:class|struct)[ \t\n]+[\w:]+[ \t\n]+([A-Z_][A-Z0-9_]{2,})(?=[ \t\n]*[:{])")
_LONELY = re.compile(
    rb"(?m)^[ \t]*([A-Z_][A-Z0-9_]{2,})[ \t]*(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?[ \t\r]*$"
)
_SIMPLE_ARGUMENTS = re.compile(rb"\((?:[\w \t\n,:<>\"]|(?<=\d)\.(?=\d))*\)\Z")
#: By its name an attribute of the declaration behind it, whatever its arguments are.
_ATTRIBUTE = re.compile(
    rb"[A-Z0-9_]*(?:DEPRECATED|NON_?NULL|NODISCARD|UNUSED_RESULT|ATTR|NO_?RETURN)[A-Z0-9_]*\Z"
)
#: ``DECLARE(const char x[N];)``: a whole declaration as argument.
_WHOLE = re.compile(rb"(?m)^([A-Z_][A-Z0-9_]{2,}[ \t]*\()[^(){};]*;(\))")
#: ``DEFINE_DEFAULT (unsigned char, '\0');`` at the start of a line: neither parameters nor arguments.
_BOTH_KINDS = re.compile(
    rb"(?m)^([A-Z_][A-Z0-9_]{2,}[ \t]*\((?=[^;{}]{0,400}?[\"'\d])(?:[^(){};]{0,400}[\s(,])?"
    rb"(?:void|int|char|float|double|bool|short|long|signed|unsigned)\b(?:[^(){};]|\([^(){};]*\))*\))[ \t]*;"
)
#: ``type (name) (parameters)`` at the start of a line: parentheses that keep a macro of that name from
#: expanding.
_SHIELDED = re.compile(rb"(?m)^[A-Za-z_][\w \t*]*[ \t*](\()[A-Za-z_]\w*(\))(?=[ \t\n]*\()")
_TYPE_ARGUMENT = re.compile(
    rb"([(,])[ \t\n]*((?:const|struct|unsigned|signed|volatile|enum|union)[ \t]+)*[A-Za-z_]\w*"
    rb"((?:[ \t]*(?:\*|const\b))*)[ \t\n]*(?=[,)])"
)
#: ``unsigned short a::f ()``: the grammar takes the name's first part for the type's last word.
_SIZED = re.compile(
    rb"\b(?:unsigned|signed|short|long)(?:[ \t]+(?:unsigned|signed|short|long|int|char))*"
    rb"(?=[ \t\n]+[A-Za-z_]\w*::)"
)
_MEMBER_POINTER = re.compile(rb"\([ \t]*((?:[A-Za-z_]\w*::)+)(?=[ \t]*\*)")
_THROUGH_POINTER = re.compile(rb"->\*|\.\*(?=[ \t]*[A-Za-z_(])")
#: ``MACRO(x, {1, 2})``: braces as a macro's last argument.
_BRACED = re.compile(rb"[,(][ \t\n]*(\{)[^{};]*(\})(?=[ \t\n]*\))")
#: ``CHECK_OP (a, ==, b)``: an operator as a macro's argument.
_OPERATOR_ARGUMENT = re.compile(
    rb"(?:,[ \t\n]*([-+*/%^&|=<>!]{1,3})(?=[ \t\n]*[,)])|\([ \t\n]*([-+*/%^|=<>!]{1,3}|&{1,2})(?=[ \t\n]*,))"
)
_LITERAL = re.compile(rb"[\"']|(?<![\w])\d")
#: ``options = {}`` among parameters, which the grammar takes for a type with a list behind it.
_EMPTY_DEFAULT = re.compile(rb"=[ \t]*(\{\})(?=[ \t\n]*[,)])")
#: ``typename T::type (value)``: a value made of a type that depends on another.
_DEPENDENT_VALUE = re.compile(rb"typename(?=[ \t\n]+(?:[A-Za-z_]\w*::)+[A-Za-z_]\w*[({])")
#: What stands before a value.
_BEFORE_VALUE = re.compile(rb"(?:[(,=!?]|\breturn)[ \t\n]*\Z")
#: ``"%" PRIu64``: a format macro of the C library between pieces of a string.
_FORMAT = re.compile(rb"\"[ \t\n]*(PRI[a-zA-Z]+\d*\b|SCN[a-zA-Z]+\d*\b)")
#: Storage-like macros by their names, for `MACRO Type name(`, where either word could be the type.
_STORAGE = re.compile(
    rb"(?:.*(?:API|EXPORT|EXTERN|IMPORT|INLINE|PUBLIC|DLL|STATIC|FUNC|DECL|NODISCARD|VISIBLE|CONSTEXPR|EXPLICIT)\d*)\Z"
)
_SPACE = b" \t\r\n\f"


class Blank(NamedTuple):
    """A span that the grammar did not see. ``dropped``: as a branch that cannot stand beside its
    alternative.
    """

    start: int
    end: int
    dropped: bool


class Directive(NamedTuple):
    """One preprocessor line, continuations included."""

    word: bytes
    start: int
    end: int


class Prepared(NamedTuple):
    """What there is to parse. All texts have the source's length and lines."""

    text: bytes  # code without what the preprocessor would take away
    code: bytes  # the same without comments and what literals hold
    macros: bytes  # the bodies of macros as statements, all else blank; empty when there are none
    directives: list[Directive]  # those of branches that were not dropped, in order
    unlikely: list[tuple[int, int]]  # branches that an ordinary build does not take
    never: list[tuple[int, int]]  # those of them that it surely does not take
    tagged: set[int]  # where a word stands in an expression that ``struct`` or the like stands before


def prepare(source: bytes, cpp: bool) -> Prepared:
    """The texts to parse as C or C++."""
    if b"\r" in source:
        source = source.replace(b"\\\r\n", b" \\\n")  # a line is continued behind a carriage return too
    text = bytearray(source)
    clean = mask(source.replace(b"\r", b" "))
    code = bytearray(clean)
    directives, unlikely, never = _conditionals(text, code, clean, cpp)
    tagged = set(_attributes(text, code, cpp, frozenset(_ARGUMENT_MACRO.findall(clean))))
    macros = _macros(clean, directives, tagged)
    return Prepared(bytes(text), bytes(code), macros, directives, unlikely, never, tagged)


def blanked(source: bytes, parsed: bytes) -> Iterator[Blank]:
    """The spans in which the parsed text differs from the source, in order."""
    if source == parsed:
        return
    size = len(source)
    different = (int.from_bytes(source, "little") ^ int.from_bytes(parsed, "little")).to_bytes(size, "little")
    for found in _DIFFERENT.finditer(different):
        start, end = found.span()
        yield Blank(start, end, parsed[start] == 12)


_DIFFERENT = re.compile(rb"[^\0]+")


def mask(source: bytes) -> bytes:
    """The source with comments blanked and the insides of literals filled with ``x``; same length, same
    lines.
    """
    return _TRIVIA.sub(_hide, source)


def _hide(found: re.Match[bytes]) -> bytes:
    text = found.group()
    if text[:1] == b"/":
        return text.translate(_TO_SPACES)
    return b'"' + b"x" * (len(text) - 2) + b'"'


def _blank(text: bytearray, start: int, end: int, table: bytes = _TO_SPACES) -> None:
    text[start:end] = text[start:end].translate(table)


# -- conditionals


class _Branch(NamedTuple):
    start: int  # of the directive that opens it
    body: int  # after the directive's line
    condition: bytes


def _conditionals(
    text: bytearray, code: bytearray, clean: bytes, cpp: bool
) -> tuple[list[Directive], list[tuple[int, int]], list[tuple[int, int]]]:
    """Blank the directives, and the branches that cannot follow one another as text."""
    names = Names(frozenset(_DEFINED.findall(clean)), {})
    unlikely: list[tuple[int, int]] = []
    never: list[tuple[int, int]] = []
    stack: list[tuple[list[_Branch], Chances]] = []
    directives: list[Directive] = []
    for found in _DIRECTIVE.finditer(clean):
        word = found.group(1)
        start, end = found.span()
        directives.append(Directive(word, start, end))
        if word in _OPENERS:
            stack.append(([], Chances(stack[-1][1].now if stack else YES)))
        if stack and (word in _OPENERS or word in _MIDDLES):
            stack[-1][0].append(_Branch(start, end, found.group()))
            stack[-1][1].add(found.group(), cpp, names)
        elif word == b"define" and (head := _DEFINE.match(clean, start, end)) is not None:
            names.define(head.group(1), stack[-1][1].now if stack else YES)
        elif word == b"undef":
            names.given.pop(found.group().split(b"undef", 1)[1].strip(), None)
        elif word == b"endif" and stack:
            branches, likely = stack.pop()
            chances = likely.found
            _group(text, code, branches, start, chances, cpp, _is_continued(code, branches, stack))
            ends = [branch.start for branch in branches[1:]] + [start]
            for branch, stop, chance in zip(branches, ends, chances, strict=True):
                if chance < UNKNOWN:
                    unlikely.append((branch.body, stop))
                if chance == NO:
                    never.append((branch.body, stop))
        # directives are read from the source, not from the tree: macro bodies are no C
        _blank(text, start, end)
        _blank(code, start, end)
    return [one for one in directives if text[one.end - 1] != 12], unlikely, never


#: A macro body that is worth parsing: no token pasting, which makes names that nobody wrote.
_DEFINE = re.compile(rb"[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)(?:\(([^()]*)\))?")


def _macros(clean: bytes, directives: list[Directive], tagged: set[int]) -> bytes:
    """The bodies of macros, each as a statement."""
    text: bytearray | None = None
    for word, start, end in directives:
        if word != b"define":
            continue
        head = _DEFINE.match(clean, start, end)
        if head is None or end >= len(clean):
            continue
        body = clean[head.end() : end]
        if b"\\" in body:
            body = body.replace(b"\\", b" ")
        words = body.strip()
        if not words or b"##" in words or not _whole(words):
            continue
        if text is None:
            text = bytearray(clean.translate(_TO_SPACES))
        text[head.end() : end] = body.replace(b"#", b" ")
        if words[-1:] not in b";}":
            text[end : end + 1] = b";"
    if text is None:
        return b""
    tagged.update(_type_arguments(text, text, bytes(text), certain=True))
    return bytes(text)


def without_errors(macros: bytes, directives: list[Directive], broken: Callable[[bytes], bool]) -> bytes:
    """The text of macro bodies without those that do not parse alone: one of them could swallow its
    neighbours.
    """
    text = bytearray(macros)
    for word, start, end in directives:
        if word == b"define":
            body = macros[start : end + 1].strip()
            if body and broken(body):
                _blank(text, start, end + 1)
    return bytes(text)


def _whole(body: bytes) -> bool:
    """Whether a macro's body is likely an expression or statements, not a fragment of either."""
    return _balanced(body) and body[-1:] not in b"=,&|<>.(:?" and body[:1] not in b"=,|<>.)}:?/"


def _is_continued(
    code: bytearray, branches: list[_Branch], around: list[tuple[list[_Branch], Chances]]
) -> bool:
    """Whether the branches go on with a declaration that begins before them: ``static const double``, ``#ifdef …``."""
    at = branches[0].start
    for outer, _ in reversed(around[-_DEPTH:]):
        if at - outer[-1].body > _DIRECTLY or code[outer[-1].body : at].strip(_SPACE):
            break
        at = outer[0].start
    before = code[max(0, at - 200) : at].rstrip(_SPACE)
    found = _LAST_WORD.search(before)
    return found is not None and found.group(1) in _BEGINS_DECLARATION


#: So many bytes, all blank, may lie between a conditional's line and the next that stands directly in it.
_DIRECTLY = 1000
#: So many conditionals that begin together are looked behind.
_DEPTH = 8
_LAST_WORD = re.compile(rb"(?<![\w])([a-z_]\w*)[ \t]*\*?\Z")


def _group(
    text: bytearray,
    code: bytearray,
    branches: list[_Branch],
    end: int,
    chances: list[int],
    cpp: bool,
    continued: bool,
) -> None:
    """Drop what cannot be read beside its alternatives, and what belongs to no build of this language."""
    ends = [branch.start for branch in branches[1:]] + [end]
    kept = list(range(len(branches)))
    for number, branch in enumerate(branches):
        if (
            chances[number] == NO
            and _NEVER.match(branch.condition)
            and not (cpp and b"__cplusplus" in branch.condition)
        ):
            _drop(text, code, branch.body, ends[number])
            kept.remove(number)
    if len(kept) < 2:
        return
    bodies = [bytes(code[branches[number].body : ends[number]]) for number in kept]
    alone = all(_stands_alone(body) for body in bodies[:-1]) and _balanced(bodies[-1])
    if alone and not (continued and any(b";" in body for body in bodies)):
        return
    best = max(
        kept,
        key=lambda number: (
            chances[number],
            bool(code[branches[number].body : ends[number]].strip()),
            -number,
        ),
    )
    for number in kept:
        if number != best:
            _drop(text, code, branches[number].body, ends[number])


#: ``#if 0`` and, in C, ``#ifdef __cplusplus``: what no build of the file contains.
_NEVER = re.compile(
    rb"[ \t]*#[ \t]*(?:if[ \t]+0\s*\Z|ifdef[ \t]+__cplusplus|if[ \t]+defined[ (\t]*__cplusplus)"
)


def _stands_alone(body: bytes) -> bool:
    last = body.rstrip(_SPACE)
    return (not last or last[-1:] in b";}{:," or bool(_LAST_LINE.search(last))) and _balanced(body)


#: A macro's use alone on the last line.
_LAST_LINE = re.compile(rb"(?m)^[ \t]*[A-Z_][A-Z0-9_]*[ \t]*\([^\n]*\)\Z")


def _balanced(body: bytes) -> bool:
    return (
        body.count(b"{") == body.count(b"}") and body.count(b"(") == body.count(b")") and not _negative(body)
    )


def _negative(body: bytes) -> bool:
    """Whether a brace closes that the text did not open (``} else {``)."""
    closing = body.find(b"}")
    return closing >= 0 and (body.find(b"{") > closing or body.find(b"{") < 0)


def _drop(text: bytearray, code: bytearray, start: int, end: int) -> None:
    _blank(text, start, end, _TO_FORM_FEEDS)
    _blank(code, start, end)


# -- macros in declarations


def _attributes(text: bytearray, code: bytearray, cpp: bool, arguments: frozenset[bytes]) -> list[int]:
    """Blank macros that stand where only attributes, storage classes and whole statements can.

    ``arguments`` are the file's own macros that stand for nothing or for further arguments. Returns where names stand that
    lost their ``struct``.
    """

    def blank(start: int, end: int) -> None:
        _blank(text, start, end)
        _blank(code, start, end)

    if cpp and b"MOCK_" in code:
        _mocked(text, code)
    for found in _FORMAT.finditer(bytes(code)):
        blank(*found.span(1))
    # the directives are blank by now: most of these, such as include guards, stand nowhere else
    used = frozenset(name for name in arguments if name in code)
    for found in _LAST_WORDS.finditer(bytes(code)) if used else ():
        if found.group(2) in used and found.group(1) not in _NO_NAMES:
            blank(*found.span(2))
    snapshot = bytes(code)
    for closing in _WRAPPED_END.finditer(snapshot):
        line = snapshot.rfind(b"\n", 0, closing.start()) + 1
        head = _WRAPPED.match(snapshot, line, closing.start())
        if head is not None:
            blank(head.start(1), head.start(2))
            blank(closing.start(), closing.start() + 1)
    for found in _WHOLE.finditer(bytes(code)):
        blank(*found.span(1))
        blank(*found.span(2))
    for found in _LONELY.finditer(bytes(code)):
        _lonely(text, code, found)
    snapshot = bytes(code)
    for found in _AFTER.finditer(snapshot):
        if _closes_parameters(snapshot, found.start()):
            blank(*found.span(2))
    for found in _OPERATOR_ARGUMENT.finditer(snapshot):
        start, end = found.span(1) if found.group(1) is not None else found.span(2)
        text[start:end] = code[start:end] = b"0".ljust(end - start)
    for found in _CLASS_BEFORE.finditer(bytes(code)):
        blank(*found.span(1))
    for found in _CLASS_AFTER.finditer(bytes(code)):
        blank(*found.span(1))
    snapshot = bytes(code)
    for found in _BEHIND_NAME.finditer(snapshot):
        if _names_a_variable(snapshot, found):
            blank(*found.span(3))
    if cpp:
        for found in _BEHIND_ACCESS.finditer(bytes(code)) if b"slots" in code or b"SLOTS" in code else ():
            blank(*found.span(1))
        for found in _ACCESS.finditer(bytes(code)) if any(word in code for word in _ACCESS_WORDS) else ():
            text[found.start(1) : found.end(1)] = b"public".ljust(len(found.group(1)))
        for first, last in _template_conditions(bytes(code)):
            if code[first : first + 1] == b"<":  # a head without parameters would mean something else
                text[first + 1 : last] = code[first + 1 : last] = b"class".ljust(last - first - 1)
            else:
                blank(first, last)
        for first, last in _leading(code):
            blank(first, last)
        for found in _BLOCK_MACRO.finditer(bytes(code)) if b"TRY" in code or b"CATCH" in code else ():
            if _begins_a_block(found):
                blank(*found.span(2))
        for found in _BOTH_KINDS.finditer(bytes(code)):
            if _LITERAL.search(found.group(1)):
                blank(*found.span(1))
        for found in _EMPTY_DEFAULT.finditer(bytes(code)):
            text[found.start(1) : found.end(1)] = code[found.start(1) : found.end(1)] = b"0 "
        snapshot = bytes(code)
        for found in _DEPENDENT_VALUE.finditer(snapshot):
            if _BEFORE_VALUE.search(snapshot, max(0, found.start() - 80), found.start()):
                blank(*found.span())
        for found in _SIZED.finditer(bytes(code)):
            text[found.start() : found.end()] = b"int".ljust(found.end() - found.start())
        for found in _MEMBER_POINTER.finditer(bytes(code)):
            blank(*found.span(1))
        for found in _THROUGH_POINTER.finditer(bytes(code)):
            start, end = found.span()
            text[start:end] = code[start:end] = b", ".rjust(end - start)[: end - start]
    snapshot = bytes(code)
    for found in _runs(snapshot, cpp):
        for first, last in _macros_in(found, snapshot, cpp):
            blank(first, last)
    for found in _SHIELDED.finditer(snapshot):
        if snapshot[found.start() : found.end()].split(None, 1)[0] not in _OTHER_KEYWORDS:
            blank(*found.span(1))
            blank(*found.span(2))
    if cpp:
        return []
    for found in _BRACED.finditer(snapshot):
        for group, bracket in ((1, b"("), (2, b")")):
            text[found.start(group) : found.end(group)] = bracket
    return _type_arguments(text, code, snapshot)


def _mocked(text: bytearray, code: bytearray) -> None:
    """GoogleMock's members made declarations: ``MOCK_METHOD (int, size, (key k), (const));`` is ``int size (key k);``, and
    ``MOCK_METHOD1 (size, int (key k));`` is ``auto size (key k);``. So their names are found, and what they take.
    """
    snapshot = bytes(code)
    for found in _MOCK.finditer(snapshot):
        parts = list(_arguments(snapshot, found.end()))
        if not parts:
            continue
        end = parts[-1][1]  # of the last argument, where the macro's parenthesis closes
        keep: list[tuple[int, int]] = []
        lead = b""
        if found.group(1) is None and len(parts) >= 3:
            result = parts[0]
            if snapshot[slice(*result)].strip()[:1] == b"(":  # `(map<int, int>)`: parentheses around a comma
                lead = b"auto"
            keep = [*(() if lead else (result,)), parts[1], parts[2]]
        elif found.group(1) is not None and len(parts) == 2:
            opening = snapshot.find(b"(", *parts[1])
            lead = b"auto"
            keep = [parts[0], (opening, parts[1][1])] if opening >= 0 else []
        if not keep:
            continue
        for piece in (text, code):
            kept = [bytes(piece[first:last]) for first, last in keep]
            _blank(piece, found.start(), end + 1)
            piece[found.start() : found.start() + len(lead)] = lead
            for (first, last), one in zip(keep, kept, strict=True):
                piece[first:last] = one


_MOCK = re.compile(rb"\bMOCK_(?:CONST_)?METHOD(\d+)?(?:_T)?[ \t]*\(")


def _arguments(code: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Spans of a macro's arguments, which end where its parenthesis closes."""
    depth = 0
    first = start
    for found in _BRACKET_OR_COMMA.finditer(code, start, min(len(code), start + 2000)):
        char = found.group()
        if char in b"(<":
            depth += 1
        elif char == b";":
            return
        elif char == b"," and not depth:
            yield first, found.start()
            first = found.end()
        elif char in b")>":
            if not depth:
                yield first, found.start()
                return
            depth -= 1


_BRACKET_OR_COMMA = re.compile(rb"[()<>,;]")


def _closes_parameters(code: bytes, closing: int) -> bool:
    """Whether a parenthesis closes what may be parameters: neither a cast's nor a condition's."""
    depth = 0
    first = max(0, closing - 2000)
    for found in _PARENTHESES.finditer(code[first:closing][::-1]):
        if found.group() == b")":
            depth += 1
        elif depth:
            depth -= 1
        else:
            opening = closing - 1 - found.start()
            before = _WORD_BEFORE.search(code, max(0, opening - 80), opening)
            if before is not None:
                return before.group(1) not in _CONTROL
            return code[max(0, opening - 80) : opening].rstrip(_SPACE)[-1:] not in _NO_DECLARATOR
    return True


_PARENTHESES = re.compile(rb"[()]")
_CONTROL = frozenset(b"if while for switch return sizeof else case".split())
#: What no declarator's parenthesis follows.
_NO_DECLARATOR = frozenset(bytes((code,)) for code in b"=,(;{}?:!&|+-/%<[")


def _template_conditions(code: bytes) -> Iterator[tuple[int, int]]:
    """Macros that stand for template parameters, each with the comma or angle bracket before it."""
    done = 0
    for head in _TEMPLATE_HEAD.finditer(code):
        if head.start() < done:  # within another head, whose macros are known
            continue
        done, closing = _template_head(code, head.end())
        start = head.end() - 1
        while (found := _PARAMETER_MACRO.search(code, start, done)) is not None:
            start = closing.get(found.end() - 1, found.end() - 1) + 1
            if code[start : start + 80].lstrip(_SPACE)[:1] in (b",", b">"):
                yield found.start(), start


def simpler_heads(prepared: Prepared, broken: Callable[[bytes], bool]) -> bytes:
    """The text with template heads that do not parse alone made simpler: conditions among their parameters are blanked,
    and so are defaults. The grammar gives up on conditions with many angle brackets, and loses what is around them.
    """
    found: bytearray | None = None
    done = 0
    text, clean = prepared.text, prepared.code
    for head in _TEMPLATE_HEAD.finditer(clean):
        if head.start() < done:
            continue
        done, _ = _template_head(clean, head.end())
        inside = clean[head.end() : done - 1]
        if inside.count(b"<") < _NESTED or not broken(clean[head.start() : done] + b" void f () {}"):
            continue
        found = bytearray(text) if found is None else found
        at = head.end()
        for parameter in _parameters(inside):
            plain = _PLAIN_PARAMETER.match(parameter)
            if plain is None and len(parameter.strip()) >= 5:
                first = at + len(parameter) - len(parameter.lstrip())
                _blank_code(found, clean, at, at + len(parameter))
                found[first : first + 5] = b"class"
            elif plain is not None and plain.end() < len(parameter):
                _blank_code(found, clean, at + plain.end(), at + len(parameter))
            at += len(parameter) + 1
    return bytes(found) if found is not None else text


def _blank_code(text: bytearray, clean: bytes, start: int, end: int) -> None:
    """Blank a span, but leave its comments: what is blanked counts as names."""
    for at in range(start, end):
        if clean[at] not in b" \t\r\n":
            text[at] = 32


#: With fewer angle brackets a template head is read by the grammar.
_NESTED = 3
#: ``class T``, ``typename... T``, and what stands before a default.
_PLAIN_PARAMETER = re.compile(
    rb"\s*(?:(?:class|typename)\b[\s.]*(?:[A-Za-z_]\w*)?\s*(?=[=,]|\Z)|(?:[A-Za-z_]\w*\s+){1,3}\w+\s*(?=[=,]|\Z)|[^<]*\Z)"
)


def _parameters(inside: bytes) -> Iterator[bytes]:
    """What stands between the angle brackets of a template head, split at its own commas."""
    depth = start = 0
    for found in _ANGLES.finditer(inside):
        char = found.group()
        if char in b"<(":
            depth += 1
        elif char in b">)":
            depth -= 1
        elif not depth:
            yield inside[start : found.start()]
            start = found.end()
    yield inside[start:]


_ANGLES = re.compile(rb"[<>(),]")


def _template_head(code: bytes, start: int) -> tuple[int, dict[int, int]]:
    """The offset where the parameters of a template end, and of its parentheses the closing ones by the opening ones."""
    depth, opened, closing = 1, list[int](), dict[int, int]()
    end = min(len(code), start + 2000)
    for found in _BRACKETS.finditer(code, start, end):
        at, char = found.start(), found.group()
        if char in b";{":  # a statement's end or a block: no head after all
            return at, closing
        if char == b"(":
            opened.append(at)
        elif char == b")" and opened:
            closing[opened.pop()] = at
        elif not opened and char in b"<>":
            depth += 1 if char == b"<" else -1
            if not depth:
                return at + 1, closing
    return end, closing


_BRACKETS = re.compile(rb"[()<>;{]")


def _leading(code: bytearray) -> Iterator[tuple[int, int]]:
    """Spans of macros before the declarations of C++ that have no type, or one that cannot be taken for a name.

    The caller blanks each span before the next is asked for, so that one macro may follow another.
    """
    text = bytes(code)
    classes: frozenset[bytes] | None = None
    for found in _LEADING.finditer(text):
        before = bytes(code[max(0, found.start() - 2000) : found.start()]).rstrip(_SPACE)
        if before[-1:] not in _BEFORE_ONE and _last_word(before) not in _QUALIFIERS:
            continue
        macro, maker, last = found.group(1), found.group("maker"), found.group("last")
        if maker is not None:
            if classes is None:
                classes = frozenset(_CLASS_NAMES.findall(text))
            certain = maker in classes and macro not in classes
        elif last is not None:
            certain = last.lstrip(b"~") == found.group("within").split(b"::")[-2].partition(b"<")[0]
        else:
            certain = True
        if certain or (_STORAGE.match(macro.split()[-1]) and (maker or last) not in _OTHER_KEYWORDS):
            yield found.span(1)


#: What ends before a declaration begins: statements, blocks, labels, template heads, attributes; b"" for the file.
_BEFORE_ONE = frozenset((b"", b";", b"{", b"}", b":", b">", b"]"))


def _last_word(text: bytes) -> bytes:
    found = _WORD_BEFORE.search(text, max(0, len(text) - 80))
    return found.group(1) if found is not None else b""


def _begins_a_block(found: re.Match[bytes]) -> bool:
    """Whether a macro stands for ``try`` or ``catch (…)``: alone, or with an exception's type or ``...``."""
    name, _, arguments = found.group(2).partition(b"(")
    return (not arguments and name.rstrip().endswith(b"TRY")) or b"CATCH" in name


def _names_a_variable(code: bytes, found: re.Match[bytes]) -> bool:
    """Whether a type stands before the word before a macro, so that the word is a variable's name."""
    name = found.group(2)
    if (
        name in _OTHER_KEYWORDS
        or name in _QUALIFIERS
        or name in _TAGS
        or name in _BUILTIN
        or name[:1].isdigit()
    ):
        return False
    if _UPPER.fullmatch(name):
        return False
    before = _WORD_BEFORE.search(code, max(0, found.start(2) - 80), found.start(2))
    if before is None:
        return found.group(1) in (b"*", b"&", b">")
    word = before.group(1)
    return (
        word not in _OTHER_KEYWORDS
        and word not in _TAGS
        and word not in _QUALIFIERS - {b"const", b"volatile"}
    )


def _runs(code: bytes, cpp: bool) -> Iterator[re.Match[bytes]]:
    """Runs of words that declare something and may hold macros; in C++ only those with a word in capitals."""
    if not cpp:
        yield from _RUN.finditer(code)
        return
    done = 0
    for upper in _CAPITALS.finditer(code):
        if upper.start() < done:
            continue
        before = _WORDS_BEFORE.search(code, max(done, upper.start() - 120), upper.start())
        found = _RUN.match(code, before.start() if before is not None else upper.start())
        if found is not None:
            done = found.end()
            yield found


#: A word in capitals that another word follows.
_CAPITALS = re.compile(rb"(?<![\w.>:#])[A-Z_][A-Z0-9_]{2,}(?=[ \t\n*&]+[A-Za-z_(])")
_WORDS_BEFORE = re.compile(rb"(?<![\w.>:#])(?:[A-Za-z_]\w*[ \t\n*&]+){1,12}\Z")


def _type_arguments(text: bytearray, code: bytearray, snapshot: bytes, certain: bool = False) -> list[int]:
    """A type as a macro's argument, ``va_arg(list, char *)``: leave the word that names it.

    Returns where a word stands that ``struct`` or the like stood before.
    """
    tagged = []
    for found in _TYPE_ARGUMENT.finditer(snapshot):
        extra = found.group(3).strip() or found.group(2)
        if not extra or (found.group(1) == b"(" and snapshot[found.end() : found.end() + 1] == b")"):
            continue
        if not certain and not _in_call(snapshot, found.start()):
            continue
        if found.group(2):
            if found.group(2).split()[0] in _TAGS:
                tagged.append(found.end(2))
            first = snapshot.index(found.group(2).split()[0], found.start())
            _blank(text, first, found.end(2))
        _blank(text, *found.span(3))
    return tagged


def _in_call(code: bytes, offset: int) -> bool:
    """Whether the innermost parenthesis around an offset belongs to a call, as far as the words before it
    tell.
    """
    depth = 0
    start = max(0, offset - 400)
    window = code[start : offset + 1] if code[offset : offset + 1] == b"(" else code[start:offset]
    at = len(window)
    while at > 0:
        at -= 1
        char = window[at]
        if char == 41:
            depth += 1
        elif char == 40:
            if not depth:
                break
            depth -= 1
        elif char in (59, 123, 125) and not depth:
            return False
    else:
        return False
    callee = _WORD_BEFORE.search(window, max(0, at - 80), at)
    if callee is None:
        return False
    before = window[: callee.start()].rstrip(_SPACE)
    if not before or before[-1:] in b"*&)};{":
        return (
            before[-1:] in (b";", b"{", b"}")
            and code[start + callee.start() - 1 : start + callee.start()] != b"\n"
        )
    word = _WORD_BEFORE.search(before, max(0, len(before) - 40))
    return word is None or word.group(1) in (b"return", b"else", b"case")


_WORD_BEFORE = re.compile(rb"(?<![\w])([A-Za-z_]\w*)[ \t\n]*\Z")


def _macros_in(found: re.Match[bytes], code: bytes, cpp: bool) -> list[tuple[int, int]]:
    """Spans of the words in a declaring run that can only be macros."""
    words = [(word.group(), *word.span()) for word in _WORD.finditer(code, *found.span())]
    texts = [word for word, _, _ in words]
    while texts and texts[0] in _OTHER_KEYWORDS:
        words, texts = words[1:], texts[1:]
    if len(words) < 2 or any(word in _OTHER_KEYWORDS for word in texts):
        return []
    following = code[found.end() : max(found.end(1), found.end(2)) + 1]
    if found.start(2) >= 0 or (following.endswith(b"(") and (b"*" in following or texts[-1] in _BUILTIN)):
        # the name follows in parentheses: every word here belongs to the type
        words, texts = [*words, (b"", 0, 0)], [*texts, b""]
    spans = []
    types: list[int] = []  # words that may be the type's name, macros among them
    for number, (word, start, end) in enumerate(words[:-1]):
        if word in _QUALIFIERS or word in _TAGS or word in _BUILTIN:
            continue
        after = texts[number + 1]
        if number and texts[number - 1] in _TAGS:
            if (
                number + 2 == len(words)
                and following.lstrip(_SPACE)[:1] in (b"{", b":")
                and _UPPER.fullmatch(word)
            ):
                spans.append((start, end))  # class EXPORT Name {
            continue
        if (after in _BUILTIN or after in _TAGS) and code[end : words[number + 1][1]].isspace():
            spans.append((start, end))  # no type may be followed by a built-in one
        else:
            types.append(number)
    known = any(word in _BUILTIN or word in _TAGS for word in texts[:-1])
    if len(types) + known < 2:
        return spans
    if known:
        chosen = [number for number in types if _UPPER.fullmatch(texts[number])]
    else:
        # of two names before the declared one, at most one is the type
        chosen = [number for number in types if _UPPER.fullmatch(texts[number])] or types[:1]
        if len(chosen) == len(types):
            storage = [number for number in chosen if _STORAGE.match(texts[number])]
            chosen = storage if storage and len(storage) < len(types) else types[1:]
        elif not _UPPER.fullmatch(texts[chosen[0]]) and (
            cpp or following.lstrip(_SPACE + b"*&")[:1] not in (b"(", b"=", b";", b"[")
        ):
            chosen = []
    return spans + [words[number][1:] for number in chosen]


def _lonely(text: bytearray, code: bytearray, found: re.Match[bytes]) -> None:
    """A macro alone on its line, without a semicolon, where a statement or member could stand."""
    before = bytes(code[max(0, found.start(1) - 2000) : found.start(1)]).rstrip(_SPACE)[-1:]
    after = bytes(code[found.end() : found.end() + 400]).lstrip(_SPACE)[:1]
    attribute = len(found.group(1)) < 100 and _ATTRIBUTE.match(found.group(1)) is not None
    if not (before in (b"", b";", b"{", b"}", b":") or (attribute and before in (b">", b")"))) or not (
        after.isalnum() or after in (b"_", b"}", b"~", b"")
    ):
        return
    arguments = found.group(2)
    if attribute or arguments is None or _SIMPLE_ARGUMENTS.match(arguments):
        _blank(text, found.start(1), found.end())
        _blank(code, found.start(1), found.end())
    elif found.end() < len(text):
        # right behind the parenthesis: a comment may follow on the line
        text[found.end(2) : found.end(2) + 1] = b";"
        code[found.end(2) : found.end(2) + 1] = b";"
