"""A workspace that does its best to lead out of itself, and what lies outside of it."""

import json
from pathlib import Path

import pytest

SECRET = "def TopSecretFunction():\n    pass\n"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.py").write_text(SECRET)
    (folder / "secret.ts").write_text("export class TopSecretClass {}\n")
    (folder / "secret.h").write_text("int TopSecretDeclaration(void);\n")
    return folder


@pytest.fixture
def root(tmp_path: Path, outside: Path) -> Path:
    """A workspace that does its best to lead out of itself."""
    root = tmp_path / "work"
    (root / "node_modules").mkdir(parents=True)
    (root / "linked.py").symlink_to(outside / "secret.py")
    (root / "link").symlink_to(outside)
    (root / "up.py").symlink_to("../outside/secret.py")
    (root / "node_modules" / "dep").symlink_to(outside)
    (root / "vendor").symlink_to(outside)
    (root / "package.json").write_text('{"imports": {"#s": "../outside/secret.ts"}}')
    (root / "tsconfig.json").write_text('{"compilerOptions": {"paths": {"@s": ["../outside/secret.ts"]}}}')
    (root / "compile_commands.json").write_text(
        json.dumps([{"directory": "/", "file": "a.c", "command": f"cc -I{outside} a.c"}])
    )
    (root / "own.py").write_text(
        "from linked import TopSecretFunction\nimport link.secret\nTopSecretFunction()\n"
    )
    (root / "own.ts").write_text(
        'import { TopSecretClass } from "../outside/secret";\nimport * as b from "@s";\nimport * as c from "#s";\n'
        'import * as d from "dep/secret";\nnew TopSecretClass(); d.TopSecretClass;\n'
    )
    (root / "own.c").write_text('#include "../outside/secret.h"\nint main(void) { return 0; }\n')
    return root
