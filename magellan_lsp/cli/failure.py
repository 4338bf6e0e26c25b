"""What went wrong, as one line for a person or one JSON record for a script, and its exit code."""

from __future__ import annotations

import json
import os
import time
import traceback

from magellan_lsp.errors import AmbiguousName, MagellanError

#: So many candidates of an ambiguous name are listed for a person.
MAX_CANDIDATES = 30
_UNEXPECTED = 3


def exit_code(error: Exception) -> int:
    """The process's exit code for an error."""
    return error.exit_code if isinstance(error, MagellanError) else _UNEXPECTED


def describe(error: Exception, *, as_json: bool) -> str:
    """One line (with the candidates below it for an ambiguous name), or one line of JSON."""
    if isinstance(error, MagellanError):
        if as_json:
            data = {"error": type(error).__name__, "message": str(error), **error.fields()}
            return json.dumps(data, ensure_ascii=False, default=str)
        if isinstance(error, AmbiguousName):
            return _candidates(error)
        return f"magellan-lsp: {error}"
    where = _keep(error)
    message = f"{type(error).__name__}: {error}".replace("\n", " ")
    if as_json:
        return json.dumps({"error": "Unexpected", "message": message, "log": where}, ensure_ascii=False)
    hint = f"the details are in {where}" if where else "MAGELLAN_DEBUG=1 shows the details"
    return f"magellan-lsp: unexpected error: {message} ({hint})"


def _candidates(error: AmbiguousName) -> str:
    n_candidates = len(error.candidates)
    lines = [f"magellan-lsp: {error.name!r} stands for {n_candidates} symbols; say which:"]
    lines += [f"  {one}" for one in error.candidates[:MAX_CANDIDATES]]
    if n_candidates > MAX_CANDIDATES:
        lines.append(
            f"  and {n_candidates - MAX_CANDIDATES} more; `magellan-lsp symbols {error.name}` lists them"
        )
    return "\n".join(lines)


def _keep(error: Exception) -> str | None:
    """Append the traceback to the user's log; its path, or None where none can be written."""
    from magellan_lsp.cli.logs import error_log

    path = error_log()
    text = "".join(traceback.format_exception(error))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
            stream.write(f"--- {time.strftime('%Y-%m-%d %H:%M:%S')} pid {os.getpid()}\n{text}\n")
    except OSError:
        return None
    return str(path)
