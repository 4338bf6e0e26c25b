"""All measurements, as tables: ``nox -s bench``, or ``python -m benches``.

``python -m benches --corpus FOLDER`` measures real sources (several may be given); without one a made-up monorepo of
100,000 lines is measured. ``--lines 10000 100000 1000000`` measures how things grow on monorepos of these sizes;
``--rival`` indexes each corpus with the nearest rival as well (needs npm), in turns with ours, and prints the least and the
median of three. ``--only cold`` chooses.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benches import measure
from benches.monorepo import generate

PARTS = ("cold", "serve", "scan", "scale")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, nargs="*", default=[], help="folders with real sources")
    parser.add_argument("--lines", type=int, nargs="*", default=[10_000, 100_000], help="sizes of monorepos")
    parser.add_argument("--only", choices=PARTS, nargs="*", default=list(PARTS))
    parser.add_argument("--rival", action="store_true", help="measure the nearest rival too")
    parser.add_argument("--tools", type=Path, help="folder in which the rival is, or is put by npm")
    options = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {load:.1f} when it began\n")
    with tempfile.TemporaryDirectory(prefix="magellan-bench-") as place:
        corpora = list(options.corpus)
        if not corpora:
            generate(Path(place) / "monorepo", 100_000)
            corpora = [Path(place) / "monorepo"]
        for corpus in corpora:
            if "cold" in options.only:
                found = measure.cold(corpus.resolve())
                if options.rival:
                    found |= measure.rival(corpus.resolve(), (options.tools or Path(place)).resolve())
                table(f"Index of {corpus.name}", found)
            if "serve" in options.only:
                found = measure.serve(corpus.resolve())
                found["warm_start_over_empty"] = found["warm_start_s"] / found["empty_start_s"]
                for name in ("definition_p50_ms", "definition_p95_ms", "definition_while_cold_p95_ms"):
                    found[name.replace("_ms", "_over_empty")] = found[name] / found["empty_p50_ms"]
                table(f"Server on {corpus.name}", found)
        if "scan" in options.only:
            table("Sweep of 10,000 files", measure.scanning())
        if "scale" in options.only:
            scale(options.lines, Path(place))


def scale(sizes: Sequence[int], place: Path) -> None:
    """The same questions on larger and larger monorepos, and the exponents with which the figures grow."""
    columns: list[measure.Figures] = []
    for size in sizes:
        root = place / f"mono{size}"
        generate(root, size)
        columns.append({**measure.cold(root), **measure.serve(root)})
    print("## Growth\n")
    print("| | " + " | ".join(f"{size:,} lines" for size in sizes) + " | exponent |")
    print("|-|" + "-|" * (len(sizes) + 1))
    for name in columns[0]:
        values = [one[name] for one in columns]
        exponent = math.nan
        if len(values) > 1 and values[0] > 0 and values[-1] > 0:
            exponent = math.log(values[-1] / values[0]) / math.log(columns[-1]["lines"] / columns[0]["lines"])
        print(
            f"| {name} | " + " | ".join(f"{value:,.3g}" for value in values) + f" | {exponent:.2f} |",
            flush=True,
        )
    print()


def table(title: str, found: measure.Figures) -> None:
    print(f"## {title}\n\n| | |\n|-|-|")
    for name, value in found.items():
        print(f"| {name} | {value:,.3f} |" if value < 1000 else f"| {name} | {value:,.0f} |")
    print(flush=True)


if __name__ == "__main__":
    main()
