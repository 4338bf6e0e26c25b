import inspect
import pickle
import re
from pathlib import Path

import pytest

from magellan_lsp import errors
from magellan_lsp.errors import MagellanError

EXAMPLES: list[MagellanError] = [
    MagellanError(),
    errors.UsageError("Give FILE:LINE:COL."),
    errors.InvalidSetting("magellan.index.maxBytes", "big", "a number of bytes"),
    errors.AmbiguousName("run", ["a.run", "b.run"]),
    errors.NotFound("symbol", "no_such"),
    errors.UnknownDocument("file:///w/x.py"),
    errors.PositionOutOfRange("x.py", 9, 0, 3),
    errors.Cancelled(),
    errors.NoSpace(Path("/w/.magellan")),
    errors.NotWritable(Path("/w/.magellan")),
    errors.GitUnavailable("Git is not installed."),
    errors.UnusableIndex(Path("/w/.magellan")),
    errors.IndexMissing(Path("/w/.magellan")),
    errors.IndexFormatError(Path("/w/.magellan"), 1, 2),
    errors.IndexDamagedError(Path("/w/.magellan"), "page 7 is cut short"),
    errors.IndexBusyError(Path("/w/.magellan"), 4711),
    errors.ForeignFolderError(Path("/w/.magellan")),
    errors.DatabaseError(Path("/w/old.db")),
    errors.DatabaseNotFound(Path("/w/old.db")),
    errors.CannotOpenDatabase(Path("/w/old.db"), "permission denied"),
    errors.CannotReadHeader(Path("/w/old.db"), "3 bytes long"),
    errors.UnknownFormat(Path("/w/old.db"), "starts with %PDF"),
    errors.InMemoryDatabaseNotSupported(),
    errors.NewerSchema(Path("/w/old.db"), 22, 21),
    errors.DatabaseDamaged(Path("/w/old.db"), "corrupt page"),
    errors.DatabaseLocked(Path("/w/old.db")),
    errors.MigrationMismatch(Path("/w/old.db"), ["calls: 10 read, 9 written"]),
    errors.TargetExists(Path("/w/new.db")),
]


def every_error() -> list[type[MagellanError]]:
    classes = [value for _, value in inspect.getmembers(errors, inspect.isclass)]
    return [cls for cls in classes if issubclass(cls, MagellanError)]


def test_every_error_has_an_example_here():
    assert {type(error) for error in EXAMPLES} == set(every_error())


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_survives_the_way_home_from_a_worker(error: MagellanError):
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert copy.fields() == error.fields()
    assert str(copy) == str(error)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_speaks_in_sentences(error: MagellanError):
    assert str(error)[0].isupper() or str(error)[0] in "/'fx"
    assert str(error).endswith(".")
    assert "\n" not in str(error)


def test_the_tree_in_the_docstring_is_the_tree_in_the_code():
    drawn = {}
    for name, code in re.findall(r"(\w+) +(\d+)$", errors.__doc__ or "", re.MULTILINE):
        drawn[name] = int(code)
    assert drawn == {cls.__name__: cls.exit_code for cls in every_error()}


def test_only_misuse_has_the_exit_code_of_misuse_and_only_misses_that_of_a_miss():
    for cls in every_error():
        assert (cls.exit_code == 2) == issubclass(cls, errors.UsageError)
        assert (cls.exit_code == 1) == (cls is errors.NotFound)
        assert cls.exit_code > 0


def test_an_error_can_be_raised_with_a_cause_and_caught_as_a_family():
    cause = OSError("boom")
    with pytest.raises(errors.DatabaseError) as caught:
        raise errors.CannotOpenDatabase(Path("x.db"), str(cause)) from cause
    assert caught.value.__cause__ is cause
    assert caught.value.fields() == {"path": "x.db", "reason": "boom"}
