"""How long a run goes on before something more urgent stops it. Tests: ``tests/indexer/test_patience.py``."""

from __future__ import annotations


class Patience:
    """Doubles each time a run is stopped: someone who types all the while does not keep a long run from its end.

    What a stopped run had begun is lost. So all runs together take at most a few times what one would.
    """

    def __init__(self, least_s: float) -> None:
        self._least_s = self._s = least_s

    def is_over(self, ran_s: float) -> bool:
        """Whether a run that has gone on for so long may be stopped."""
        return ran_s > self._s

    def note(self, *, complete: bool) -> None:
        """A run has ended: by itself, or because it was stopped."""
        self._s = self._least_s if complete else 2 * self._s
