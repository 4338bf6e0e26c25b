"""What the tests of the command line share: a small workspace's files, and what a run gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

FILES = {
    "shop/__init__.py": "from shop.cart import Cart\n",
    "shop/cart.py": '''"""Carts."""


class Cart:
    """What somebody wants to buy."""

    def add(self, item: str, count: int = 1) -> None:
        """Put something in."""
        self.items = [item] * count

    def total(self) -> int:
        return price(self)


def price(cart: Cart) -> int:
    """What a cart costs."""
    return 1


class Basket:
    def add(self, item):
        pass
''',
    "main.py": """from shop import Cart

größe = "😀"; cart = Cart()
cart.add("x")


def pay():
    cart.total()
    return größe
""",
}


class Ran(NamedTuple):
    """What a command line gave."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def json(self) -> dict[str, Any]:
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


Run = Callable[..., Ran]
