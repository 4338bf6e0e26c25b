"""Which files a scan finds, what it says about those it leaves out, and what a sweep calls changed."""

import os
import socket
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from magellan_lsp.indexer.discover import look, scan, sweep
from magellan_lsp.indexer.ignore import Matcher, Skipped


def is_source(name):
    return name.endswith((".py", ".c"))


def grow(root, *paths, text="x = 1\n"):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def found(root, skipped=None, **options):
    return sorted(file.path for file in scan(Matcher(root), is_source, skipped=skipped, **options))


def known(root):
    return {file.path: (file.size, file.mtime_ns) for file in scan(Matcher(root), is_source)}


def test_source_files_are_found_with_what_stat_says(tmp_path):
    grow(tmp_path, "a.py", "d/e/b.c", "d/é.py", "notes.txt")
    files = list(scan(Matcher(tmp_path), is_source))
    assert sorted(file.path for file in files) == ["a.py", "d/e/b.c", "d/é.py"]
    for file in files:
        status = (tmp_path / file.path).stat()
        assert file[1:] == (status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    paths=st.lists(
        st.lists(
            st.sampled_from(["a", "b", "c.py", "d.py", "node_modules", "target"]), min_size=1, max_size=4
        ).map("/".join),
        max_size=10,
    ),
    ignored=st.lists(
        st.sampled_from(["a/", "/b", "c.py", "!c.py", "*.py", "!a/b/*.py", "b/**/d.py"]), max_size=3
    ),
)
def test_a_scan_finds_what_the_matcher_does_not_ignore(tmp_path_factory, paths, ignored):
    root = tmp_path_factory.mktemp("tree")
    for path in paths:
        # A path of which a part is already a file cannot be made.
        if not (root / path).is_dir() and not any(parent.is_file() for parent in (root / path).parents):
            grow(root, path)
    grow(root, ".gitignore", text="\n".join(ignored))
    matcher = Matcher(root)
    everything = [path.relative_to(root).as_posix() for path in root.rglob("*.py") if path.is_file()]
    expected = [path for path in everything if not matcher.ignored(path)]
    assert sorted(file.path for file in scan(matcher, is_source)) == sorted(expected)
    assert [path for path in everything if look(matcher, is_source, path)] == expected
    for below in ("a", "a/b"):
        if (root / below).is_dir():
            inside = sorted(path for path in expected if path.startswith(below + "/"))
            assert sorted(file.path for file in scan(matcher, is_source, below=below)) == inside


def test_the_files_of_a_repository_are_those_git_lists(tmp_path):
    grow(tmp_path, "a.py", "gen/b.py", "d/gen/c.py", "d/keep.py", "d/e/f.c")
    grow(tmp_path, ".gitignore", text="gen/\n*.py\n!keep.py\n")
    grow(tmp_path, "d/.gitignore", text="!gen/\n!c.py\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    assert found(tmp_path) == sorted(path for path in listed if is_source(path))
    assert "d/gen/c.py" in listed


def test_a_file_and_its_links_are_found_once_under_its_own_path(tmp_path):
    grow(tmp_path, "real/a.py", "z.py")
    (tmp_path / "a_link.py").symlink_to("z.py")
    (tmp_path / "also").symlink_to("real")
    (tmp_path / "real/back").symlink_to("../also")
    assert found(tmp_path) == ["real/a.py", "z.py"]


def test_loops_of_links_end(tmp_path):
    grow(tmp_path, "d/a.py")
    (tmp_path / "d/up").symlink_to("..")
    (tmp_path / "d/self").symlink_to("self")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "dangling.py").symlink_to("nowhere.py")
    assert found(tmp_path) == ["d/a.py"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    grow(tmp_path, "outside/a.py", "outside/one.py", "root/b.py")
    (tmp_path / "root/link").symlink_to(tmp_path / "outside")
    (tmp_path / "root/c.py").symlink_to("../outside/one.py")
    (tmp_path / "root/sibling").symlink_to(tmp_path / "rootless")
    grow(tmp_path, "rootless/d.py")
    assert found(tmp_path / "root") == ["b.py"]


def test_a_link_shows_what_is_not_indexed_under_its_own_path_once(tmp_path):
    grow(tmp_path, "hidden/pkg/m.py", "hidden/other.py", "script", ".git/hooks/x.py")
    grow(tmp_path, ".gitignore", text="hidden\nsecret.py\n")
    (tmp_path / "b").symlink_to("hidden/pkg")
    (tmp_path / "c").symlink_to("hidden/pkg")
    (tmp_path / "script.py").symlink_to("script")
    (tmp_path / "again.py").symlink_to("hidden/other.py")
    (tmp_path / "secret.py").symlink_to("hidden/other.py")
    (tmp_path / "hooks").symlink_to(".git/hooks")
    (tmp_path / "hidden/pkg/round").symlink_to("../pkg")
    assert found(tmp_path) == ["again.py", "b/m.py", "script.py"]
    assert found(tmp_path, follow_links=False) == []


def test_a_workspace_folder_that_is_a_link_itself_is_scanned(tmp_path):
    grow(tmp_path, "real/a.py", "real/hidden/b.py")
    grow(tmp_path, "real/.gitignore", text="hidden")
    (tmp_path / "real/seen").symlink_to("hidden")
    (tmp_path / "link").symlink_to("real")
    assert found(tmp_path / "link") == ["a.py", "seen/b.py"]


def test_hard_links_are_files_of_their_own(tmp_path):
    grow(tmp_path, "a.py")
    os.link(tmp_path / "a.py", tmp_path / "b.py")
    assert found(tmp_path) == ["a.py", "b.py"]


def test_special_files_are_skipped_and_said_so(tmp_path, monkeypatch):
    grow(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.py")
        skipped: list[Skipped] = []
        assert found(tmp_path, skipped) == ["a.py"]
    assert sorted(one.path for one in skipped) == ["pipe.py", "socket.py"]


def test_a_file_that_is_too_large_is_skipped_and_said_so(tmp_path):
    grow(tmp_path, "small.py")
    grow(tmp_path, "large.py", text="x" * 101)
    skipped: list[Skipped] = []
    files = scan(Matcher(tmp_path, max_file_size=100), is_source, skipped=skipped)
    assert [file.path for file in files] == ["small.py"]
    assert [one.path for one in skipped] == ["large.py"]
    assert "maxFileSize" in skipped[0].reason


def test_names_that_are_no_utf8_are_skipped_and_can_be_printed(tmp_path):
    grow(tmp_path, "é.py")
    bad_file, bad_folder = os.fsdecode(b"caf\xe9.py"), os.fsdecode(b"d\xff")
    grow(tmp_path, bad_file, f"{bad_folder}/a.py", os.fsdecode(b"\xfe.txt"))
    skipped: list[Skipped] = []
    assert found(tmp_path, skipped) == ["é.py"]
    assert sorted(one.path for one in skipped) == ["caf\\xe9.py", "d\\xff"]
    assert look(Matcher(tmp_path), is_source, bad_file) is None


def test_a_folder_without_permission_is_skipped_and_the_rest_is_found(tmp_path, monkeypatch):
    grow(tmp_path, "a.py", "closed/b.py", "open/c.py")
    real = os.scandir

    def scandir(path):
        # Permissions do not hold for root, as whom tests may run.
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    skipped: list[Skipped] = []
    assert found(tmp_path, skipped) == ["a.py", "open/c.py"]
    assert [(one.path, "Permission denied" in one.reason) for one in skipped] == [("closed", True)]


def test_a_workspace_folder_that_is_gone_is_an_error_not_an_empty_one(tmp_path):
    with pytest.raises(OSError):
        list(scan(Matcher(tmp_path / "gone"), is_source))
    with pytest.raises(OSError):
        sweep(Matcher(tmp_path / "gone"), is_source, {"a.py": (1, 1)})


def test_a_file_deleted_while_its_folder_is_listed_is_not_found(tmp_path):
    grow(tmp_path, "a.py", "b.py")
    files = scan(Matcher(tmp_path), is_source)
    assert next(files).path == "a.py"
    (tmp_path / "b.py").unlink()
    assert list(files) == []


def test_folders_that_are_ignored_are_not_listed(tmp_path, monkeypatch):
    grow(tmp_path, "a.py", "node_modules/deep/b.py", "gen/c.py", "src/d.py")
    grow(tmp_path, ".gitignore", text="gen/")
    listed = []
    real = os.scandir

    def scandir(path):
        listed.append(os.path.relpath(path, tmp_path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert found(tmp_path) == ["a.py", "src/d.py"]
    assert listed == [".", "src"]


def test_a_scan_ends_when_cancelled(tmp_path):
    grow(tmp_path, *(f"d{n}/a.py" for n in range(20)))
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 5

    assert len(found(tmp_path, cancelled=cancelled)) == 4


def test_a_sweep_tells_new_changed_deleted_and_unchanged_apart(tmp_path):
    grow(tmp_path, "same.py", "longer.py", "touched.py", "older.py", "gone.py", "d/ignored.py")
    before = known(tmp_path)
    grow(tmp_path, "d/new.py")
    grow(tmp_path, ".gitignore", text="ignored.py")
    (tmp_path / "gone.py").unlink()
    stamp = (tmp_path / "longer.py").stat().st_mtime_ns
    grow(tmp_path, "longer.py", text="x = 1\ny = 2\n")
    os.utime(tmp_path / "longer.py", ns=(stamp, stamp))
    os.utime(tmp_path / "touched.py", ns=(stamp, stamp + 1))
    os.utime(tmp_path / "older.py", ns=(stamp, stamp - 10**12))
    seen = sweep(Matcher(tmp_path), is_source, before)
    assert [file.path for file in seen.new] == ["d/new.py"]
    assert [file.path for file in seen.changed] == ["longer.py", "older.py", "touched.py"]
    assert seen.deleted == ["d/ignored.py", "gone.py"]
    assert seen.n_unchanged == 1
    assert seen.complete


def test_a_sweep_of_what_is_known_finds_nothing(tmp_path):
    grow(tmp_path, "a.py", "d/b.py")
    seen = sweep(Matcher(tmp_path), is_source, known(tmp_path))
    assert (seen.new, seen.changed, seen.deleted, seen.n_unchanged) == ([], [], [], 2)


def test_a_cancelled_sweep_calls_nothing_deleted(tmp_path):
    grow(tmp_path, "a.py", "d/b.py")
    before = known(tmp_path)
    seen = sweep(Matcher(tmp_path), is_source, before, cancelled=lambda: True)
    assert (seen.complete, seen.deleted) == (False, [])


def test_one_path_is_looked_at_as_a_scan_would(tmp_path):
    grow(tmp_path, "d/a.py", "d/notes.txt", "node_modules/b.py")
    (tmp_path / "link").symlink_to("d")
    (tmp_path / "d/l.py").symlink_to("a.py")
    matcher = Matcher(tmp_path)
    assert look(matcher, is_source, "d/a.py") == next(scan(matcher, is_source))
    for path in ("d/notes.txt", "node_modules/b.py", "d/gone.py", "link/a.py", "d/l.py", "d"):
        assert look(matcher, is_source, path) is None
