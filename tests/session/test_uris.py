"""URIs and paths, in the spellings that clients use."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.session import uris


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b.py", "/a/b.py"),
        ("file:///a%20b/%C3%A9.py", "/a b/é.py"),
        ("file:///a/b#c?.py", "/a/b#c?.py"),
        ("file:/a/b.py", "/a/b.py"),
        ("file://localhost/a.py", "/a.py"),
        ("untitled:Untitled-1", None),
        ("http://x/y", None),
        ("file:///a/./b//c.py", "/a/b/c.py"),
        ("file:///a/b/../../../c.py", "/c.py"),
        ("file:///a/%2e%2e/c.py", "/c.py"),
        ("file:////a/.hidden/..b/c..py", "/a/.hidden/..b/c..py"),
        ("file:///a%00.py", None),
        ("", None),
        ("http://[", None),
    ],
)
def test_paths_of_uris(uri, path):
    assert uris.to_path(uri, windows=False) == path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///c%3A/a/b.py", r"C:\a\b.py"),
        ("file:///C:/a/b.py", r"C:\a\b.py"),
        ("file:///c:/a%20b", r"C:\a b"),
        ("file://server/share/x.py", r"\\server\share\x.py"),
        ("file:///c:/a/../../b/./c.py", r"C:\b\c.py"),
        ("file:///c:/a%5C..%5Cb.py", r"C:\b.py"),
    ],
)
def test_drives_and_shares(uri, path):
    assert uris.to_path(uri, windows=True) == path
    assert uris.to_path(uris.from_path(path, windows=True), windows=True) == path


def test_one_spelling_for_all():
    spellings = ["file:///a/b%20c.py", "file:///a/b c.py", "file:///a/%62%20c.py"]
    assert len({uris.same_spelling(uri) for uri in spellings}) == 1


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_any_path_comes_back(text):
    path = f"/{text}"
    if path.startswith("//") or posixpath.normpath(path) != path:
        return
    uri = uris.from_path(path, windows=False)
    assert uri.isascii()
    assert uris.to_path(uri, windows=False) == path
