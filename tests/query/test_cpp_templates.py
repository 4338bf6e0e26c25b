"""Names of C++ whose meaning only a template's arguments or the outside tell: where their definition leads."""

from magellan_lsp.query import definition, references

FEED = """\
namespace kit {
using std::stoul;
}
template <typename Handler, class Clock> void feed(Handler &handler) {
  handler.«on_day»(1);
  auto now = Clock::«now»();
  kit::«stoul»("1");
  handler.«run»();
}
"""

HANDLERS = """\
struct first { void on_day(int); };
struct second { void on_day(int) {} };
"""

MANY = "".join(f"struct s{number} {{ void run() {{}} }};\n" for number in range(6))


def places(world, mark: str) -> tuple[object, list[tuple[str, int]]]:
    made = world({"feed.cpp": FEED, "handlers.hpp": HANDLERS, "many.hpp": MANY})
    found = definition.definition(made.snapshot(), *made.at(mark)).places
    return made, [(one.path, made.line(one.path, one.name.start)) for one in found]


def test_a_member_of_what_a_template_gets_leads_to_the_members_of_that_name(world):
    made, found = places(world, "on_day")
    assert found == [("handlers.hpp", 0), ("handlers.hpp", 1)]
    # it is no use of either
    at = HANDLERS.index("on_day")
    assert not [
        one
        for one in references.references(made.snapshot(), "handlers.hpp", at, False)
        if one.path == "feed.cpp"
    ]


def test_a_member_of_a_template_s_parameter_leads_to_the_parameter(world):
    assert places(world, "now")[1] == [("feed.cpp", 3)]


def test_what_a_namespace_has_from_outside_leads_to_the_using_declaration(world):
    assert places(world, "stoul")[1] == [("feed.cpp", 1)]


def test_a_name_that_many_classes_have_leads_nowhere(world):
    assert places(world, "run")[1] == []
