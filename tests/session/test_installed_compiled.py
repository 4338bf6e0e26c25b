"""Definitions in installed Go modules, Rust crates, C headers: found when a person asks, by small made-up installations."""

import sys

import pytest
from session.test_installed import Indexer, leads_to, write

from magellan_lsp.resolve.stored import CONFIG_PREFIX
from magellan_lsp.session import Session
from magellan_lsp.settings import Settings
from magellan_lsp.store.memory import MemoryStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the folders are those of POSIX")

#: Project files, which an index keeps.
KEPT = ("go.mod", "Cargo.toml", "compile_commands.json")


async def opened(root):
    """A session of a folder of which an index knows the project files, and no source file yet."""
    store = MemoryStore()
    kept = [name for name in KEPT if (root / name).exists()]
    with store.write() as txn:
        for name in kept:
            txn.put_meta(CONFIG_PREFIX + name, (root / name).read_bytes())
        txn.put_meta(CONFIG_PREFIX, "\n".join(kept).encode())
    session = Session(Settings(), make_service=lambda _: Indexer(), open_store=lambda _: store)
    await session.add_folder(root.as_uri())
    await session.start()
    return session


GO = {
    "root/src/builtin/builtin.go": "package builtin\n\ntype error interface {\n\tError() string\n}\n",
    "root/src/io/io.go": "package io\n\ntype Writer interface {\n\tWrite(p []byte) (n int, err error)\n}\n",
    "root/src/net/http/server.go": "package http\n\ntype Server struct{ Addr string }\n\n"
    "func Serve(s *Server) error { return nil }\n",
    "root/src/net/http/more.go": "package http\n\nfunc (s *Server) Close() error { return nil }\n",
    "root/src/net/http/server_test.go": "package http\n\nfunc (s *Server) Close() error { return nil }\n",
    "mod/github.com/!big/lib@v1.2.0/go.mod": "module github.com/Big/lib\n\nrequire example.com/deep v0.1.0\n",
    "mod/github.com/!big/lib@v1.2.0/lib.go": 'package lib\n\nimport "example.com/deep"\n\n'
    "func Make() deep.Thing { return deep.Thing{} }\n",
    "mod/github.com/!big/lib@v1.1.0/lib.go": "package lib\n\nfunc Make() int { return 0 }\n",
    "mod/example.com/deep@v0.3.0/deep.go": "package deep\n\ntype Thing struct{}\n\nfunc (t Thing) Use() {}\n",
    "mod/example.com/fork@v9.0.0/inner/inner.go": "package inner\n\nfunc Go() {}\n",
}
GO_MOD = """\
module example.com/app

require (
	github.com/Big/lib v1.2.0
	example.com/deep v0.3.0 // indirect
	example.com/gone v1.0.0
)

replace example.com/gone => example.com/fork v9.0.0
"""


@pytest.fixture
def go(tmp_path, monkeypatch):
    write(tmp_path, GO)
    monkeypatch.setenv("GOROOT", str(tmp_path / "root"))
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "mod"))
    return tmp_path


@pytest.mark.parametrize(
    ("imported", "code", "name", "place"),
    [
        ("net/http", "http.Serve(nil)", "Serve", "root/src/net/http/server.go"),
        ("net/http", "new(http.Server).Close()", "Close", "root/src/net/http/more.go"),
        ("github.com/Big/lib", "lib.Make()", "Make", "mod/github.com/!big/lib@v1.2.0/lib.go"),
        ("github.com/Big/lib", "lib.Make().Use()", "Use", "mod/example.com/deep@v0.3.0/deep.go"),
        ("example.com/gone/inner", "inner.Go()", "Go", "mod/example.com/fork@v9.0.0/inner/inner.go"),
        ("io", "var w io.Writer; w.Write(nil)", "Write", "root/src/io/io.go"),
        ("io", "var e error; e.Error()", "Error", "root/src/builtin/builtin.go"),
    ],
)
async def test_go_modules_and_the_standard_library(go, imported, code, name, place):
    work = go / "work"
    source = f'package main\n\nimport "{imported}"\n\nfunc main() {{ {code} }}\n'
    write(work, {"go.mod": GO_MOD, "main.go": source})
    session = await opened(work)
    assert await leads_to(session, work / "main.go", name) == [(str(go / place), name)]
    await session.stop()


async def test_a_go_module_that_is_not_in_the_cache_leads_nowhere(go):
    work = go / "work"
    source = 'package main\n\nimport "example.com/none"\n\nfunc main() { none.Run() }\n'
    write(work, {"go.mod": GO_MOD, "main.go": source})
    session = await opened(work)
    assert await leads_to(session, work / "main.go", "Run") == []
    await session.stop()


LOCK = """\
version = 4

[[package]]
name = "big-crate"
version = "0.4.2"
source = "registry+https://registry.example"

[[package]]
name = "big-crate"
version = "1.3.0"
source = "registry+https://registry.example"

[[package]]
name = "app"
version = "0.1.0"
"""
CRATE = "pub mod deep;\npub use deep::Thing;\npub fn make() -> Thing { Thing }\n"
OPTION = """\
pub enum Option<T> { None, Some(T) }
const impl<T> Option<T> { pub fn unwrap(self) -> T { loop {} } }
"""
RUST = {
    "cargo/registry/src/index-1/big-crate-0.4.2/Cargo.toml": '[package]\nname = "big-crate"\n',
    "cargo/registry/src/index-1/big-crate-0.4.2/src/lib.rs": "pub fn make() {}\n",
    "cargo/registry/src/index-1/big-crate-1.3.0/Cargo.toml": '[package]\nname = "big-crate"\n',
    "cargo/registry/src/index-1/big-crate-1.3.0/src/lib.rs": CRATE,
    "cargo/registry/src/index-1/big-crate-1.3.0/src/deep.rs": "pub struct Thing;\nimpl Thing { pub fn go(&self) {} }\n",
    "cargo/registry/src/index-1/big-crate-2.0.0/Cargo.toml": '[package]\nname = "big-crate"\n',
    "cargo/registry/src/index-1/big-crate-2.0.0/src/lib.rs": "pub fn make() {}\n",
    "library/std/src/lib.rs": "pub mod fs;\npub mod prelude;\n",
    "library/std/src/prelude/mod.rs": "pub mod v1;\n",
    "library/std/src/prelude/v1.rs": "pub use core::option::Option::{self, Some};\npub use core::iter::Iterator;\n",
    "library/core/src/lib.rs": "pub mod option;\npub mod iter;\npub mod str;\n",
    "library/core/src/option.rs": OPTION,
    "library/core/src/iter.rs": "pub const trait Iterator { fn max(self) where Self: [const] Sized {} }\n",
    "library/core/src/str/mod.rs": "impl str { pub fn trim(&self) -> &str { self } }\n",
    "library/std/src/fs.rs": "pub fn read() {}\n",
}


@pytest.mark.parametrize(
    ("code", "name", "place"),
    [
        ("big_crate::make();", "make", "big-crate-1.3.0/src/lib.rs"),
        ("big_crate::make().go();", "go", "big-crate-1.3.0/src/deep.rs"),
        ("let t: big_crate::Thing;", "Thing", "big-crate-1.3.0/src/deep.rs"),
        ("old::make();", "make", "big-crate-0.4.2/src/lib.rs"),
        ("std::fs::read();", "read", "library/std/src/fs.rs"),
        ("let o: Option<u8>;", "Option", "library/core/src/option.rs"),  # what needs no import
        ("Some(1);", "Some", "library/core/src/option.rs"),
        ("Some(1).unwrap();", "unwrap", "library/core/src/option.rs"),
        ("vec![1].iter().max();", "max", "library/core/src/iter.rs"),
        ('"a".trim();', "trim", "library/core/src/str/mod.rs"),
    ],
)
async def test_locked_crates_and_the_standard_library(tmp_path, monkeypatch, code, name, place):
    write(tmp_path, RUST)
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / "cargo"))
    monkeypatch.setenv("RUST_SRC_PATH", str(tmp_path / "library"))
    work = tmp_path / "work"
    old = '{ package = "big-crate", version = "0.4" }'
    manifest = f'[package]\nname = "app"\n\n[dependencies]\nbig-crate = "1"\nold = {old}\n'
    write(work, {"Cargo.toml": manifest, "Cargo.lock": LOCK, "src/main.rs": f"fn main() {{ {code} }}\n"})
    session = await opened(work)
    [(found, text)] = await leads_to(session, work / "src/main.rs", name)
    assert (found.endswith(place), text) == (True, name), found
    await session.stop()


async def test_headers_outside_of_the_workspace(tmp_path, monkeypatch):
    write(
        tmp_path,
        {
            "usr/shown.h": '#include "deeper.h"\nint shown(int);\n',
            "usr/deeper.h": "struct deep { int field; };\n#define LIMIT 3\n",
            "named/other.h": "void other(void);\n",
            "named/kind.hpp": "namespace kind { struct one { void run(); }; }\n",
        },
    )
    monkeypatch.setenv("CPATH", str(tmp_path / "usr"))
    work = tmp_path / "work"
    arguments = f'["cc", "-isystem", "{tmp_path}/named", "main.c"]'
    database = f'[{{"directory": "{work}", "file": "main.c", "arguments": {arguments}}}]'
    write(
        work,
        {
            "compile_commands.json": database,
            "main.c": "#include <shown.h>\n#include <other.h>\n"
            "int main(void) { struct deep d; d.field = LIMIT; other(); return shown(1); }\n",
            "main.cpp": "#include <kind.hpp>\nint main() { kind::one one; one.run(); }\n",
        },
    )
    session = await opened(work)
    for name, place in (
        ("shown", "usr/shown.h"),
        ("other", "named/other.h"),
        ("field", "usr/deeper.h"),
        ("LIMIT", "usr/deeper.h"),
    ):
        assert await leads_to(session, work / "main.c", name) == [(str(tmp_path / place), name)]
    assert await leads_to(session, work / "main.cpp", "run") == [(str(tmp_path / "named/kind.hpp"), "run")]
    await session.stop()
