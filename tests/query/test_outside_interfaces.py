"""References of a Go method count calls through the standard library's interfaces that its type implements."""

import pytest

from magellan_lsp.query import call_hierarchy, references

FAULT = """\
package fault

import "io"

type Fault struct{}

func (f *Fault) «Error»() string { return "" }

type Sink interface {
	io.Writer
	Sync() error
}

type locked struct{}

func (l *locked) «Write»(p []byte) (int, error) { return 0, nil }
func (l *locked) Sync() error { return nil }

func (l *locked) «Close»(hard bool) (int, error) { return 0, nil }

func show(err error, c io.Closer) string {
	c.Close()
	return err.Error()
}
"""
USER = """\
package user

import (
	"io"

	"example.com/m/fault"
)

var known fault.Fault

func save(w io.Writer, err error) {
	w.Write(nil)
	err.Error()
}
"""
STRANGER = """\
package stranger

import "io"

func save(w io.Writer) { w.Write(nil) }
"""


@pytest.fixture
def go(world):
    sources = {"fault/fault.go": FAULT, "user/user.go": USER, "stranger/stranger.go": STRANGER}
    return world(sources, {"go.mod": b"module example.com/m\n"})


def places(go, mark: str) -> list[str]:
    found = references.references(go.snapshot(), *go.at(mark), include_declaration=False)
    return [f"{one.path}: {line(go, one)}" for one in found]


def line(go, one) -> str:
    data = go.files[one.path]
    return data[data.rfind(b"\n", 0, one.span.start) + 1 : data.find(b"\n", one.span.end)].decode().strip()


def test_uses_in_the_same_package_count(go):
    assert places(go, "Error") == ["fault/fault.go: return err.Error()"]


def test_uses_elsewhere_count_where_an_interface_of_the_workspace_embeds_the_one_outside(go):
    assert places(go, "Write") == ["user/user.go: w.Write(nil)"]


def test_a_method_with_other_results_implements_nothing(go):
    assert places(go, "Close") == []


def test_who_uses_it_so_calls_it(go):
    snapshot = go.snapshot()
    (item,) = call_hierarchy.prepare(snapshot, *go.at("Error"))
    assert [call.symbol.name for call in call_hierarchy.incoming(snapshot, item.ref)] == ["show"]


def test_what_functions_of_the_standard_library_give_is_known_to_be_an_error(world):
    made = world(
        {
            "fault.go": FAULT,
            "use.go": "package fault\n"
            'import ("errors"; "fmt"; "os")\n'
            "func use() string {\n"
            '\terr := os.Remove("x")\n'
            "\tif err != nil { return err.Error() }\n"
            '\treturn fmt.Errorf("%w", errors.New("y")).Error()\n'
            "}\n",
        }
    )
    found = references.references(made.snapshot(), *made.at("Error"), False)
    assert [
        made.files[one.path][: one.span.start].count(b"\n") + 1 for one in found if one.path == "use.go"
    ] == [5, 6]
