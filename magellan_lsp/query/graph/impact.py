"""What a change touches, and what may break with it: git's diff as symbols, and all that depends on these.

Git says which lines changed; a line counts for the innermost symbol around it. What it runs is what
:mod:`magellan_lsp.git` lets it run, with the repository's content filters switched off as well. Tests:
``tests/query/graph/test_impact.py``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from magellan_lsp import git
from magellan_lsp.errors import GitUnavailable, UsageError
from magellan_lsp.facts.kinds import Role
from magellan_lsp.graph.impact import impact as blast
from magellan_lsp.graph.view import ALL_KINDS, Kinds, at_least
from magellan_lsp.query.answers import Place
from magellan_lsp.query.graph.view import SymbolGraph
from magellan_lsp.query.graph.walks import Near
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.rules import CLASS_LIKE
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import LineIndex, Span

#: Of a repository without a commit everything is new.
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_DIFF = ("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "-U0", "--relative")
_PREFIXES = ("--ignore-submodules=all", "--src-prefix=a/", "--dst-prefix=b/")


class Hunk(NamedTuple):
    """Lines that changed, counted from 1. ``n_lines`` 0 stands behind the line ``start``."""

    old_start: int
    n_old: int
    start: int
    n_lines: int


class FileChange(NamedTuple):
    """What changed in a file, as it is in the working tree."""

    path: str
    hunks: tuple[Hunk, ...]
    is_gone: bool = False


class Impact(NamedTuple):
    """What a change touches and what depends on it.

    Attributes:
        changed: symbols with a changed line, by (path, definition).
        affected: symbols that depend on these, nearest first: by depth, then by the one that led to them, then by
            (path, definition).
        files: paths of all these symbols, sorted.
        gone: paths of files that the change deletes, sorted. Who used them is not known any more.
        truncated: ``limit`` left out affected symbols.
    """

    changed: list[Ref]
    affected: list[Near]
    files: list[str]
    gone: list[str]
    truncated: bool


def impact(
    snapshot: Snapshot,
    root: Path,
    commits: str | None = None,
    depth: int | None = None,
    limit: int | None = None,
    kinds: Kinds = ALL_KINDS,
) -> Impact:
    """The blast radius of a change.

    Args:
        root: of the workspace; its repository may begin above it.
        commits: ``A..B``, ``A...B`` (B since it left A), or ``A`` (the working tree against it); None: what is not
            committed, new files included.
        depth: edges from a changed symbol; what lies farther is no part of the answer.
        limit: the most affected symbols.

    Raises:
        GitUnavailable: there is no git, no repository or no such commit.
        UsageError: ``commits`` is no range.
        ValueError: ``depth`` or ``limit`` is negative.
    """
    at_least(0, depth=depth, limit=limit)
    changes = changes_of(root, commits, snapshot.check)
    changed: dict[Ref, None] = {}
    for change in changes:
        snapshot.check()
        changed.update(dict.fromkeys(changed_symbols(snapshot, root, change)))
    refs = sorted(changed)
    ids = [one for ref in refs if (one := snapshot.symbol_id(ref)) is not None]
    found = blast(SymbolGraph(snapshot), ids, kinds=kinds, max_depth=depth, limit=limit, check=snapshot.check)
    affected = [
        Near(ref, one.distance) for one in found.affected if (ref := snapshot.find(one.node)) is not None
    ]
    return Impact(
        refs,
        affected,
        sorted({ref[0] for ref in refs} | {one.ref[0] for one in affected}),
        sorted(change.path for change in changes if change.is_gone),
        found.truncated,
    )


# Which lines


def changes_of(root: Path, commits: str | None, check: Callable[[], None] = lambda: None) -> list[FileChange]:
    """The files below the root that a range changes, by path; lines are those of the working tree.

    Raises: as :func:`impact`.
    """
    run = _Git(root, check)
    if commits is None:
        try:
            base = run.commit("HEAD")
        except GitUnavailable:
            run.text("rev-parse", "--git-dir")  # a repository without commits, or none
            base = _EMPTY_TREE
        found = {change.path: change for change in run.diff(base)}
        for path in run.names("ls-files", "--others", "--exclude-standard", "-z"):
            found.setdefault(path, FileChange(path, (Hunk(0, 0, 1, 1 << 30),)))
        return [found[path] for path in sorted(found)]
    old, new = _ends(run, commits)
    if new is None:
        return sorted(run.diff(old))
    later = {change.path: change for change in run.diff(new)}
    return sorted(_carried(change, later.get(change.path)) for change in run.diff(old, new))


def _ends(run: _Git, commits: str) -> tuple[str, str | None]:
    """The commits that a range compares; None for the working tree."""
    text = commits.strip()
    if not text or text.startswith("-") or "\0" in text:
        raise UsageError(f"{commits!r} is no range of commits; write A..B, A...B or A.")
    for sign in ("...", ".."):
        left, found, right = text.partition(sign)
        if found:
            old, new = run.commit(left or "HEAD"), run.commit(right or "HEAD")
            if sign == "...":
                old = run.text("merge-base", old, new).strip()
            return old, new
    return run.commit(text), None


def _carried(change: FileChange, later: FileChange | None) -> FileChange:
    """The change with its lines where they are after a later change."""
    if later is None:
        return change
    if later.is_gone:
        return FileChange(change.path, (), True)
    return change._replace(hunks=tuple(_carry(hunk, later.hunks) for hunk in change.hunks))


def _carry(hunk: Hunk, later: Iterable[Hunk]) -> Hunk:
    start, end = _line(hunk.start, later), _line(hunk.start + max(hunk.n_lines - 1, 0), later)
    return hunk._replace(start=start, n_lines=end - start + 1 if hunk.n_lines else 0)


def _line(line: int, later: Iterable[Hunk]) -> int:
    """Where a line is after a later change; the start of what stands for it where it is gone."""
    shift = 0
    for hunk in later:
        if hunk.n_old == 0:
            if line <= hunk.old_start:
                break
        elif line < hunk.old_start:
            break
        elif line < hunk.old_start + hunk.n_old:
            return hunk.start + min(line - hunk.old_start, max(hunk.n_lines - 1, 0))
        shift += hunk.n_lines - hunk.n_old
    return line + shift


class _Git:
    """Git in a folder, for diffs that run nothing of the repository's."""

    def __init__(self, root: Path, check: Callable[[], None]) -> None:
        self._root = root
        self._check = check
        self._filters: tuple[str, ...] | None = None

    def text(self, *arguments: str) -> str:
        """What a command prints."""
        return self._run(*arguments).decode("utf-8", "surrogateescape")

    def names(self, *arguments: str) -> list[str]:
        """The paths that a command prints, ended by zeros."""
        return [name for name in self.text(*arguments).split("\0") if name]

    def commit(self, name: str) -> str:
        """The id of a commit."""
        try:
            return self.text("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}").strip()
        except GitUnavailable as error:
            self.text("rev-parse", "--git-dir")  # where there is no repository, that is what to say
            raise GitUnavailable(f"Git knows no commit `{name}`.") from error

    def diff(self, *commits: str) -> list[FileChange]:
        """What differs between commits, or a commit and the working tree."""
        # The index is not refreshed along the way: that would write into the repository.
        out = self._run(
            "-c", "diff.autoRefreshIndex=false", *self._unfiltered(), *_DIFF, *_PREFIXES, *commits, "--"
        )
        return list(_parse(out))

    def _run(self, *arguments: str) -> bytes:
        found = git.run(self._root, *arguments, check=self._check)
        if not found.complete:
            raise GitUnavailable("Git took too long, or the change is too large to look at.")
        return found.data

    def _unfiltered(self) -> tuple[str, ...]:
        """Options that keep git from running content filters on files of the working tree."""
        if self._filters is None:
            try:
                keys = self.names("config", "--null", "--name-only", "--get-regexp", r"^filter\.")
            except GitUnavailable:
                keys = []  # git says so when there are none
            names = sorted({key.partition(".")[2].rpartition(".")[0] for key in keys})
            if any("=" in name for name in names):
                raise GitUnavailable("The repository has a content filter that cannot be switched off.")
            self._filters = tuple(
                word
                for name in names
                for key in ("clean=", "smudge=", "process=", "required=false")
                for word in ("-c", f"filter.{name}.{key}")
            )
        return self._filters


def _parse(out: bytes) -> Iterator[FileChange]:
    """Files of a diff without context lines, in its order."""
    path, is_gone = "", False
    hunks: list[Hunk] = []
    left = 0
    for line in out.split(b"\n"):
        if left and line[:1] in (b"+", b"-", b"\\"):
            left -= line[:1] != b"\\"
            continue
        if line.startswith(b"diff --git "):
            if path:
                yield FileChange(path, tuple(hunks), is_gone)
            path, hunks, is_gone = "", [], False
        elif line.startswith(b"deleted file mode"):
            is_gone = True
        elif (line.startswith(b"--- ") and is_gone) or (line.startswith(b"+++ ") and not is_gone):
            path = _unquoted(line[4:])
        elif (match := _HUNK.match(line)) is not None:
            old, n_old, new, n_new = (int(part) if part is not None else 1 for part in match.groups())
            hunks.append(Hunk(old, n_old, new, n_new))
            left = n_old + n_new
    if path:
        yield FileChange(path, tuple(hunks), is_gone)


_ESCAPES = {
    b"n": b"\n",
    b"t": b"\t",
    b"r": b"\r",
    b'"': b'"',
    b"\\": b"\\",
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"v": b"\v",
}


def _unquoted(name: bytes) -> str:
    """A path as git writes it in a diff, without its prefix."""
    name = name.rstrip(b"\t")
    if name.startswith(b'"') and name.endswith(b'"'):
        name = re.sub(
            rb"\\([0-7]{3}|.)",
            lambda found: (
                bytes([int(found[1], 8)]) if len(found[1]) == 3 else _ESCAPES.get(found[1], found[1])
            ),
            name[1:-1],
        )
    return name.decode("utf-8", "surrogateescape")[2:]


# Which symbols


def changed_symbols(snapshot: Snapshot, root: Path, change: FileChange) -> list[Ref]:
    """The innermost symbols around the changed lines of a file, by definition; [] for a file without facts."""
    facts = snapshot.facts(change.path)
    data = snapshot.read_text(change.path) if facts is not None and not change.is_gone else None
    if facts is None or data is None:
        return []
    index = LineIndex(data, name=change.path)
    lines = _unsaved(root, change, data)
    spans = [
        (place.full.start, place.full.end, row)
        for row in facts.symbols()
        if row and (place := Place.of(facts, row)).full.end > place.full.start
    ]
    spans.sort(key=lambda one: (one[0], -one[1]))
    # Between symbols, remarks and imports change nothing: something has to be named there.
    starts = [facts.occ_start[row] for row, role in enumerate(facts.occ_role) if role != Role.IMPORT]
    remarks = sorted(
        {(start, facts.def_doc_end[row]) for row, start in enumerate(facts.def_doc_start) if start >= 0}
    )
    found: set[int] = set()
    for hunk in change.hunks:
        first = lines(hunk.start) if hunk.n_lines else hunk.start
        for line in range(first, min(first + max(hunk.n_lines, 1), index.n_lines + 1)):
            if line < 1:
                continue
            span = index.line_span(line - 1)
            text = data[span.start : span.end]
            at = span.start + len(text) - len(text.lstrip())
            if hunk.n_lines == 0:
                at = span.end
            elif not text.strip():
                continue
            row = _innermost(spans, at, is_between=hunk.n_lines == 0)
            is_inside = row > 0 and facts.def_kind[row] not in CLASS_LIKE
            is_remark = hunk.n_lines > 0 and _is_inside(remarks, at)
            if (is_inside or _is_named(starts, span)) and not is_remark:
                found.add(row)
    return [(change.path, row) for row in sorted(found) if facts.symbol_id(row) is not None]


def _is_named(starts: list[int], span: Span) -> bool:
    """Whether a name begins in a span."""
    at = bisect_left(starts, span.start)
    return at < len(starts) and starts[at] < span.end


def _is_inside(spans: list[tuple[int, int]], at: int) -> bool:
    """Whether an offset is in one of some spans, which do not overlap."""
    row = bisect_right(spans, (at, 1 << 62)) - 1
    return row >= 0 and spans[row][0] <= at < spans[row][1]


def _innermost(spans: list[tuple[int, int, int]], at: int, *, is_between: bool) -> int:
    best = (1 << 62, 0)
    for start, end, row in spans:
        if start > at:
            break
        if (start < at < end) or (start == at and not is_between):
            best = min(best, (end - start, row))
    return best[1]


def _unsaved(root: Path, change: FileChange, data: bytes) -> Callable[[int], int]:
    """From lines of the file on disk, of which git speaks, to those of its newest text."""
    try:
        on_disk = (root / change.path).read_bytes()
    except OSError:
        return lambda line: line
    if on_disk == data:
        return lambda line: line
    matcher = SequenceMatcher(None, on_disk.splitlines(), data.splitlines(), autojunk=False)
    hunks = [
        Hunk(i1 + 1 if i2 > i1 else i1, i2 - i1, j1 + 1 if j2 > j1 else j1, j2 - j1)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]
    return lambda line: _line(line, hunks)
