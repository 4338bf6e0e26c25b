"""Settings in every spelling that editors send, and what is said about those that cannot be used."""

import json
import re
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.indexer.ignore import DEFAULT_MAX_FILE_SIZE
from magellan_lsp.settings import (
    FEATURES,
    LANGUAGES,
    OPTIONS,
    LanguageSettings,
    Settings,
    camel_case,
    from_command_line,
    language_name,
    read_settings,
    snake_case,
)

DOCUMENT = (Path(__file__).parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")


def settings(given, **options):
    read = read_settings(given, **options)
    assert read.warnings == ()
    return read.settings


def test_nothing_given_changes_nothing():
    base = Settings(workers=3)
    nothings: list[object] = [None, {}, {"magellan": None}, {"magellan": {}}, {"workers": None}]
    for nothing in [*nothings, {"codeLens": {"references": None}}]:
        assert settings(nothing, base=base) == base
        assert settings(nothing) == Settings()


@pytest.mark.parametrize(
    "given",
    [
        {"codeLens": {"references": True}, "maxFileSize": 5},
        {"code_lens": {"references": True}, "max_file_size": 5},
        {"codeLens.references": True, "maxFileSize": 5},
        {"magellan.codeLens.references": True, "magellan.maxFileSize": 5},
        {"magellan": {"codeLens": {"references": True}, "maxFileSize": 5}},
        {"magellan": {"codeLens.references": True, "max-file-size": 5.0}},
        {"magellan.codeLens": {"references": True}, "magellan": {"maxFileSize": 5}},
    ],
)
def test_every_spelling_means_the_same(given):
    assert settings(given) == Settings(code_lens_references=True, max_file_size=5)


def test_every_setting_can_be_given():
    given = {
        "include": ["src"],
        "exclude": ["*.gen.py", "!keep"],
        "maxFileSize": 1000,
        "index": {"location": "cache"},
        "backend": "sqlite",
        "workers": 2,
        "debounceMs": 50,
        "followSymlinks": False,
        "logLevel": "Debug",
        "cacheLimitMb": 10,
        "dependencies": {"enabled": False, "roots": ["../node_modules"], "python": "/opt/py"},
        "codeLens": {"references": True},
        "details": {"background": ["metrics", "cfg"]},
        "migration": {"enabled": False, "path": "old/m.db"},
        "features": {"hover": False},
        "languages": {"go": {"enabled": False}},
    }
    found = settings(given)
    assert found == Settings(
        include=("src",),
        exclude=("*.gen.py", "!keep"),
        max_file_size=1000,
        index_location="cache",
        backend="sqlite",
        workers=2,
        debounce_ms=50,
        follow_symlinks=False,
        log_level="debug",
        cache_limit_mb=10,
        dependencies_enabled=False,
        dependencies_roots=("../node_modules",),
        dependencies_python="/opt/py",
        code_lens_references=True,
        details_background=("cfg", "metrics"),
        migration_enabled=False,
        migration_path="old/m.db",
        features={"hover": False},
        languages={"go": LanguageSettings(enabled=False)},
    )
    untouched = [
        field.name
        for field in attrs.fields(Settings)
        if getattr(found, field.name) == getattr(Settings(), field.name)
    ]
    assert untouched == []


def test_features_are_on_unless_switched_off_and_a_languages_own_choice_wins():
    chosen = settings(
        {
            "features": {"hover": False},
            "languages": {
                "python": {"enabled": True, "features": {"definition": False, "hover": True}},
                "go": {"enabled": False, "features": {"hover": True}},
            },
        }
    )
    assert not chosen.enabled("hover")
    assert chosen.enabled("hover", "python")
    assert not chosen.enabled("hover", "rust")
    assert not chosen.enabled("definition", "python")
    assert chosen.enabled("definition", "rust")
    assert chosen.enabled("definition")
    assert not chosen.enabled("hover", "go")
    assert not chosen.enabled("definition", "go")


@pytest.mark.parametrize(
    "given",
    [
        {"languages": {"typescript": {"features": {"callHierarchy": False}}}},
        {"languages": {"typescriptreact": {"features.call_hierarchy": False}}},
        {"magellan.languages.typescript.features.callHierarchy": False},
        {"magellan.languages": {"typescript.features": {"call_hierarchy": False}}},
    ],
)
def test_features_and_languages_take_every_spelling(given):
    chosen = settings(given)
    for feature in ("callHierarchy", "call_hierarchy"):
        for language in ("typescript", "typescriptreact", "tsx"):
            assert not chosen.enabled(feature, language)
        assert chosen.enabled(feature, "javascript")


def test_a_language_can_be_switched_by_one_word():
    assert not settings({"languages": {"go": False}}).enabled("hover", "go")


def test_later_settings_go_over_earlier_ones_one_by_one():
    first = settings(
        {
            "workers": 2,
            "features": {"hover": False, "references": False},
            "languages": {"go": {"enabled": False}},
        }
    )
    then = settings(
        {"debounceMs": 7, "features": {"hover": True}, "languages": {"go": {"features": {"cfg": False}}}},
        base=first,
    )
    assert then == Settings(
        workers=2,
        debounce_ms=7,
        features={"hover": True, "references": False},
        languages={"go": LanguageSettings(enabled=False, features={"cfg": False})},
    )
    assert first.features == {"hover": False, "references": False}


@pytest.mark.parametrize(
    ("given", "warning"),
    [
        (
            {"debounceMs": "fast"},
            'The setting magellan.debounceMs must be a whole number from 1 to 60000, not "fast"',
        ),
        ({"workers": True}, "The setting magellan.workers must be a whole number"),
        ({"workers": -1}, "not -1"),
        ({"workers": 1.5}, "not 1.5"),
        ({"workers": float("nan")}, "not NaN"),
        ({"maxFileSize": 10**30}, "The setting magellan.maxFileSize must be"),
        ({"followSymlinks": "yes"}, 'The setting magellan.followSymlinks must be true or false, not "yes"'),
        ({"followSymlinks": 1}, "not 1"),
        ({"include": "src"}, 'The setting magellan.include must be a list of globs, not "src"'),
        ({"exclude": ["a", 1]}, "The setting magellan.exclude must be a list of globs"),
        ({"index": {"location": "here"}}, "The setting magellan.index.location must be"),
        ({"index": "cache"}, "The setting magellan.index must be a table"),
        ({"backend": "oracle"}, 'The setting magellan.backend must be "lmdb" or "sqlite"'),
        ({"logLevel": 3}, "The setting magellan.logLevel must be"),
        ({"features": ["hover"]}, "The setting magellan.features must be a table of features"),
        (
            {"features": {"hover": "no"}},
            'The setting magellan.features.hover must be true or false, not "no"',
        ),
        (
            {"features": {"hoover": False}},
            "There is no setting magellan.features.hoover; hover may have been meant.",
        ),
        ({"features.hover.deep": False}, "The setting magellan.features.hover.deep must be a table"),
        ({"languages": 1}, "The setting magellan.languages must be a table of languages"),
        (
            {"languages": {"phyton": {}}},
            "There is no setting magellan.languages.phyton; python may have been meant.",
        ),
        ({"languages": {"go": 1}}, "The setting magellan.languages.go must be a table"),
        (
            {"languages": {"go": {"enabled": 1}}},
            "The setting magellan.languages.go.enabled must be true or false",
        ),
        (
            {"languages": {"go": {"feature": {}}}},
            "There is no setting magellan.languages.go.feature; features may have",
        ),
        (
            {"languages": {"go": {"features": {"hover": 0}}}},
            "magellan.languages.go.features.hover must be true or false",
        ),
        ({"maxFilesize": 1}, "There is no setting magellan.maxFilesize; maxFileSize may have been meant."),
        (
            {"codeLens": {"reference": True}},
            "magellan.codeLens.reference; codeLens.references may have been meant.",
        ),
        ({"zzz": 1}, "There is no setting magellan.zzz."),
        ({1: 2}, "There is no setting magellan.1."),
        ({"magellan": {"magellan": {"workers": 2}}}, "There is no setting magellan.magellan."),
        ({"magellan": 5}, "The setting magellan must be a table of settings, not 5"),
        ({"magellan." * 5000 + "workers": 2}, "There is no setting"),
        ([1, 2], "The setting magellan must be a table of settings, not [1, 2]"),
        ("x" * 500, "..."),
    ],
)
def test_what_cannot_be_used_is_a_warning_and_changes_nothing_else(given, warning):
    base = Settings(debounce_ms=7)
    read = read_settings(given, base)
    assert len(read.warnings) == 1
    assert warning in read.warnings[0]
    assert len(read.warnings[0]) < 250
    if not isinstance(given, dict):
        assert read.settings == base
        return
    beside = read_settings({**given, "cacheLimitMb": 9}, base)
    assert beside.settings.cache_limit_mb == 9
    assert attrs.evolve(beside.settings, cache_limit_mb=base.cache_limit_mb, languages={}) == base


def test_a_place_to_write_to_is_not_taken_from_a_workspace(tmp_path):
    place = str(tmp_path)
    assert settings({"index.location": place}).index_location == place
    read = read_settings({"index.location": place, "workers": 2}, trusted=False)
    assert (read.settings.index_location, read.settings.workers) == ("workspace", 2)
    assert "a workspace may not choose" in read.warnings[0]
    assert settings({"index.location": "cache"}, trusted=False).index_location == "cache"


@pytest.mark.parametrize(
    "path", ["/etc/m.db", "../m.db", "a/../../m.db", "~/m.db", "C:\\m.db", "\\\\host\\m.db"]
)
def test_a_workspace_names_a_database_only_inside_itself(path):
    read = read_settings({"migration.path": path}, trusted=False)
    assert read.settings.migration_path == ""
    assert len(read.warnings) == 1
    assert read_settings({"migration.path": path}).settings.migration_path
    assert read_settings({"migration.path": "old/m.db"}, trusted=False).settings.migration_path == "old/m.db"


def test_a_home_folder_is_written_out(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert settings({"index.location": "~/indexes"}).index_location == "/home/somebody/indexes"


keys = st.text(max_size=4) | st.sampled_from(
    [
        "magellan",
        "features",
        "languages",
        "hover",
        "python",
        "enabled",
        "index",
        "location",
        "workers",
        "include",
        "codeLens.references",
        "..",
        ".",
    ]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(keys, json_values) | json_values)
def test_no_settings_are_an_error(given):
    read = read_settings(given)
    assert isinstance(read.settings, Settings)
    assert all(isinstance(warning, str) for warning in read.warnings)
    assert isinstance(read.settings.enabled("hover", "python"), bool)


def test_the_command_line_gives_json_or_text():
    given = from_command_line(
        ["codeLens.references=true", 'include=["a"]', "logLevel=debug", "index.location=/x=y", "workers"]
    )
    assert given == {
        "codeLens.references": True,
        "include": ["a"],
        "logLevel": "debug",
        "index.location": "/x=y",
        "workers": "",
    }
    assert len(read_settings(given).warnings) == 1


def test_names_are_spelled_both_ways():
    for name in (*FEATURES, *(option.field for option in OPTIONS.values())):
        assert snake_case(camel_case(name)) == name
    assert snake_case("type-definition") == "type_definition"
    assert language_name("TypeScriptReact") == "typescript"


def test_every_field_is_a_setting_and_documented_with_its_default():
    rows = dict(re.findall(r"^\| `magellan\.([\w.]+)` \| .*? \| `(.*?)` \|", DOCUMENT, re.MULTILINE))
    default = Settings()
    documented = {key: json.loads(text) for key, text in rows.items()}
    expected = {
        key: json.loads(json.dumps(getattr(default, option.field))) for key, option in OPTIONS.items()
    }
    assert documented == {**expected, "features": {}, "languages": {}}
    fields = {field.name for field in attrs.fields(Settings)}
    assert {option.field for option in OPTIONS.values()} | {"features", "languages"} == fields


def test_every_feature_and_language_is_documented():
    listed = set(re.findall(r"`(\w+)`", DOCUMENT.split("## Features and languages")[1]))
    assert {camel_case(feature) for feature in FEATURES} <= listed
    assert set(LANGUAGES) <= listed


def test_the_size_limit_is_that_of_the_scan():
    assert Settings().max_file_size == DEFAULT_MAX_FILE_SIZE


def test_settings_are_frozen():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Settings().workers = 2  # type: ignore[misc]
