"""What changes while the server runs: texts, files, folders, settings; and what it tells of itself."""

import asyncio

from lsprotocol import types
from support.lsp import PATIENCE_S, capabilities, workspace_of


async def uses_of(editor, mark):
    found = await editor.client.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(False), **editor.at(mark))
    )
    return [(one.uri.rpartition("/")[2], one.range.start.line + 1) for one in found]


async def test_an_unsaved_edit_is_seen_at_once(edit, files):
    editor = await edit(files)
    await editor.settle()
    editor.open("app.py")
    before = await uses_of(editor, "greet")
    editor.change("app.py", "from util import greet\n\n\n\ngreet('x')\n", 2)
    assert await uses_of(editor, "greet") == [("app.py", 1), ("app.py", 5), ("util.py", 8), ("util.py", 13)]
    await editor.settle()
    assert await uses_of(editor, "greet") == [("app.py", 1), ("app.py", 5), ("util.py", 8), ("util.py", 13)]
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(editor.document("app.py")))
    await editor.settle()
    assert await uses_of(editor, "greet") == before


async def test_edits_in_pieces_move_what_is_behind_them(edit, files):
    editor = await edit(files, capabilities(["utf-8"]))
    editor.open("app.py")
    line = editor.workspace.marks["astral"].line
    start = types.Position(line, 12)
    editor.client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(version=2, uri=editor.workspace.uri("app.py")),
            [
                types.TextDocumentContentChangePartial(types.Range(start, start), "𝒳𝒳"),
                types.TextDocumentContentChangePartial(
                    types.Range(types.Position(0, 0), types.Position(0, 0)), "\n"
                ),
            ],
        )
    )
    at = editor.at("astral", 8)
    at["position"].line += 1
    found = await editor.client.text_document_definition_async(types.DefinitionParams(**at))
    assert editor.places(found) == ["util.py:1:greet"]


async def test_files_changed_behind_the_editors_back(edit, files):
    editor = await edit(files, capabilities(watching=True))
    await editor.settle()
    workspace = editor.workspace
    (workspace.root / "app.py").rename(workspace.root / "moved.py")
    workspace.write("util.py", "\n\n" + files["util.py"])
    workspace.texts["moved.py"] = workspace.texts.pop("app.py")
    editor.client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams(
            [
                types.FileEvent(workspace.uri("app.py"), types.FileChangeType.Deleted),
                types.FileEvent(workspace.uri("moved.py"), types.FileChangeType.Created),
                types.FileEvent(workspace.uri("util.py"), types.FileChangeType.Changed),
            ]
        )
    )
    await editor.settle()
    assert await uses_of(editor, "greet") == [
        ("moved.py", 1),
        ("moved.py", 3),
        ("moved.py", 7),
        ("util.py", 10),
        ("util.py", 15),
    ]


async def test_positions_are_right_even_before_the_index_hears_of_a_change(edit, files):
    # the client says that it watches, and says nothing
    editor = await edit(files, capabilities(watching=True))
    await editor.settle()
    editor.open("app.py")
    editor.workspace.write("util.py", "# one\n# two\n" + files["util.py"])
    found = await editor.client.text_document_definition_async(types.DefinitionParams(**editor.at("first")))
    assert editor.places(found) == ["util.py:3:greet"]


async def test_the_server_watches_where_the_client_does_not(edit, files):
    editor = await edit(files)
    await editor.settle()
    workspace = editor.workspace
    workspace.write("more.py", "from util import greet\n\ngreet(1)\n")

    async def seen():
        while ("more.py", 3) not in await uses_of(editor, "greet"):  # noqa: ASYNC110 - each look is a request
            await asyncio.sleep(0.05)

    await asyncio.wait_for(seen(), PATIENCE_S)


async def test_what_changes_before_the_client_watches_is_found(wire, tmp_path):
    """The client takes its time to say that it does: the index is made meanwhile, then a file changes."""
    (tmp_path / "a.py").write_text("def early(): pass\n")
    watching = {"dynamicRegistration": True, "relativePatternSupport": True}
    await wire.start(tmp_path, capabilities={"workspace": {"didChangeWatchedFiles": watching}})
    while (asked := await wire.receive()).get("method") != "client/registerCapability":
        assert "id" not in asked
    assert "result" in await wire.ask(1, "magellan/synchronize", {})
    (tmp_path / "b.py").write_text("def late(): pass\n")
    wire.send(id=asked["id"], result=None)

    async def found():
        number = 2
        while not (await wire.ask(number, "workspace/symbol", {"query": "late"}))["result"]:
            number += 1

    await asyncio.wait_for(found(), PATIENCE_S)


async def test_what_changes_in_a_new_folder_before_the_client_watches_it_is_found(wire, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    watching = {"dynamicRegistration": True, "relativePatternSupport": True}
    await wire.start(one, capabilities={"workspace": {"didChangeWatchedFiles": watching}})
    first = await wire.receive()
    wire.send(id=first["id"], result=None)
    assert "result" in await wire.ask(1, "magellan/synchronize", {})
    event = {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}
    wire.send(method="workspace/didChangeWorkspaceFolders", params={"event": event})
    again = await wire.receive()
    assert again["method"] == "client/registerCapability"
    watchers = again["params"]["registrations"][0]["registerOptions"]["watchers"]
    assert {each["globPattern"]["baseUri"] for each in watchers} == {one.as_uri(), other.as_uri()}
    assert "result" in await wire.ask(2, "magellan/synchronize", {})
    (other / "b.py").write_text("def late(): pass\n")
    wire.send(id=again["id"], result=None)
    gone = await wire.receive()
    assert gone["method"] == "client/unregisterCapability"
    registered = first["params"]["registrations"][0]["id"]
    assert [each["id"] for each in gone["params"]["unregisterations"]] == [registered]
    wire.send(id=gone["id"], result=None)

    async def found():
        number = 3
        while not (await wire.ask(number, "workspace/symbol", {"query": "late"}))["result"]:
            number += 1

    await asyncio.wait_for(found(), PATIENCE_S)


async def test_several_folders_come_and_go(edit, files, tmp_path):
    other = workspace_of(tmp_path / "other", {"lib.py": "def lonely(): pass\nlonely()\n"})
    editor = await edit(files)
    await editor.settle()
    client = editor.client

    async def names(query):
        return [
            one.name for one in await client.workspace_symbol_async(types.WorkspaceSymbolParams(query)) or ()
        ]

    assert await names("lonely") == []
    folder = types.WorkspaceFolder(other.root.as_uri(), "other")
    client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent([folder], []))
    )
    status = await editor.settle()
    assert sorted(one.name for one in status.folders) == ["other", "work"]
    assert await names("lonely") == ["lonely"]
    client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent([], [folder]))
    )
    await editor.settle()
    assert await names("lonely") == []
    assert await names("greet") == ["greet"]


async def test_nested_folders_say_each_thing_once(edit, files, tmp_path):
    inner = tmp_path / "work" / "inner"
    editor = await edit(
        {**files, "inner/deep.py": "def nested(): pass\nnested()\n"},
        folders=[
            types.WorkspaceFolder((tmp_path / "work").as_uri(), "work"),
            types.WorkspaceFolder(inner.as_uri(), "inner"),
        ],
    )
    await editor.settle()
    found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("nested"))
    assert [one.location.uri for one in found] == [f"{inner.as_uri()}/deep.py"]


async def test_a_folder_behind_a_link_is_spelled_as_the_client_does(edit, files, tmp_path):
    workspace_of(tmp_path / "work", files)
    (tmp_path / "link").symlink_to(tmp_path / "work")
    uri = (tmp_path / "link").as_uri()
    editor = await edit(files, folders=[types.WorkspaceFolder(uri, "link")])
    await editor.settle()
    found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("greet"))
    assert [one.location.uri for one in found] == [f"{uri}/util.py"]


async def test_strange_file_names(edit):
    name = "a b#c%d?é😀.py"
    editor = await edit({name: "def «odd»(): pass\nodd()\n"})
    await editor.settle()
    assert len(await uses_of(editor, "odd")) == 1
    found = await editor.client.text_document_definition_async(types.DefinitionParams(**editor.at("odd")))
    assert found[0].uri.isascii()


async def test_features_can_be_switched_off(edit, files):
    options = {"features": {"hover": False}, "languages": {"python": {"features": {"references": False}}}}
    editor = await edit(files, options=options)
    assert editor.reply.capabilities.hover_provider is None
    assert editor.reply.capabilities.references_provider is True
    assert await editor.client.text_document_hover_async(types.HoverParams(**editor.at("greet"))) is None
    params = types.ReferenceParams(types.ReferenceContext(False), **editor.at("greet"))
    assert await editor.client.text_document_references_async(params) is None
    found = await editor.client.text_document_definition_async(types.DefinitionParams(**editor.at("first")))
    assert editor.places(found) == ["util.py:1:greet"]


async def test_settings_are_pulled_and_changed(edit, files):
    given = {"magellan": {"features": {"hover": False}}}
    editor = await edit(files, capabilities(configuration=True), configuration=given)
    await editor.settle()
    hover = types.HoverParams(**editor.at("greet"))
    assert await editor.client.text_document_hover_async(hover) is None
    editor.client.set_configuration({"magellan": {"features": {"hover": True}}})
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))

    async def answered():
        while await editor.client.text_document_hover_async(hover) is None:  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0.02)

    await asyncio.wait_for(answered(), PATIENCE_S)
    editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams(settings={"magellan": {"exclude": ["app.py"], "nonsense": 1}})
    )


async def test_a_wrong_setting_is_told_once_and_harms_nothing(edit, files):
    editor = await edit(files, options={"magellan": {"workers": "many", "features": {"definition": True}}})
    await editor.settle()
    assert [one.message for one in editor.client.messages] == [
        'The setting magellan.workers must be a whole number from 0 to 256, not "many"; it is not used.'
    ]


async def test_progress_and_status_are_told_to_who_wants_them(edit, files):
    told = []
    statuses = []

    def prepare(client):
        client.feature("experimental/serverStatus")(lambda params: statuses.append(params.quiescent))

    many = {**files, **{f"m{n}.py": "def f(): pass\n" * 50 for n in range(200)}}
    wanted = capabilities(progress=True, experimental={"serverStatusNotification": True})
    editor = await edit(many, wanted, prepare=prepare)
    await editor.settle()
    for reports in editor.client.progress_reports.values():
        told += [getattr(one, "kind", None) or one["kind"] for one in reports]
    assert statuses[-1] is True
    assert told[:1] == ["begin"]
    assert told[-1:] == ["end"]


async def test_status(edit, files):
    editor = await edit(files)
    status = await editor.settle()
    assert (status.health, status.quiescent, status.positionEncoding) == ("ok", True, "utf-16")
    [folder] = status.folders
    assert (folder.phase, folder.files, folder.symbols) == ("ready", 2, 9)


async def test_the_index_survives_its_process(edit, files):
    import psutil

    editor = await edit(files)
    status = await editor.settle()
    for child in psutil.Process(status.pid).children():
        child.kill()
    assert len(await uses_of(editor, "greet")) == 5
    editor.open("app.py", "from util import greet\ngreet(1)\n")
    assert len(await uses_of(editor, "greet")) == 4
    status = await editor.settle()
    assert status.folders[0].phase == "ready"
    assert len(await uses_of(editor, "greet")) == 4


async def test_a_second_start_answers_from_the_index(edit, files, tmp_path):
    from support.lsp import editing

    workspace = workspace_of(tmp_path / "work", files)
    for _ in range(2):
        async with editing(workspace) as editor:
            await editor.settle()
            assert len(await uses_of(editor, "greet")) == 5


async def test_an_answer_made_wrong_by_an_edit_is_taken_back(wire, tmp_path):
    text = "".join(f"def f{n}(): return f{n - 1}()\n" for n in range(1, 1500))
    (tmp_path / "a.py").write_text(text)
    await wire.start(tmp_path)
    uri = (tmp_path / "a.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    wire.send(method="textDocument/didOpen", params={"textDocument": document})
    wire.send(id=1, method="textDocument/documentSymbol", params={"textDocument": {"uri": uri}})
    change = {
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
        "text": "\n",
    }
    changed = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]}
    wire.send(method="textDocument/didChange", params=changed)
    assert (await wire.reply(1))["error"]["code"] == -32801
    after = await wire.ask(2, "textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    assert after["result"][0]["location"]["range"]["start"]["line"] == 1


async def test_symbols_that_an_edit_moves_while_they_are_looked_for_are_where_they_are_now(wire, tmp_path):
    text = "".join(f"def f{n}(): return f{n - 1}()\n" for n in range(1, 1500))
    (tmp_path / "a.py").write_text(text)
    await wire.start(tmp_path)
    uri = (tmp_path / "a.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    wire.send(method="textDocument/didOpen", params={"textDocument": document})
    assert "result" in await wire.ask(0, "magellan/synchronize", {})
    wire.send(id=1, method="workspace/symbol", params={"query": "f1400"})
    start = {"line": 0, "character": 0}
    change = {"range": {"start": start, "end": start}, "text": "\n"}
    changed = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]}
    wire.send(method="textDocument/didChange", params=changed)
    found = (await wire.reply(1))["result"]
    assert [one["location"]["range"]["start"]["line"] for one in found if one["name"] == "f1400"] == [1400]
