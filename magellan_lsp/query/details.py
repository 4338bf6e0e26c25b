"""The second tier of a file as it is now: taken from the store where it is there, worked out on the spot where not.

Details that are stored are always those of the stored text, so an open document that differs from it is worked out from its
own; nothing that is asked for here is written. Tests: ``tests/query/test_details.py``.
"""

from __future__ import annotations

from magellan_lsp.extract.details import Study
from magellan_lsp.extract.engine import digest_of
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.languages.registry import get_language
from magellan_lsp.query.snapshot import Snapshot


def source_of(snapshot: Snapshot, path: str) -> bytes | None:
    """The very bytes that a file's facts were made of; None when they are not to be had (any more)."""
    data, digest = snapshot.read_text(path), snapshot.digest(path)
    return data if data is not None and digest is not None and digest_of(data) == digest else None


def study_of(snapshot: Snapshot, path: str) -> Study | None:
    """A file, ready to be measured; None when it is not known or its text is not to be had."""
    facts = snapshot.facts(path)
    source = source_of(snapshot, path)
    if facts is None or source is None:
        return None
    snapshot.check()
    return Study(facts, get_language(facts.language), source)


def stored_cfgs(snapshot: Snapshot, path: str) -> list[Cfg] | None:
    """The stored graphs of a file as it is now; None when there are none."""
    return None if snapshot.is_overlaid(path) else snapshot.reader.find_cfgs(path)


def cfgs_of(snapshot: Snapshot, path: str) -> list[Cfg] | None:
    """The graphs of a file's functions by (start, end); None when they cannot be known."""
    stored = stored_cfgs(snapshot, path)
    if stored is not None:
        return stored
    study = study_of(snapshot, path)
    return study.cfgs if study is not None else None
