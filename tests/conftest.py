"""What every test shares: the ``e2e`` marker by place, and how hypothesis behaves here."""

from pathlib import Path

import pytest
from hypothesis import settings

HERE = Path(__file__).parent

# A busy machine makes single examples slow, so time is no failure; a failure prints how to repeat it.
settings.register_profile("magellan", deadline=None, print_blob=True)
settings.load_profile("magellan")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE / "e2e"):
            item.add_marker(pytest.mark.e2e)
