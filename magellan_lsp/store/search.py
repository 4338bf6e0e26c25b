"""What a fuzzy query matches, how well, and by which tokens a name can be found without looking at all names.

The rules are exact, so that every backend gives the same answer:

- Case is ignored; only the first :data:`FOLDED` characters of a name take part.
- A query of one character (or none) matches a whole name or the start of one. A longer one also matches the
  start of a word inside the name, the initials of its words (``gcm`` for ``getCallMap``), any substring, and
  any subsequence that begins at the start of a word (``fbr`` for ``foo_bar``).
- Better kinds of match come first (:class:`Match`), then names in code point order, first without regard to
  case.

Tests: ``tests/store/test_search.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum

#: Characters of a name that take part in matching: enough for people, and a bound on what a giant token can
#: cost.
FOLDED = 100

_ASCII_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^A-Za-z0-9_]+")


class Match(IntEnum):
    """How a name matches a query, best first."""

    SPELLED = 0  # exactly, case included
    EXACT = 1
    PREFIX = 2
    WORD = 3  # at the start of a word inside it, or by the initials of its words
    SUBSTRING = 4
    SUBSEQUENCE = 5


def fold(name: str) -> str:
    """The part of a name that takes part in matching, without case, character by character."""
    name = name[:FOLDED]
    if name.isascii():
        return name.lower()
    return "".join([low if len(low := c.lower()) == 1 else c for c in name])


def word_starts(name: str) -> list[int]:
    """Where the words of a name start (``get_callMap2``: 0, 4, 8, 11), within its first :data:`FOLDED`
    characters.
    """
    name = name[:FOLDED]
    if name.isascii():
        if name.islower() and name.isalpha():
            return [0]
        return [word.start() for word in _ASCII_WORDS.finditer(name)]
    starts = []
    previous = "_"
    for i, char in enumerate(name):
        following = name[i + 1] if i + 1 < len(name) else ""
        if char != "_" and (
            previous == "_"
            or char.isalnum() != previous.isalnum()
            or char.isdigit() != previous.isdigit()
            or (char.isupper() and (not previous.isupper() or following.islower()))
        ):
            starts.append(i)
        previous = char
    return starts


def word_filter(folded_query: str) -> Callable[[str], object]:
    """A quick test that a name passes if it has the query at the start of a word; others may pass too."""
    first = folded_query[0]
    if not folded_query.isascii():
        return lambda _: True
    if first.isalpha():
        # In ASCII names a word begins with a capital, or behind something that is no letter.
        start = "(?:(?<![A-Za-z])|(?=[A-Z]))"
    else:
        start = "(?<![0-9])" if first.isdigit() else ""
    return re.compile(f"{start}(?i:{re.escape(folded_query)})|[^\\x00-\\x7f]").search


def match(name: str, folded: str, query: str, folded_query: str) -> Match | None:
    """How a name matches; None when it does not. ``folded`` and ``folded_query`` are :func:`fold` of the
    others.
    """
    if name == query:
        return Match.SPELLED
    if len(query) > FOLDED:
        return Match.PREFIX if name.startswith(query) else None
    if folded.startswith(folded_query):
        return Match.EXACT if len(name) == len(query) else Match.PREFIX
    if len(folded_query) < 2:
        return None
    starts = word_starts(name)
    at = folded.find(folded_query)
    is_substring = at >= 0
    while at >= 0:
        if at in starts:
            return Match.WORD
        at = folded.find(folded_query, at + 1)
    if len(starts) >= len(folded_query) and "".join([folded[i] for i in starts]).startswith(folded_query):
        return Match.WORD
    if is_substring:
        return Match.SUBSTRING
    first = next((i for i in starts if folded[i] == folded_query[0]), -1)
    if first < 0:
        return None
    for char in folded_query[1:]:
        first = folded.find(char, first + 1)
        if first < 0:
            return None
    return Match.SUBSEQUENCE


def order(name: str) -> tuple[str, str]:
    """Sort key among names that match equally well."""
    return fold(name), name


# Tokens: a name that matches as a substring has all trigrams of the query, one that matches by initials has
# initials that begin with it, one that matches as a subsequence has all of its (first, later) pairs.

#: Ends a folded name, so that its last two characters are the start of a trigram too.
END = "\0"


def trigrams(folded: str) -> set[str]:
    """The trigrams under which a name is listed; a query of two characters finds them as a prefix."""
    text = folded + END
    return {text[i : i + 3] for i in range(len(text) - 2)}


def query_trigrams(folded_query: str) -> set[str]:
    """The trigrams that every name containing the query has; for queries of three characters or more."""
    return {folded_query[i : i + 3] for i in range(len(folded_query) - 2)}


def initials(name: str, folded: str) -> str:
    """The first characters of the words of a name that has several; "" for another."""
    starts = word_starts(name)
    return "".join([folded[i] for i in starts]) if len(starts) > 1 else ""


def pairs(name: str, folded: str) -> set[str]:
    """(first character of a word, any later character) as two-character texts."""
    found: set[str] = set()
    seen: set[str] = set()
    for start in word_starts(name):
        head = folded[start]
        if head not in seen:  # a later word of the same letter has no later character that this one has not
            seen.add(head)
            found.update([head + char for char in set(folded[start + 1 :])])
    return found


def query_pairs(folded_query: str) -> set[str]:
    """The pairs that every name with the query as a subsequence has; for two characters or more."""
    return {folded_query[0] + char for char in folded_query[1:]}
