"""Every message gets the reply that LSP promises, whatever is in it and whenever it comes."""

import asyncio
import json
import sys

import psutil
import pytest


def code(reply):
    return reply["error"]["code"]


async def test_bad_params_are_refused_in_words(wire, tmp_path):
    await wire.start(tmp_path)
    reply = await wire.ask(1, "textDocument/definition", {"textDocument": {"uri": "file:///x.py"}})
    assert code(reply) == -32602
    assert "position" in reply["error"]["message"]
    for number, params in enumerate(
        [None, [], 5, "x", {"textDocument": 3}, {"textDocument": {"uri": "u"}, "position": {"line": "a"}}]
    ):
        assert code(await wire.ask(f"n{number}", "textDocument/hover", params)) == -32602
    assert code(await wire.ask(2, "magellan/status", [1])) == -32602
    assert "result" in await wire.ask(3, "magellan/status", {})
    assert "result" in await wire.ask(4, "magellan/status", None)


async def test_an_unknown_method_is_said_to_be_unknown(wire, tmp_path):
    await wire.start(tmp_path)
    assert code(await wire.ask(1, "textDocument/nonsense", {})) == -32601
    assert code(await wire.ask(2, "$/nonsense", {})) == -32601
    wire.send(method="$/nonsense", params={})
    wire.send(method="textDocument/didOpen", params={"textDocument": 5})
    assert "result" in await wire.ask(3, "magellan/status", {})


async def test_requests_out_of_order_are_refused(wire, tmp_path):
    assert code(await wire.ask(1, "textDocument/hover", {})) == -32002
    await wire.start(tmp_path)
    again = {"processId": None, "rootUri": None, "capabilities": {}}
    assert code(await wire.ask(2, "initialize", again)) == -32600
    assert await wire.ask(3, "shutdown") == {"jsonrpc": "2.0", "id": 3, "result": None}
    assert code(await wire.ask(4, "textDocument/hover", {})) == -32600
    assert code(await wire.ask(5, "shutdown")) == -32600
    wire.send(method="exit")
    assert await wire.ended() == 0


@pytest.mark.parametrize(
    "given",
    [
        None,
        {"textDocument": {"documentSymbol": {"symbolKind": {"valueSet": [1, 99]}}, "hover": None}},
        "nothing",
    ],
)
async def test_a_client_that_says_odd_things_of_itself_is_served(wire, tmp_path, given):
    (tmp_path / "a.py").write_text("x = 1\ny = x\n")
    params = {"workspaceFolders": [None, {"uri": tmp_path.as_uri()}], "trace": "compact"}
    await wire.ask("s", "initialize", params if given == "nothing" else {**params, "capabilities": given})
    wire.send(method="initialized", params={})
    await wire.ask(1, "magellan/synchronize")
    [found] = (await wire.ask(2, "workspace/symbol", {"query": "x"}))["result"]
    assert found["name"] == "x"


async def test_a_language_that_is_off_is_neither_indexed_nor_answered_for(wire, tmp_path):
    (tmp_path / "a.py").write_text("def in_python(): pass\n")
    (tmp_path / "b.go").write_text("package b\n\nfunc in_go() {}\n")
    (tmp_path / "c.tsx").write_text("function in_tsx() {}\n")
    off = {"languages": {"go": {"enabled": False}, "typescript": {"enabled": False}}}
    await wire.start(tmp_path, initializationOptions=off)
    for path, language in [("b.go", "go"), ("c.tsx", "typescriptreact")]:
        document = {"uri": (tmp_path / path).as_uri(), "languageId": language, "version": 1}
        document["text"] = (tmp_path / path).read_text()
        wire.send(method="textDocument/didOpen", params={"textDocument": document})
    await wire.ask(1, "magellan/synchronize")
    found = (await wire.ask(2, "workspace/symbol", {"query": "in_"}))["result"]
    assert [one["name"] for one in found] == ["in_python"]
    outline = {"textDocument": {"uri": (tmp_path / "b.go").as_uri()}}
    assert (await wire.ask(3, "textDocument/documentSymbol", outline))["result"] is None


async def test_an_initialize_that_is_refused_may_be_said_again(wire, tmp_path):
    assert code(await wire.ask(1, "initialize", [1])) == -32602
    assert code(await wire.ask(2, "textDocument/hover", {})) == -32002
    await wire.start(tmp_path)


async def test_items_whose_data_the_client_dropped_are_served(wire, tmp_path):
    (tmp_path / "a.py").write_text("class A: pass\nclass B(A): pass\ndef f(): A()\n")
    await wire.start(tmp_path)
    await wire.ask(0, "magellan/synchronize")
    name = {"start": {"line": 0, "character": 6}, "end": {"line": 0, "character": 7}}
    uri = (tmp_path / "a.py").as_uri()
    for number, data in enumerate([{}, {"data": None}, {"data": 5}, {"data": []}, {"data": {}}]):
        item = {"name": "A", "kind": 5, "uri": uri, "range": name, "selectionRange": name, **data}
        for method, key, wanted in [
            ("callHierarchy/incomingCalls", "from", "f"),
            ("typeHierarchy/subtypes", None, "B"),
        ]:
            [found] = (await wire.ask(f"{method}{number}", method, {"item": item}))["result"]
            assert (found[key] if key else found)["name"] == wanted
        symbol = {"name": "A", "kind": 5, "location": {"uri": uri, "range": name}, **data}
        assert (await wire.ask(f"s{number}", "workspaceSymbol/resolve", symbol))["result"]["name"] == "A"
        assert (await wire.ask(f"l{number}", "codeLens/resolve", {"range": name, **data}))["result"][
            "range"
        ] == name


async def test_a_client_that_is_initialized_again_and_again_gets_one_indexer(wire, tmp_path):
    await wire.start(tmp_path)
    for number in range(5):
        wire.send(method="initialized", params={})
        assert "result" in await wire.ask(number, "magellan/synchronize", {})
    indexers = [
        child
        for child in psutil.Process(wire.process.pid).children()
        if "magellan_lsp.indexer.process" in child.cmdline()
    ]
    assert len(indexers) == 1


async def test_what_is_no_message_does_no_harm(wire, tmp_path):
    await wire.start(tmp_path)
    for body in (b"{", b"[]", b"5", b'"x"', b"null", b'{"jsonrpc":"1.0","id":7,"method":"x"}', b"\xff\xfe"):
        wire.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        reply = await wire.receive()
        assert code(reply) in (-32700, -32600)
    wire.send(id=1.5, method="magellan/status")
    assert code(await wire.receive()) == -32600
    wire.send(id=8, method=9)
    assert code(await wire.reply(8)) == -32600
    wire.send(id="nobody asked", result=4)
    body = json.dumps({"jsonrpc": "2.0", "id": 9, "method": "magellan/status"}).encode()
    wire.send_bytes(b"content-type: x\ncontent-length:%d\n\n%b" % (len(body), body))
    assert "result" in await wire.reply(9)


async def test_exit_without_shutdown_is_no_orderly_end(wire, tmp_path):
    await wire.start(tmp_path)
    wire.send(method="exit")
    assert await wire.ended() == 1


async def test_exit_before_initialize(wire):
    wire.send(method="exit")
    assert await wire.ended() == 1


async def test_the_end_of_input_ends_the_server(wire, tmp_path):
    await wire.start(tmp_path)
    wire.process.stdin.close()
    assert await wire.ended() == 1


async def test_headers_that_make_no_sense_end_the_server(wire, tmp_path):
    await wire.start(tmp_path)
    wire.send_bytes(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    assert await wire.ended() == 1


@pytest.mark.skipif(sys.platform == "win32", reason="processes end differently there")
async def test_the_server_does_not_outlive_its_client(wire, tmp_path):
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE
    )
    await wire.start(tmp_path, processId=client.pid)
    assert "result" in await wire.ask(1, "magellan/status", {})
    client.kill()
    await client.wait()
    assert await wire.ended() == 1


async def test_a_client_that_is_gone_already_is_noticed(wire):
    client = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await client.wait()
    wire.send(
        id=1,
        method="initialize",
        params={"processId": client.pid, "rootUri": None, "capabilities": {}},
    )
    assert await wire.ended() == 1


async def test_cancelled_requests_are_answered_as_cancelled(wire, tmp_path):
    (tmp_path / "a.py").write_text("def f(): pass\n" * 200)
    await wire.start(tmp_path)
    for number in range(40):
        wire.send(id=number, method="workspace/symbol", params={"query": "f"})
        wire.send(method="$/cancelRequest", params={"id": number})
    wire.send(method="$/cancelRequest", params={"id": 10**6})
    wire.send(method="$/cancelRequest", params=None)
    replies = [await wire.reply(number) for number in range(40)]
    assert {code(reply) for reply in replies if "error" in reply} <= {-32800}
    assert any("error" in reply for reply in replies)
    assert "result" in await wire.ask("after", "magellan/status", {})


async def test_nothing_is_left_unanswered_at_shutdown(wire, tmp_path):
    (tmp_path / "a.py").write_text("def f(): pass\n" * 200)
    await wire.start(tmp_path)
    for number in range(30):
        wire.send(id=number, method="workspace/symbol", params={"query": "f"})
    wire.send(id="end", method="shutdown")
    answered = set()
    while len(answered) < 31:
        message = await wire.receive()
        if "method" not in message:
            assert message["id"] not in answered
            answered.add(message["id"])
    wire.send(method="exit")
    assert await wire.ended() == 0


async def test_the_same_id_twice_at_once_is_refused(wire, tmp_path):
    await wire.start(tmp_path)
    wire.send(id=1, method="magellan/synchronize")
    wire.send(id=1, method="magellan/status")
    assert code(await wire.reply(1)) == -32600
    assert "result" in await wire.reply(1)


async def test_unknown_documents_and_places_past_the_end(wire, tmp_path):
    (tmp_path / "a.py").write_text("x = 1\ny = x\n")
    await wire.start(tmp_path)
    far = {"position": {"line": 10**6, "character": 10**6}}
    nowhere = {"textDocument": {"uri": (tmp_path / "none.py").as_uri()}}
    reply = await wire.ask(1, "textDocument/definition", {**nowhere, **far})
    assert code(reply) == -32803
    assert "neither open nor indexed" in reply["error"]["message"]
    for number, uri in enumerate(["untitled:one", "http://x/y.py", "", "file:///etc/passwd", "file://"]):
        params = {"textDocument": {"uri": uri}, **far}
        assert code(await wire.ask(f"u{number}", "textDocument/hover", params)) == -32803
    here = {"textDocument": {"uri": (tmp_path / "a.py").as_uri()}}
    assert (await wire.ask(2, "textDocument/definition", {**here, **far}))["result"] is None
    end_of_line = {"position": {"line": 1, "character": 10**6}}
    assert (await wire.ask(3, "textDocument/definition", {**here, **end_of_line}))["result"] is not None


async def test_an_unsaved_document_that_is_no_file_is_served(wire, tmp_path):
    await wire.start(tmp_path)
    document = {"uri": "untitled:Untitled-1", "languageId": "python", "version": 1, "text": "x = 1\ny = x\n"}
    wire.send(method="textDocument/didOpen", params={"textDocument": document})
    params = {"textDocument": {"uri": "untitled:Untitled-1"}, "position": {"line": 1, "character": 4}}
    [place] = (await wire.ask(1, "textDocument/definition", params))["result"]
    assert (place["uri"], place["range"]["start"]["line"]) == ("untitled:Untitled-1", 0)


async def test_files_in_no_language_of_ours_get_null(wire, tmp_path):
    (tmp_path / "a.md").write_text("# hi\n")
    await wire.start(tmp_path)
    params = {"textDocument": {"uri": (tmp_path / "a.md").as_uri()}, "position": {"line": 0, "character": 2}}
    assert (await wire.ask(1, "textDocument/definition", params))["result"] is None
    assert (await wire.ask(2, "textDocument/hover", params))["result"] is None


async def test_a_server_without_a_folder_serves_open_files(wire, tmp_path):
    await wire.start(None)
    uri = (tmp_path / "a.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": "x = 1\nprint(x)\n"}
    wire.send(method="textDocument/didOpen", params={"textDocument": document})
    params = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 6}}
    [place] = (await wire.ask(1, "textDocument/definition", params))["result"]
    assert place["range"]["start"]["line"] == 0


async def test_references_come_piecemeal_to_who_wants_them_so(wire, tmp_path):
    (tmp_path / "a.py").write_text("def f(): pass\n" + "f()\n" * 1200)
    await wire.start(tmp_path)
    await wire.ask(1, "magellan/synchronize")
    params = {
        "textDocument": {"uri": (tmp_path / "a.py").as_uri()},
        "position": {"line": 0, "character": 4},
        "context": {"includeDeclaration": True},
        "partialResultToken": "some",
        "workDoneToken": 7,
    }
    wire.notifications.clear()
    assert (await wire.ask(2, "textDocument/references", params))["result"] == []
    told = [one["params"] for one in wire.notifications if one["method"] == "$/progress"]
    assert [len(one["value"]) for one in told if one["token"] == "some"] == [500, 500, 201]
    assert [one["value"]["kind"] for one in told if one["token"] == 7] == ["begin", "end"]


async def test_requests_of_our_own_are_commands_too(wire):
    params = {"processId": None, "rootUri": None, "capabilities": {}}
    offered = (await wire.ask(1, "initialize", params))["result"]["capabilities"]
    wire.send(method="initialized", params={})
    commands = offered["executeCommandProvider"]["commands"]
    assert commands == offered["experimental"]["magellan"]["requests"]

    method = "workspace/executeCommand"
    plain = await wire.ask(2, "magellan/status")
    for number, more in enumerate(({}, {"arguments": []}, {"arguments": [{}]}), start=3):
        answer = await wire.ask(number, method, {"command": "magellan/status", **more})
        assert answer["result"].keys() == plain["result"].keys()
    assert code(await wire.ask(8, method, {"command": "magellan/status", "arguments": [1]})) == -32602
    unknown = await wire.ask(9, method, {"command": "magellan/nonsense"})
    assert code(unknown) == -32602
    assert "magellan/status" in unknown["error"]["message"]
