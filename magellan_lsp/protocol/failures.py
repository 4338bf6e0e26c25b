"""What LSP makes of our errors."""

from __future__ import annotations

from cattrs import transform_error
from lsprotocol.types import ErrorCodes, LSPErrorCodes
from pygls.exceptions import (
    JsonRpcContentModified,
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcRequestCancelled,
)

from magellan_lsp import errors
from magellan_lsp.settings import camel_case

#: So much of what is wrong with params is told.
_MAX_PROBLEMS = 5


def of(error: errors.MagellanError) -> JsonRpcException:
    """The LSP error for one of ours; its fields are the ``data``."""
    if isinstance(error, errors.Cancelled):
        return JsonRpcRequestCancelled("The request was cancelled.")
    if isinstance(error, errors.UsageError):
        return JsonRpcInvalidParams(error.message, data=_data(error))
    return JsonRpcException(error.message, code=LSPErrorCodes.RequestFailed, data=_data(error))


def _data(error: errors.MagellanError) -> dict[str, object]:
    return {"error": type(error).__name__, **error.fields()}


def content_modified() -> JsonRpcException:
    """The document was edited while it was asked about, so that the answer would be wrong."""
    return JsonRpcContentModified("The document changed while the request was being answered; ask again.")


def invalid_params(method: str, error: Exception) -> JsonRpcException:
    """What is wrong with a request's params, in words: ``$.position.line: invalid value, expected int``."""
    try:
        problems = transform_error(error, path="params")
    except Exception:  # noqa: BLE001 - some other defect of the params, which is said in its own words
        problems = [str(error)]
    text = "; ".join(dict.fromkeys(map(_as_sent, problems[:_MAX_PROBLEMS]))) or type(error).__name__
    return JsonRpcInvalidParams(f"Bad parameters for {method}: {text}")


def _as_sent(problem: str) -> str:
    """A problem with the names that the client used: ``@ params.textDocument``."""
    text, sign, path = problem.rpartition(" @ ")
    return f"{text}{sign}{'.'.join(camel_case(part) for part in path.split('.'))}" if sign else problem


def invalid_request(text: str) -> JsonRpcException:
    """A message that may not come now, or is no message."""
    return JsonRpcException(text, code=ErrorCodes.InvalidRequest)
