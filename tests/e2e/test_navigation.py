"""One or two questions per method, as a real client asks them."""

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from support.lsp import capabilities

ENCODINGS = ["utf-8", "utf-16", "utf-32"]


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_columns_are_counted_as_the_client_wants(edit, files, encoding):
    editor = await edit(files, capabilities([encoding, "utf-16"]))
    assert editor.encoding == encoding
    editor.open("app.py")
    found = await editor.client.text_document_definition_async(
        types.DefinitionParams(**editor.at("astral", 2))
    )
    assert editor.places(found) == ["util.py:1:greet"]
    uses = await editor.client.text_document_document_highlight_async(
        types.DocumentHighlightParams(**editor.at("astral"))
    )
    assert [editor.shown(editor.workspace.uri("app.py"), one.range) for one in uses] == [
        "app.py:1:greet",
        "app.py:3:greet",
        "app.py:7:greet",
    ]


async def test_an_answer_does_not_wait_for_the_index(edit, files):
    editor = await edit(files)
    editor.open("app.py")
    found = await editor.client.text_document_definition_async(types.DefinitionParams(**editor.at("method")))
    assert editor.places(found) == ["util.py:12:run"]


async def test_a_client_that_takes_links_gets_links(edit, files):
    editor = await edit(files, capabilities(links=True))
    editor.open("app.py")
    [link] = await editor.client.text_document_definition_async(types.DefinitionParams(**editor.at("first")))
    assert editor.shown(link.target_uri, link.target_selection_range) == "util.py:1:greet"
    assert link.target_range.end.line == 2
    assert editor.shown(editor.workspace.uri("app.py"), link.origin_selection_range) == "app.py:3:greet"


async def test_declaration_type_and_implementation(edit, files):
    editor = await edit(files)
    await editor.settle()
    client = editor.client
    declared = await client.text_document_declaration_async(types.DeclarationParams(**editor.at("first")))
    assert editor.places(declared) == ["util.py:1:greet"]
    of_type = await client.text_document_type_definition_async(
        types.TypeDefinitionParams(**editor.at("method", -2))
    )
    assert editor.places(of_type) == ["util.py:11:Child"]
    below = await client.text_document_implementation_async(types.ImplementationParams(**editor.at("run")))
    assert editor.places(below) == ["util.py:12:run"]


@pytest.mark.parametrize("own", [True, False])
async def test_references(edit, files, own):
    editor = await edit(files)
    await editor.settle()
    found = await editor.client.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(own), **editor.at("greet"))
    )
    uses = ["app.py:1:greet", "app.py:3:greet", "app.py:7:greet", "util.py:8:greet", "util.py:13:greet"]
    assert editor.places(found) == ([*uses[:3], "util.py:1:greet", *uses[3:]] if own else uses)


async def test_hover(edit, files):
    editor = await edit(files)
    editor.open("app.py")
    found = await editor.client.text_document_hover_async(types.HoverParams(**editor.at("first")))
    assert found.contents.kind == types.MarkupKind.Markdown
    assert found.contents.value == (
        "```python\ndef greet(name: str) -> str\n```\n\n*function* `util.greet`\n\nSay hello."
    )


async def test_symbols_as_a_tree_and_flat(edit, files, tmp_path):
    editor = await edit(files)
    found = await editor.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(editor.document("util.py"))
    )
    assert [(one.name, [inner.name for inner in one.children or ()]) for one in found] == [
        ("greet", []),
        ("Base", ["run"]),
        ("Child", ["run"]),
    ]


async def test_symbols_are_flat_for_a_client_without_trees(edit, files):
    editor = await edit(files, capabilities(tree=False))
    found = await editor.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(editor.document("util.py"))
    )
    assert [(one.name, one.container_name) for one in found] == [
        ("greet", None),
        ("Base", None),
        ("run", "Base"),
        ("Child", None),
        ("run", "Child"),
    ]


async def test_workspace_symbols_and_where_they_are(edit, files):
    editor = await edit(files)
    await editor.settle()
    found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("grt"))
    assert [one.name for one in found] == ["greet"]
    assert editor.places([found[0].location]) == ["util.py:1:greet"]
    resolved = await editor.ask(types.WORKSPACE_SYMBOL_RESOLVE, found[0])
    assert editor.places([resolved.location]) == ["util.py:1:greet"]


async def test_call_hierarchy(edit, files):
    editor = await edit(files)
    await editor.settle()
    client = editor.client
    [item] = await client.text_document_prepare_call_hierarchy_async(
        types.CallHierarchyPrepareParams(**editor.at("greet"))
    )
    assert item.name == "greet"
    callers = await client.call_hierarchy_incoming_calls_async(types.CallHierarchyIncomingCallsParams(item))
    assert [(one.from_.name, [span.start.line + 1 for span in one.from_ranges]) for one in callers] == [
        ("app.py", [3]),
        ("main", [7]),
        ("run", [8]),
        ("run", [13]),
    ]
    [main] = await client.text_document_prepare_call_hierarchy_async(
        types.CallHierarchyPrepareParams(**editor.at("main"))
    )
    callees = await client.call_hierarchy_outgoing_calls_async(types.CallHierarchyOutgoingCallsParams(main))
    assert [(one.to.name, one.to.detail) for one in callees] == [
        ("greet", "util · (name: str) -> str"),
        ("run", "util.Child · (self)"),
    ]


async def test_type_hierarchy(edit, files):
    editor = await edit(files)
    await editor.settle()
    client = editor.client
    [item] = await client.text_document_prepare_type_hierarchy_async(
        types.TypeHierarchyPrepareParams(**editor.at("Child"))
    )
    above = await client.type_hierarchy_supertypes_async(types.TypeHierarchySupertypesParams(item))
    assert [one.name for one in above] == ["Base"]
    below = await client.type_hierarchy_subtypes_async(types.TypeHierarchySubtypesParams(above[0]))
    assert [one.name for one in below] == ["Child"]


async def test_structure(edit, files):
    editor = await edit(files)
    folds = await editor.client.text_document_folding_range_async(
        types.FoldingRangeParams(editor.document("util.py"))
    )
    assert (folds[0].start_line, folds[0].end_line) == (0, 2)
    [selection] = await editor.client.text_document_selection_range_async(
        types.SelectionRangeParams(editor.document("util.py"), [editor.at("local")["position"]])
    )
    spans = []
    while selection is not None:
        spans.append(selection.range)
        selection = selection.parent
    assert editor.shown(editor.workspace.uri("util.py"), spans[0]) == "util.py:13:local"
    assert spans[-1].start == types.Position(0, 0)


async def test_links_of_imports(edit, files):
    editor = await edit(files)
    [link] = await editor.client.text_document_document_link_async(
        types.DocumentLinkParams(editor.document("app.py"))
    )
    assert link.target == editor.workspace.uri("util.py")


async def test_lenses_when_wanted(edit, files):
    editor = await edit(files, options={"codeLens": {"references": True}})
    await editor.settle()
    lenses = await editor.client.text_document_code_lens_async(
        types.CodeLensParams(editor.document("util.py"))
    )
    assert len(lenses) == 5
    first = await editor.ask(types.CODE_LENS_RESOLVE, lenses[0])
    assert first.command.title == "5 references"


async def test_how_sure_an_answer_is(edit, files):
    editor = await edit(files)
    await editor.settle()
    at = {"textDocument": {"uri": editor.document("app.py").uri}, "position": {"line": 2, "character": 8}}
    found = await editor.ask("magellan/definition", at)
    assert [(one.name, one.confidence) for one in found.definitions] == [("greet", "certain")]
    found = await editor.ask("magellan/references", {"symbol": "util.greet", "includeCandidates": True})
    assert {(one.role, one.confidence, one.candidates) for one in found.references} == {
        ("import", "certain", 1),
        ("call", "certain", 1),
    }
    assert await editor.ask("magellan/references", {"symbol": "nobody"}) is None


async def test_calls_through_overriding_and_by_value(edit):
    source = (
        "class Shape:\n    def area(self): return 0\n"
        "class Square(Shape):\n    def area(self): return 1\n"
        "def measure(shape: Shape): return shape.area()\n"
        "def run(how):\n    how(Shape())\nrun(measure)\n"
    )
    editor = await edit({"a.py": source})
    await editor.settle()
    out = await editor.ask("magellan/calls", {"symbol": "a.measure"})
    assert [(call.via, call.displayFqn) for call in out.calls] == [
        ("name", "a.Shape.area"),
        ("override", "a.Square.area"),
    ]
    assert [site.range.start.line for call in out.calls for site in call.sites] == [4, 4]
    into = await editor.ask("magellan/calls", {"symbol": "a.measure", "direction": "incoming"})
    assert [(call.via, call.displayFqn, len(call.sites)) for call in into.calls] == [("value", "a.run", 1)]
    assert await editor.ask("magellan/calls", {"symbol": "nobody"}) is None
    with pytest.raises(JsonRpcException, match="direction"):
        await editor.ask("magellan/calls", {"symbol": "a.run", "direction": "up"})


async def test_a_very_long_chain_of_calls_is_answered(edit):
    chain = "x = A()" + ".f()" * 599 + ".«use=f»()\n"
    editor = await edit({"a.py": "class A:\n    def «def=f»(self) -> 'A': return self\n" + chain})
    editor.open("a.py")
    found = await editor.client.text_document_definition_async(types.DefinitionParams(**editor.at("use")))
    # as deep as inference goes, or nothing; no error
    assert not found or editor.places(found) == ["a.py:2:f"]
