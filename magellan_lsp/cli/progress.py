"""A progress bar on standard error, for as long as that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_WORDS = {
    "scan": "Looking for files",
    "extract": "Reading",
    "link": "Linking",
    "rows": "Copying",
    "files": "Copying",
    "migrate": "Taking over",
    "details": "Measuring",
}


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Callable[[str, int, int], None] | None]:
    """What an indexer tells its progress to; None where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:17}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def tell(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bar.add_task(_WORDS.get(phase, phase), total=None)
            bar.update(tasks[phase], completed=done, total=total or None)  # type: ignore[arg-type]

        yield tell
