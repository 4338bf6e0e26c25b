"""What is ignored: exactly what git ignores, then what our own rules add."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from magellan_lsp.indexer import wildmatch
from magellan_lsp.indexer.ignore import MAX_IGNORE_FILE_BYTES, Matcher, printable
from magellan_lsp.indexer.wildmatch import PatternList, expand_braces, literal_folder

# Against git ----------------------------------------------------------------------------------------

names = st.sampled_from(
    ["a", "b", "ab", "a.b", "b.a.b", "é", "[a]", "a b", "*", "-", "a\nb", "#a", "!a", "^", "A", "a "]
)
glob_parts = st.sampled_from(
    [
        "a",
        "b",
        ".",
        "*",
        "*",
        "**",
        "?",
        "/",
        "/",
        "/**/",
        "**/",
        "[ab]",
        "[!a]",
        "[^b]",
        "[a-c]",
        "[]a]",
        "[a",
        "[-a]",
        "[[:alpha:]]",
        "[[:space:]b]",
        "[[:nope:]]",
        "[[:a]",
        r"[\]a]",
        r"[a\-c]",
        "\\a",
        "\\*",
        "\\ ",
        "\\\\",
        "\\",
        "é",
        " ",
        "#",
    ]
)
patterns = st.builds(
    lambda bang, slash, parts, end: bang + slash + "".join(parts) + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(glob_parts, min_size=1, max_size=5),
    st.sampled_from(["", "", "/", " ", "  ", "\\ ", "\r", "/ "]),
)
ignore_files = st.lists(patterns | names, max_size=5).map("\n".join)
paths = st.lists(names, min_size=1, max_size=4).map("/".join)


@st.composite
def trees(draw):
    """Paths of files, and the text of ignore files by path."""
    files = set(draw(st.lists(paths, min_size=1, max_size=8)))
    # A path cannot be both a file and the folder of another.
    files = {file for file in files if not any(other.startswith(file + "/") for other in files)}
    folders = {""} | {
        "/".join(file.split("/")[:depth]) + "/" for file in files for depth in range(1, file.count("/") + 1)
    }
    chosen = draw(st.lists(st.sampled_from(sorted(folders)), max_size=3, unique=True))
    ignores = {folder + ".gitignore": draw(ignore_files) for folder in chosen}
    if draw(st.booleans()):
        ignores[".git/info/exclude"] = draw(ignore_files)
    return sorted(files), ignores


def git(root, *arguments, data=b""):
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "XDG_CONFIG_HOME": str(root / "none"),
        "HOME": str(root / "none"),
    }
    done = subprocess.run(
        ["git", *arguments], cwd=root, env=environment, input=data, capture_output=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def grow(root, files, ignores):
    for path, text in [*((file, "") for file in files), *ignores.items()]:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    root = tmp_path_factory.mktemp("repository")
    git(root, "init", "-q")
    return root


def ignored_by_git(root, entries):
    out = git(
        root,
        "check-ignore",
        "--no-index",
        "-z",
        "--stdin",
        data=b"".join(entry.encode() + b"\0" for entry in entries),
    )
    return sorted(entry.decode() for entry in out.split(b"\0") if entry)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees())
def test_the_same_is_ignored_as_by_git(repository, tree):
    files, ignores = tree
    for entry in repository.iterdir():
        if entry.name != ".git":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (repository / ".git/info/exclude").write_text("")
    grow(repository, files, ignores)
    entries = sorted(
        {"/".join(file.split("/")[:depth]) for file in files for depth in range(1, file.count("/") + 2)}
    )
    matcher = Matcher(repository, defaults=False)
    found = [entry for entry in entries if matcher.ignored(entry, is_folder=(repository / entry).is_dir())]
    assert found == ignored_by_git(repository, entries)


@pytest.mark.parametrize(
    ("lines", "ignored", "kept"),
    [
        ("*.log\n!keep.log", ["a.log", "d/b.log"], ["keep.log", "d/keep.log"]),
        ("/only", ["only"], ["d/only"]),
        ("d/*.c", ["d/x.c"], ["x.c", "d/e/x.c"]),
        ("out/", ["out/x", "d/out/y"], ["d/e/out"]),
        ("d/\n!d/keep", ["d/keep", "d/x"], []),
        ("d/*\n!d/keep", ["d/x"], ["d/keep"]),
        ("**/gen/**/x", ["gen/x", "a/gen/b/c/x"], ["gen", "x"]),
        ("foo**/bar", ["foobar", "foo/bar", "foo/a/bar"], ["fobar"]),
        ("# comment\n\\#real\ntrail \nescaped\\ ", ["#real", "trail", "escaped "], ["escaped", "# comment"]),
        ("caf?", ["cafe"], ["café"]),
        ("caf??", ["café"], ["cafe"]),
        ("\ufefffirst", ["first"], []),
        ("crlf\r\nnext\r\n", ["crlf", "next"], ["crlf\r"]),
    ],
)
def test_patterns_mean_what_they_mean_to_git(repository, tmp_path, lines, ignored, kept):
    for root in (tmp_path, tmp_path / "git"):
        root.mkdir(exist_ok=True)
        grow(root, [], {".gitignore": lines})
        for path in ignored + kept:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            if not (root / path).exists():
                (root / path).touch()
        matcher = Matcher(root, defaults=False)
        assert [path for path in ignored + kept if matcher.ignored(path)] == ignored
    git(tmp_path / "git", "init", "-q")
    assert ignored_by_git(tmp_path / "git", ignored + kept) == sorted(ignored)


# Ours -----------------------------------------------------------------------------------------------


def ignored(root, *paths, **options):
    matcher = Matcher(root, **options)
    return [path for path in paths if matcher.ignored(path)]


def test_gitignore_counts_outside_a_repository(tmp_path):
    grow(tmp_path, ["x.py", "gen/y.py"], {".gitignore": "gen/"})
    assert ignored(tmp_path, "x.py", "gen/y.py") == ["gen/y.py"]


def test_a_dot_ignore_file_outweighs_gitignore_at_any_depth(tmp_path):
    grow(tmp_path, ["d/x.py", "y.py"], {".ignore": "!x.py\ny.py", "d/.gitignore": "x.py"})
    assert ignored(tmp_path, "d/x.py", "y.py") == ["y.py"]


def test_a_repository_inside_starts_afresh(tmp_path):
    grow(tmp_path, ["x.py", "sub/x.py", "sub/y.py"], {".gitignore": "x.py", "sub/.git/info/exclude": "y.py"})
    assert ignored(tmp_path, "x.py", "sub/x.py", "sub/y.py") == ["x.py", "sub/y.py"]


def test_bookkeeping_is_ignored_whatever_is_said(tmp_path):
    grow(
        tmp_path,
        [".git/hooks/x.py", ".magellan/y.py"],
        {".gitignore": "!.git\n!.magellan", ".ignore": "!.git"},
    )
    paths = (".git/hooks/x.py", ".magellan/y.py", "d/.hg/z.py")
    assert ignored(tmp_path, *paths, exclude=["!.git", "!.magellan"]) == list(paths)


@pytest.mark.parametrize(
    "path",
    [
        "node_modules/a/index.js",
        "d/node_modules/b.js",
        ".venv/x.py",
        "venv/lib/x.py",
        "d/__pycache__/x.py",
        "jquery.min.js",
        "target/debug/build/x.rs",
        ".tox/x.py",
        "lib/python3.12/site-packages/x.py",
        ".mypy_cache/x.py",
    ],
)
def test_what_nobody_wrote_by_hand_is_ignored_by_default(tmp_path, path):
    grow(tmp_path, [path], {})
    assert ignored(tmp_path, path) == [path]
    assert ignored(tmp_path, path, defaults=False) == []


@pytest.mark.parametrize(
    "path",
    [
        "build/x.py",
        "dist/x.js",
        "out/x.c",
        "vendor/x.go",
        "bin/x.py",
        "env/x.py",
        "lib/x.py",
        "packages/x.ts",
        "min.js",
        "src/com/shop/target/Target.java",
        "llvm/lib/Target/X86.cpp",
        "tests/.github/x.py",
    ],
)
def test_what_can_be_source_is_kept_by_default(tmp_path, path):
    grow(tmp_path, [path], {})
    assert ignored(tmp_path, path) == []


def test_target_is_a_build_folder_beside_a_build_file(tmp_path):
    grow(tmp_path, ["crate/Cargo.toml", "crate/target/debug/x.rs", "java/target/X.java"], {})
    assert ignored(tmp_path, "crate/target/debug/x.rs", "java/target/X.java") == ["crate/target/debug/x.rs"]


@pytest.mark.parametrize("folder", ["target", "venv"])
@pytest.mark.parametrize("sign", ["__init__.py", "meson.build", "mod.rs"])
def test_a_folder_that_shows_itself_as_source_is_kept(tmp_path, folder, sign):
    grow(tmp_path, [f"{folder}/{sign}", f"{folder}/x.py"], {})
    assert ignored(tmp_path, f"{folder}/x.py") == []


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "CACHEDIR.TAG", "CMakeCache.txt"])
def test_a_folder_marked_as_generated_is_ignored_whatever_its_name(tmp_path, mark):
    grow(tmp_path, [f"deep/thing/{mark}", "deep/thing/x.py", "deep/y.py"], {})
    assert ignored(tmp_path, "deep/thing/x.py", "deep/y.py") == ["deep/thing/x.py"]
    assert ignored(tmp_path / "deep/thing", "x.py") == []


def test_a_cmake_build_in_its_own_source_folder_hides_nothing(tmp_path):
    grow(tmp_path, ["d/CMakeCache.txt", "d/CMakeLists.txt", "d/x.c"], {})
    assert ignored(tmp_path, "d/x.c") == []


def test_an_ignore_file_can_keep_what_the_defaults_leave_out(tmp_path):
    grow(
        tmp_path,
        ["node_modules/x.js", "venv/y.py", "d/pyvenv.cfg", "d/z.py"],
        {".gitignore": "!node_modules\n!venv\n!d"},
    )
    assert ignored(tmp_path, "node_modules/x.js", "venv/y.py", "d/z.py") == []


def test_excluded_is_left_out_and_an_exclamation_mark_keeps(tmp_path):
    grow(tmp_path, ["a/x.py", "b/y.py", "gen/z.py", "gen/w.ts"], {".gitignore": "gen/"})
    paths = ("a/x.py", "b/y.py", "gen/z.py", "gen/w.ts")
    assert ignored(tmp_path, *paths, exclude=["a", "!gen/"]) == ["a/x.py"]
    assert ignored(tmp_path, *paths, exclude=["**/*.{py,pyi}"]) == [
        "a/x.py",
        "b/y.py",
        "gen/z.py",
        "gen/w.ts",
    ]
    assert ignored(tmp_path, *paths, exclude=["./b/**"]) == ["b/y.py", "gen/z.py", "gen/w.ts"]


def test_only_what_is_included_is_indexed(tmp_path):
    paths = ("src/a/x.py", "src/y.py", "tests/t.py", "tests/deep/u.py", "top.py")
    grow(tmp_path, paths, {"src/.gitignore": "y.py"})
    assert ignored(tmp_path, *paths, include=["src"]) == [
        "src/y.py",
        "tests/t.py",
        "tests/deep/u.py",
        "top.py",
    ]
    assert ignored(tmp_path, *paths, include=["src/**/*.py", "/*.py"]) == [
        "src/y.py",
        "tests/t.py",
        "tests/deep/u.py",
    ]
    assert ignored(tmp_path, *paths, include=["tests/*.py"]) == [
        "src/a/x.py",
        "src/y.py",
        "tests/deep/u.py",
        "top.py",
    ]
    assert ignored(tmp_path, *paths, include=["{src,tests}/", "!deep"]) == [
        "src/y.py",
        "tests/deep/u.py",
        "top.py",
    ]
    assert ignored(tmp_path, *paths, include=["t*.py"]) == ["src/a/x.py", "src/y.py", "tests/deep/u.py"]


def test_folders_that_cannot_hold_anything_included_are_not_entered(tmp_path):
    matcher = Matcher(tmp_path, include=["src/app/**"])
    assert matcher.ignored("docs", is_folder=True)
    assert matcher.ignored("src/other", is_folder=True)
    assert not matcher.ignored("src", is_folder=True)
    assert not matcher.ignored("src/app/deep", is_folder=True)


def test_rules_are_read_anew_when_told(tmp_path):
    matcher = Matcher(tmp_path)
    grow(tmp_path, ["d/x.py"], {})
    assert not matcher.ignored("d/x.py")
    (tmp_path / "d/.gitignore").write_text("x.py")
    assert not matcher.ignored("d/x.py")
    matcher.forget("d")
    assert matcher.ignored("d/x.py")
    (tmp_path / "d/.gitignore").unlink()
    matcher.forget()
    assert not matcher.ignored("d/x.py")


def test_ignore_files_that_are_links_pipes_or_folders_are_not_read(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("*.py")
    root = tmp_path / "root"
    grow(root, ["a/x.py", "b/x.py", "c/.gitignore/y.txt", "c/x.py"], {})
    (root / "a/.gitignore").symlink_to(outside)
    os.mkfifo(root / "b/.gitignore")
    assert ignored(root, "a/x.py", "b/x.py", "c/x.py") == []


def test_a_huge_ignore_file_is_left_out_and_said_so(tmp_path):
    grow(tmp_path, ["x.py"], {".gitignore": "x.py\n" * MAX_IGNORE_FILE_BYTES})
    matcher = Matcher(tmp_path)
    assert not matcher.ignored("x.py")
    assert list(matcher.skipped) == [".gitignore"]


def test_patterns_beyond_the_limit_have_no_effect_and_are_said_so(tmp_path, monkeypatch):
    monkeypatch.setattr(wildmatch, "MAX_WILDCARD_PATTERNS", 2)
    grow(tmp_path, [], {".gitignore": "a?\nliteral\nb?\nc?\n!a?\n"})
    matcher = Matcher(tmp_path)
    assert [path for path in ("a1", "literal", "b1", "c1") if matcher.ignored(path)] == [
        "a1",
        "literal",
        "b1",
    ]
    assert list(matcher.skipped) == [".gitignore"]


@settings(max_examples=300)
@given(ignore_files, paths, st.booleans())
def test_any_pattern_on_any_path_has_an_answer(text, path, is_folder):
    assert PatternList.parse(text.encode()).verdict(path.rsplit("/")[-1], path, is_folder) in (
        True,
        False,
        None,
    )


@pytest.mark.parametrize(
    "pattern", ["*a" * 100 + "b", "/" + "*a" * 100 + "b", "**/a*/" * 60 + "x", "**/" + "*a" * 80 + "/x"]
)
def test_a_hostile_pattern_cannot_stall(pattern):
    # A matcher that goes back over every star would not come back from this within the life of the machine.
    name = "a" * 250
    assert PatternList([pattern]).verdict(name, f"{name}/" + "a/" * 150 + name, False) is None


def test_braces_are_written_out():
    assert expand_braces("a/{b,c}/*.{d,e}") == ["a/b/*.d", "a/b/*.e", "a/c/*.d", "a/c/*.e"]
    assert expand_braces("{a}{") == ["{a}{"]
    assert len(expand_braces("{a,b}" * 30)) <= 1002


def test_the_folder_that_all_matches_are_in():
    globs = ("src/**", "src/a*/b", "src", "/src", "src/a/b.py", "*.py", "/*", "src/")
    assert [literal_folder(glob) for glob in globs] == ["src", "src", "", "src", "src/a/b.py", "", "", ""]


def test_a_path_that_is_no_utf8_can_be_printed():
    assert printable(os.fsdecode(b"a\xff/\xc3\xa9")) == "a\\xff/é"


def test_a_name_that_is_no_utf8_has_an_answer(tmp_path):
    (tmp_path / ".gitignore").write_bytes(b"\xff*")
    assert Matcher(tmp_path).ignored(os.fsdecode(b"\xffx"))
    assert not Matcher(Path(tmp_path)).ignored(os.fsdecode(b"\xfex"))
