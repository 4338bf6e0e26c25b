"""Serving over TCP: one client after the other."""

import asyncio
import json
import re
import sys

PATIENCE_S = 60.0


async def ask(reader, writer, msg_id, method, params=None):
    body = json.dumps({"jsonrpc": "2.0", "id": msg_id, "method": method, "params": params}).encode()
    writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    while True:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        message = json.loads(await reader.readexactly(length))
        if message.get("id") == msg_id:
            return message


async def test_clients_are_served_one_after_the_other(tmp_path):
    (tmp_path / "a.py").write_text("def f(): pass\nf()\n")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "magellan_lsp", "--tcp", "127.0.0.1:0"), stderr=asyncio.subprocess.PIPE
    )
    try:
        line = await asyncio.wait_for(process.stderr.readline(), PATIENCE_S)
        host, port = re.search(rb"listening on (.*):(\d+)", line).groups()
        for _ in range(2):
            reader, writer = await asyncio.open_connection(host.decode(), int(port))
            start = {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": {}}
            assert "result" in await ask(reader, writer, 1, "initialize", start)
            turned_away, other = await asyncio.open_connection(host.decode(), int(port))
            assert await asyncio.wait_for(turned_away.read(), PATIENCE_S) == b""
            other.close()
            place = {
                "textDocument": {"uri": (tmp_path / "a.py").as_uri()},
                "position": {"line": 1, "character": 0},
            }
            found = await ask(reader, writer, 2, "textDocument/definition", place)
            assert found["result"][0]["range"]["start"]["line"] == 0
            assert "result" in await ask(reader, writer, 3, "shutdown")
            body = b'{"jsonrpc":"2.0","method":"exit"}'
            writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
            writer.close()
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
