"""VS Code's configuration in package.json says what the server's settings are, and nothing else."""

import json
import re
from pathlib import Path

import pytest

from magellan_lsp.settings import FEATURES, LANGUAGES, OPTIONS, Settings, camel_case, read_settings

ROOT = Path(__file__).parents[2]
PACKAGE = json.loads((ROOT / "editors/vscode/package.json").read_text(encoding="utf-8"))
PROPERTIES = PACKAGE["contributes"]["configuration"]["properties"]
OF_THE_EXTENSION = {"magellan.server.path", "magellan.trace.server"}
OF_THE_SERVER = {name: schema for name, schema in PROPERTIES.items() if name not in OF_THE_EXTENSION}
NAMED = [(key, OF_THE_SERVER.get(f"magellan.{key}", {})) for key in OPTIONS]


def documented() -> dict[str, str]:
    """What each setting does, by the table of the manual."""
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(magellan\.\S+)` \|.*\| (.*) \|$", text, re.MULTILINE)
    # A link of the manual leads nowhere in the editor.
    return {name: re.sub(r"\[(.*?)\]\(.*?\)", r"\1", words) for name, words in rows}


def test_the_same_settings():
    assert set(OF_THE_SERVER) == {f"magellan.{key}" for key in [*OPTIONS, "features", "languages"]}


@pytest.mark.parametrize(("key", "schema"), NAMED)
def test_the_same_defaults(key, schema):
    default = getattr(Settings(), OPTIONS[key].field)
    assert schema["default"] == (list(default) if isinstance(default, tuple) else default)


@pytest.mark.parametrize(("key", "schema"), NAMED)
def test_values_that_the_schema_allows_are_taken(key, schema):
    allowed = schema.get("enum") or [schema[bound] for bound in ("minimum", "maximum") if bound in schema]
    for value in allowed:
        read = read_settings({key: value})
        assert not read.warnings
        assert getattr(read.settings, OPTIONS[key].field) == value


@pytest.mark.parametrize(("key", "schema"), [one for one in NAMED if "minimum" in one[1]])
def test_bounds_are_the_servers(key, schema):
    for value in (schema["minimum"] - 1, schema["maximum"] + 1):
        assert read_settings({key: value}).warnings


def test_the_same_words_as_the_manual():
    assert {name: schema["markdownDescription"] for name, schema in OF_THE_SERVER.items()} == documented()


def test_features_and_languages():
    features = {camel_case(name) for name in FEATURES}
    assert set(PROPERTIES["magellan.features"]["properties"]) == features
    languages = PROPERTIES["magellan.languages"]["properties"]
    assert set(languages) == set(LANGUAGES)
    for schema in languages.values():
        assert set(schema["properties"]["features"]["properties"]) == features


def test_a_workspace_chooses_no_program_and_no_place_on_the_machine():
    user_only = {"magellan.server.path", "magellan.dependencies.roots", "magellan.dependencies.python"}
    assert {name for name, schema in PROPERTIES.items() if schema["scope"] == "machine"} == user_only
    restricted = PACKAGE["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert {*user_only, "magellan.index.location", "magellan.migration.path"} <= set(restricted)


def test_the_same_version_as_the_server():
    from magellan_lsp import __version__

    assert PACKAGE["version"] == __version__
