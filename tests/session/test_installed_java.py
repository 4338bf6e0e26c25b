"""Definitions in archives of Java sources: found when a person asks, one file taken out of a small made-up archive."""

import struct
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from session.test_installed import leads_to, opened, write

from magellan_lsp.session.installed import java
from magellan_lsp.session.installed.archives import Archive
from magellan_lsp.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the folders are those of POSIX")

LIBRARY = {
    "java.base/module-info.java": "module java.base {}\n",
    "java.base/java/lang/Object.java": "package java.lang;\npublic class Object { public int hashCode() { return 0; } }\n",
    "java.base/java/lang/Integer.java": "package java.lang;\npublic final class Integer extends Number"
    " implements Comparable<Integer> {\n    public int compareTo(Integer other) { return 0; }\n}\n",
    "java.base/java/lang/Comparable.java": "package java.lang;\npublic interface Comparable<T> { int compareTo(T o); }\n",
    "java.base/java/lang/String.java": "package java.lang;\npublic final class String {\n"
    "    public String strip() { return this; }\n    public String oddity() { return this; }\n}\n",
    "java.base/java/util/AbstractList.java": "package java.util;\npublic abstract class AbstractList<E> {\n"
    "    protected E kept() { return null; }\n}\n",
    "java.base/java/util/ArrayList.java": "package java.util;\n"
    "public class ArrayList<E> extends AbstractList<E> implements List<E> {\n"
    "    public void trimToSize() {}\n    public E only() { return null; }\n}\n",
    "java.base/java/util/List.java": "package java.util;\npublic interface List<E> { E get(int index); }\n",
    "java.sql/module-info.java": "module java.sql {}\n",
    "java.sql/java/sql/Driver.java": "package java.sql;\npublic class Driver {\n"
    "    public static Row open() { return new Row(); }\n    public static class Row { public void next() {} }\n}\n",
}
GREET = "package org.greet;\npublic class Greet { public static Greet hello() { return null; }\n    public void %s() {} }\n"


def pack(place: Path, files: dict[str, str]) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return place


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with a JDK and with libraries in Maven's and Gradle's caches."""
    pack(tmp_path / "jdk/lib/src.zip", LIBRARY)
    maven = tmp_path / "home/.m2/repository/org/greet/greet"
    for version in ("1.2", "1.10"):
        pack(
            maven / version / f"greet-{version}-sources.jar",
            {"org/greet/Greet.java": GREET % f"v{version.replace('.', '_')}"},
        )
    gradle = tmp_path / "home/.gradle/caches/modules-2/files-2.1/com.wave/wave/3.0/0a1b"
    pack(gradle / "wave-3.0-sources.jar", {"com/wave/Wave.java": "package com.wave;\npublic class Wave {}\n"})
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("GRADLE_USER_HOME", "MAVEN_REPO_LOCAL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def unpacked(machine):
    """The files that were taken out of archives, below the cache's folder."""
    root = machine / "cache/magellan-lsp/sources"
    return sorted(
        one.relative_to(root).as_posix().partition("/")[2] for one in root.rglob("*.*") if one.is_file()
    )


def read(place):
    """A file's text, and whether it may be written."""
    mode = Path(place).stat().st_mode
    return Path(place).read_text(), "may be written" if mode & 0o222 else "no right to write"


async def found_from(machine, imports, code, name):
    work = machine / "work"
    source = f"package app;\n\n{imports}\nclass Main {{\n    void run() {{ {code} }}\n}}\n"
    write(work, {"Main.java": source})
    session = await opened(work)
    try:
        return await leads_to(session, work / "Main.java", name)
    finally:
        await session.stop()


@pytest.mark.parametrize(
    ("imports", "code", "name", "place"),
    [
        ("import java.sql.Driver;", "Driver.open();", "Driver", "java/sql/Driver.java"),
        ("import java.sql.Driver;", "Driver.open().next();", "next", "java/sql/Driver.java"),
        ("", '"a".strip();', "strip", "java/lang/String.java"),
        ("", '"a".oddity().oddity();', "oddity", "java/lang/String.java"),
        (
            "import java.util.*;",
            "new ArrayList<String>().trimToSize();",
            "trimToSize",
            "java/util/ArrayList.java",
        ),
        ("import java.util.*;", "new ArrayList<String>().kept();", "kept", "java/util/AbstractList.java"),
        ("import java.util.*;", "new ArrayList<String>().only().strip();", "strip", "java/lang/String.java"),
        (
            "import java.util.*;",
            "List<String> s = null; s.get(0).oddity();",
            "oddity",
            "java/lang/String.java",
        ),
        ("", "Integer i = 1; i.compareTo(2);", "compareTo", "java/lang/Integer.java"),
        ("", "hashCode();", "hashCode", "java/lang/Object.java"),
        ("import com.wave.Wave;", "Wave w;", "Wave", "com/wave/Wave.java"),
        ("import org.greet.*;", "Greet.hello();", "hello", "org/greet/Greet.java"),
    ],
)
async def test_the_jdk_and_libraries(machine, imports, code, name, place):
    [(found, text)] = await found_from(machine, imports, code, name)
    assert text == name
    assert found.startswith(f"{machine}/cache/magellan-lsp/sources/"), found
    assert found.endswith(f"/{place}"), found


async def test_only_the_files_on_the_way_are_taken_out(machine):
    await found_from(machine, "import java.sql.Driver;", "Driver.open().next();", "next")
    assert unpacked(machine) == ["java/sql/Driver.java"]


async def test_nothing_is_taken_out_before_a_question_leads_there(machine):
    await found_from(machine, "import java.sql.Driver;", "Driver.open();", "run")
    assert not (machine / "cache").exists()


async def test_a_place_in_an_archive_is_a_file_that_leads_on(machine):
    [(found, _)] = await found_from(machine, "import java.util.*;", "new ArrayList<String>();", "ArrayList")
    assert read(found) == (LIBRARY["java.base/java/util/ArrayList.java"], "no right to write")
    session = await opened(machine / "work")
    assert [
        (Path(path).name, name) for path, name in await leads_to(session, Path(found), "AbstractList")
    ] == [("AbstractList.java", "AbstractList")]
    await session.stop()


@pytest.mark.parametrize(
    ("build", "method"),
    [
        ("<artifactId>greet</artifactId><version>1.2</version>", "v1_2"),
        ("<artifactId>greet</artifactId>", "v1_10"),
        ("", "v1_10"),
    ],
)
async def test_the_version_that_a_build_file_names_wins_over_the_newest(machine, build, method):
    write(machine / "work", {"pom.xml": f"<project>{build}</project>"})
    found = await found_from(machine, "import org.greet.Greet;", f"Greet.hello().{method}();", method)
    assert [name for _, name in found] == [method]


def test_libraries_that_a_build_file_names_come_first(machine):
    write(machine / "work", {"inner/build.gradle": 'implementation "org.greet:greet:1.2"'})
    found = java.places(str(machine / "work"), Settings(), {"HOME": str(machine / "home")})
    assert [Path(one.path).name for one in found if isinstance(one, Archive)][-2:] == [
        "greet-1.2-sources.jar",
        "wave-3.0-sources.jar",
    ]


async def test_a_java_program_on_the_path_leads_to_its_sources(machine, monkeypatch):
    (machine / "jdk/bin").mkdir()
    program = machine / "jdk/bin/java"
    program.write_text("")
    program.chmod(0o755)
    (machine / "bin").mkdir()
    (machine / "bin/java").symlink_to(program)
    environment = {"PATH": str(machine / "bin")}
    [library, *_] = java.places(str(machine / "work"), Settings(), environment)
    assert isinstance(library, Archive)
    assert library.path == str(machine / "jdk/lib/src.zip")


async def test_a_root_of_the_settings_may_be_an_archive(machine):
    place = pack(machine / "libs/own.jar", {"own/Thing.java": "package own;\npublic class Thing {}\n"})
    [first, *_] = java.places(str(machine / "work"), Settings(dependencies_roots=("../libs/own.jar",)), {})
    assert isinstance(first, Archive)
    assert first.path == str(place)


@pytest.mark.parametrize(
    "member",
    [
        "../../evil/Evil.java",
        "/evil/Evil.java",
        "a/../../Evil.java",
        "a\\..\\Evil.java",
        "C:/Evil.java",
        "a//Evil.java",
    ],
)
def test_a_members_name_never_leads_out(machine, member):
    archive = Archive(
        str(pack(machine / "bad.jar", {member: "class Evil {}\n", "ok/Fine.java": "class Fine {}\n"})),
        ".java",
    )
    archive.unpack(member)
    archive.unpack("ok/Fine.java")
    assert unpacked(machine) == ["ok/Fine.java"]
    assert not list(machine.rglob("Evil.java"))


@pytest.mark.parametrize(
    "data", [b"", b"no archive", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + b"\xff" * 60]
)
async def test_a_damaged_archive_is_passed_over(machine, data):
    (machine / "jdk/lib/src.zip").write_bytes(data)
    assert await found_from(machine, "import org.greet.Greet;", "Greet.hello();", "hello")


async def test_a_cache_that_cannot_be_written_gives_no_answer(machine):
    (machine / "cache").write_text("a file where the folder should be")
    [(path, _)] = await found_from(machine, "import java.sql.Driver;", "Driver.open();", "Driver") or [
        ("", "")
    ]
    assert path in ("", "Main.java")


def test_a_newer_archive_is_unpacked_beside_the_older(machine):
    place = machine / "jdk/lib/src.zip"
    first = Archive(str(place), ".java").folder
    pack(place, {**LIBRARY, "java.base/java/lang/More.java": "package java.lang;\nclass More {}\n"})
    assert Archive(str(place), ".java").folder != first


def test_a_member_that_expands_to_very_much_is_left_alone(machine):
    place = machine / "libs" / "bomb-sources.jar"
    place.parent.mkdir()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a/Zeros.java", b"\0" * (64 << 20))
        packed.writestr("a/Sound.java", "package a; class Sound {}\n")
        packed.writestr("a/Other.java", "package a; class Other {}\n", compress_type=zipfile.ZIP_LZMA)
    assert place.stat().st_size < 100_000
    archive = Archive(str(place), ".java")
    for name in ("Zeros", "Other", "Sound"):
        archive.unpack(f"a/{name}.java")
    assert unpacked(machine) == ["a/Sound.java"]


def listing(n_members: int) -> bytes:
    """The end of an archive: a list of that many members without content, and what says where it begins."""
    entries = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0)
        + name
        for name in (b"a/A%d.java" % number for number in range(n_members))
    )
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(entries), 0, 0)
    return entries + end


def test_a_list_of_very_many_members_is_not_taken_in(tmp_path):
    place = tmp_path / "many-sources.jar"
    place.write_bytes(listing(1000))
    assert len(Archive(str(place), ".java").files("a")) == 1000
    place.write_bytes(listing(150_000))
    tracemalloc.start()
    try:
        assert Archive(str(place), ".java").files("a") == []
        assert tracemalloc.get_traced_memory()[1] < 40 << 20  # its members would be some 90 MB
    finally:
        tracemalloc.stop()


def test_a_list_of_very_many_bytes_is_not_taken_in(tmp_path):
    place = tmp_path / "long-sources.jar"
    size = 300 << 20
    with place.open("wb") as file:
        file.truncate(size)
        file.seek(size)
        file.write(struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, size, 0, 0))
    tracemalloc.start()
    try:
        assert Archive(str(place), ".java").files("a") == []
        assert tracemalloc.get_traced_memory()[1] < 40 << 20
    finally:
        tracemalloc.stop()
