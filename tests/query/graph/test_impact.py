"""What a change touches and may break, in real repositories."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from magellan_lsp.errors import GitUnavailable, UsageError
from magellan_lsp.query.graph.impact import Hunk, _line, changes_of, impact

A = """from b import low, LIMIT


def top():
    return mid()


def mid():
    # a remark
    return low() + LIMIT


def apart():
    return 1
"""
B = "LIMIT = 3\n\n\ndef low():\n    return 1\n\n\nclass Base:\n    def m(self):\n        return low()\n"


def git(root, *arguments):
    name = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *name, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    root = tmp_path / "work"
    root.mkdir()
    (root / "a.py").write_text(A)
    (root / "b.py").write_text(B)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    return root


@pytest.fixture
def ask(repository, world):
    """The impact of the files as they are now."""

    def asked(commits=None, overlay=None, **more):
        files = {path.name: path.read_text() for path in sorted(repository.glob("*.py"))}
        snapshot = world(files).snapshot(overlay)
        found = impact(snapshot, repository, commits, **more)
        name = {ref: snapshot.info(ref).qualified or ref[0] for ref in found.changed}
        affected = [(snapshot.info(one.ref).qualified or one.ref[0], one.depth) for one in found.affected]
        return [name[ref] for ref in found.changed], affected, found

    return asked


def edit(root, path, old, new):
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new))


def test_nothing_changed(ask):
    changed, affected, found = ask()
    assert (changed, affected, found.files, found.gone, found.truncated) == ([], [], [], [], False)


def test_what_is_not_committed(repository, ask):
    edit(repository, "b.py", "return 1\n\n\nclass", "return 2\n\n\nclass")
    changed, affected, found = ask()
    assert changed == ["low"]
    assert affected == [("mid", 1), ("Base.m", 1), ("top", 2)]
    assert found.files == ["a.py", "b.py"]
    git(repository, "add", ".")
    assert ask()[0] == ["low"]


def test_a_changed_constant_and_a_new_file(repository, ask):
    edit(repository, "b.py", "LIMIT = 3", "LIMIT = 4")
    (repository / "c.py").write_text("from a import top\n\n\ndef fresh():\n    return top()\n")
    changed, affected, _ = ask()
    assert changed == ["LIMIT", "fresh"]
    assert affected == [("mid", 1), ("top", 2)]


def test_depth_and_limit(repository, ask):
    edit(repository, "b.py", "return 1\n\n\nclass", "return 2\n\n\nclass")
    assert ask(depth=1)[1] == [("mid", 1), ("Base.m", 1)]
    _, affected, found = ask(limit=1)
    assert affected == [("mid", 1)] and found.truncated


def test_remarks_outside_of_symbols_change_nothing(repository, ask):
    edit(repository, "b.py", "LIMIT = 3\n", "# what there is at most\nLIMIT = 3\n\n")
    assert ask()[0] == []


def test_imports_documentation_and_new_neighbours_change_nothing_else(repository, ask):
    edit(repository, "a.py", "from b import low, LIMIT\n", "import os\nfrom b import low, LIMIT\n")
    edit(repository, "a.py", "def apart():\n", 'def apart():\n    """Says one."""\n')
    edit(
        repository,
        "b.py",
        "class Base:\n",
        "class Base:\n    # remark\n\n    def new(self):\n        pass\n\n",
    )
    assert ask()[0] == ["Base.new"]


def test_deleted_lines_count_for_what_is_around_them(repository, ask):
    edit(repository, "a.py", "    # a remark\n", "")
    assert ask()[0] == ["mid"]


def test_a_deleted_file_is_listed(repository, ask):
    (repository / "a.py").unlink()
    changed, affected, found = ask()
    assert (changed, affected, found.gone) == ([], [], ["a.py"])


def test_ranges(repository, ask):
    first = git(repository, "rev-parse", "HEAD")
    edit(repository, "a.py", "return 1", "return 2")
    git(repository, "commit", "-q", "-a", "-m", "second")
    second = git(repository, "rev-parse", "HEAD")
    assert ask(f"{first}..{second}")[0] == ["apart"]
    assert ask(f"{first}..")[0] == ["apart"]
    assert ask("HEAD~1...HEAD")[0] == ["apart"]
    assert ask("HEAD")[0] == []
    # Lines of the range are where later changes moved them.
    edit(repository, "a.py", "def top():\n", "def new():\n    pass\n\n\ndef top():\n")
    assert ask(f"{first}..{second}")[0] == ["apart"]
    assert ask(first)[0] == ["new", "apart"]


def test_unsaved_text_moves_lines_too(repository, ask):
    edit(repository, "a.py", "return 1", "return 2")
    text = "\n\n\n" + (repository / "a.py").read_text()
    assert ask(overlay={"a.py": text})[0] == ["apart"]


def test_a_workspace_below_the_repository(repository, world):
    sub = repository / "sub"
    sub.mkdir()
    (sub / "x.py").write_text("def f():\n    return 1\n")
    edit(repository, "b.py", "LIMIT = 3", "LIMIT = 4")
    snapshot = world({"x.py": (sub / "x.py").read_text()}).snapshot()
    found = impact(snapshot, sub)
    assert [ref[0] for ref in found.changed] == ["x.py"]


def test_odd_names_of_files(repository):
    for name in ('a "b".py', "tab\tname.py", "ümläut.py", "new\nline.py"):
        (repository / name).write_text("x = 1\n")
    git(repository, "add", ".")
    found = {change.path for change in changes_of(repository, None)}
    assert found == {'a "b".py', "tab\tname.py", "ümläut.py", "new\nline.py"}


def test_a_repository_without_commits(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "x.py").write_text("x = 1\n")
    git(tmp_path, "add", ".")
    (change,) = changes_of(tmp_path, None)
    assert change.path == "x.py" and change.hunks[0].n_lines == 1


@pytest.mark.parametrize("wrong", ["", "--output=x", "-p", "no\0t"])
def test_what_is_no_range(repository, wrong):
    with pytest.raises(UsageError):
        changes_of(repository, wrong)


def test_unknown_commits_and_no_repository(repository, tmp_path):
    with pytest.raises(GitUnavailable, match=r"Git knows no commit `nothing`\."):
        changes_of(repository, "nothing..HEAD")
    with pytest.raises(GitUnavailable):
        changes_of(repository, "HEAD..--output=x")
    for commits in (None, "HEAD"):
        with pytest.raises(GitUnavailable, match="not a git repository"):
            changes_of(tmp_path, commits)


@pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts")
def test_nothing_that_the_repository_names_is_run(repository, ask):
    trap = repository.parent / "trap"
    trap.write_text(f'#!/bin/sh\ntouch "{repository.parent}/sprung"\ncat\n')
    trap.chmod(0o755)
    for key in (
        *("core.fsmonitor", "diff.external", "diff.d.textconv", "diff.d.command", "core.pager"),
        *(
            "filter.f.clean",
            "filter.f.smudge",
            "filter.f.process",
            "core.sshCommand",
            "core.alternateRefsCommand",
        ),
    ):
        git(repository, "config", key, str(trap))
    git(repository, "config", "filter.f.required", "true")
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "attributes").write_text("*.py diff=d filter=f\n")
    for hook in ("post-index-change", "pre-commit", "post-checkout"):
        path = repository / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(trap.read_text())
        path.chmod(0o755)
    (repository / "a.py").write_text(A.replace("return 1", "return 2"))
    os.utime(repository / "b.py", (1, 1))  # git has to look into it
    before = (repository / ".git" / "index").read_bytes()
    assert ask()[0] == ["apart"]
    assert ask("HEAD..HEAD")[0] == []
    assert not (repository.parent / "sprung").exists()
    assert (repository / ".git" / "index").read_bytes() == before


def test_lines_after_a_later_change():
    # Two lines behind 2, one for 5 and 6, none for 9 to 11.
    later = [Hunk(2, 0, 3, 2), Hunk(5, 2, 7, 1), Hunk(9, 3, 9, 0)]
    assert [_line(line, later) for line in range(1, 13)] == [1, 2, 5, 6, 7, 7, 8, 9, 9, 9, 9, 10]
