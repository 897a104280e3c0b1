"""`bin/chaos`: 24 people at work on six boards while things fail, seed after seed; then whether all is well.

`--cluster` plays it on two programs that share a PostgreSQL and a Redis Cluster; `--kills` is 200 killed workers and 20
restarts of PostgreSQL instead. Exit status 1 when a seed failed, and what is needed to find out why on standard error.
"""

import argparse
import asyncio
import sys
import traceback
from collections import Counter
from collections.abc import Iterator

from bench.machine import description
from tests.chaos.run import Result, Run, converge, kills

HEAD = """\
| seed | changes made | a second | commands a second | faults | acknowledged | lost | doubled | went back | \
clients equal | browsers equal | done, settled after (s) | verdict |
|---|---|---|---|---|---|---|---|---|---|---|---|---|"""


def row(result: Result) -> str:
    verdict = result.verdict
    cells = [
        result.seed,
        f"{result.changes:,}",
        f"{result.changes / result.seconds:.0f}",
        f"{result.commands / result.seconds:.0f}",
        result.faults.total(),
        f"{result.acknowledged:,}",
        len(verdict.lost),
        len(verdict.doubled),
        len(verdict.went_back),
        f"{result.people - len(verdict.unequal)} of {result.people}",
        f"{result.browsers - len(verdict.misled)} of {result.browsers}",
        f"{verdict.done_after:.1f}, {verdict.settled_after:.1f}",
        "good" if result.is_good else f"**{len(verdict.complaints)} complaints**",
    ]
    return f"| {' | '.join(map(str, cells))} |"


def total(results: list[Result]) -> str:
    faults = sum((result.faults for result in results), Counter())
    words = ", ".join(f"{count} times {name.replace('_', ' ')}" for name, count in sorted(faults.items()))
    unsure = sum(result.verdict.unsure for result in results)
    return (
        f"{sum(result.is_good for result in results)} of {len(results)} good; {words}. "
        f"{unsure} texts were there though their author was told that they were not saved."
    )


def runs(chosen: argparse.Namespace) -> Iterator[Run]:
    if chosen.kills:
        yield kills(chosen.first_seed, chosen.workers, chosen.restarts)
        return
    for seed in range(chosen.first_seed, chosen.first_seed + chosen.seeds):
        yield converge(seed, chosen.seconds, cluster=chosen.cluster, browsers=chosen.browsers)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/chaos", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300.0, help="of each seed")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--cluster", action="store_true", help="two programs, a Redis Cluster of three nodes")
    parser.add_argument("--browsers", type=int, default=2, help="that look on, and must show the same in the end")
    parser.add_argument("--kills", action="store_true", help="one run of killed workers and restarts of PostgreSQL")
    parser.add_argument("--workers", type=int, default=200, help="to be killed, with --kills")
    parser.add_argument("--restarts", type=int, default=20, help="of PostgreSQL, with --kills")
    chosen = parser.parse_args()
    print(description(), HEAD, sep="\n\n", flush=True)
    results, broken = [], 0
    for run in runs(chosen):
        try:
            results.append(result := asyncio.run(run()))
        except Exception:
            broken += 1
            print(f"| {run.seed} |" + " |" * 11 + " **broke off** |", flush=True)
            traceback.print_exc()
            continue
        print(row(result), flush=True)
        if not result.is_good:
            print(result.report(), file=sys.stderr, flush=True)
    print("", total(results), sep="\n")
    return 1 if broken or not all(result.is_good for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
