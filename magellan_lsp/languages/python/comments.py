"""Long runs of comments, as a parser is given them.

The grammar's scanner looks, at the end of each line, through all comments and blank lines that follow for the next line of
code, to learn its indentation: a function with 8,000 lines of comments in a row takes 2 s to parse. Of such a run the last
lines remain, which may be about what comes below; the rest is made blank, with every offset kept.
"""

from __future__ import annotations

import re

#: Runs of more lines than this are shortened, to ``_KEPT`` lines.
_MANY = 400
_KEPT = 100
_RUN = re.compile(rb"(?m)(?:^[ \t\f]*+#[^\r\n]*+(?:\r\n?|\n)(?:[ \t\f]*+(?:\r\n?|\n))*+)++")
_LINE_END = re.compile(rb"\r\n?|\n")
_NOT_BLANK = re.compile(rb"[^\r\n]")


def without_long_comments(source: bytes) -> bytes:
    """``source`` with the comments at the beginning of very long runs made blank; of the same length."""
    if source.count(b"#") <= _MANY:
        return source
    return _RUN.sub(_shortened, source)


def _shortened(run: re.Match[bytes]) -> bytes:
    text = run.group()
    ends = [end.end() for end in _LINE_END.finditer(text)]
    if len(ends) <= _MANY:
        return text
    cut = ends[-_KEPT - 1]
    return _NOT_BLANK.sub(b" ", text[:cut]) + text[cut:]
