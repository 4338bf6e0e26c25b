"""Every case file, asked of every way to answer. ``tests/support/cases.py`` describes the files.

``pytest tests/cases -k python/imports`` chooses by name; a case's name is its file and, where one holds several, the line.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cases import Case, load_cases
from support.render import check
from support.worlds import ResolverWorld

HERE = Path(__file__).parent


@pytest.mark.parametrize("case", load_cases(HERE), ids=str)
def test_the_resolver_says_what_the_case_says(case: Case):
    check(case, ResolverWorld.of(case))
