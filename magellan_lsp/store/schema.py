"""The numbers that say how an index is laid out, and what each of them added. Tests:
``tests/store/test_lmdb.py``.
"""

from __future__ import annotations

import struct
import sys
from typing import NamedTuple

from magellan_lsp.facts.file_facts import FACTS_VERSION
from magellan_lsp.facts.links import LINKS_VERSION

#: Layout of keys and values (``docs/index-format.md``). Raise it when any of them changes.
#: 1: the first. 2: calls, details, labels, executions, carried records. 3: symbols by file and name.
FORMAT = 3


class Format(NamedTuple):
    """What must be equal for one program to read what another wrote."""

    format: int
    facts: int
    links: int
    byte_order: str  # "little" or "big": columns are kept in the machine's own order, to be read in place
    word_size: int  # bytes; LMDB's own pages depend on it

    @property
    def name(self) -> str:
        """Part of the index folder's name, so that indexes of several versions live side by side, each
        untouched.
        """
        return f"{self.format}.{self.facts}.{self.links}"


#: What this program writes and reads.
CURRENT = Format(FORMAT, FACTS_VERSION, LINKS_VERSION, sys.byteorder, struct.calcsize("P"))
