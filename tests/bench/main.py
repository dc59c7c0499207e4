"""Measures Glasspost beside its peers in one run and prints one table: ours, the peer's, the ratio, the target.

main.py PROGRAM METER CACHE [--quick] [--part NAME]... [--before PROGRAM]"""

import argparse
import os
import pathlib
import platform
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))

import bounds  # noqa: E402
import contestants  # noqa: E402
import growing  # noqa: E402
import handling  # noqa: E402
import indexing  # noqa: E402
import journeys  # noqa: E402
import memory  # noqa: E402
import polling  # noqa: E402
import reading  # noqa: E402
import receiving  # noqa: E402
import record  # noqa: E402
import report  # noqa: E402
import rules  # noqa: E402
import sending  # noqa: E402
from peer import Bench  # noqa: E402


def machine():
    processors = os.cpu_count()
    with open("/proc/cpuinfo") as lines:
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?")
    with open("/proc/meminfo") as lines:
        memory = int(lines.readline().split()[1]) // 1024 // 1024
    return f"{processors} cores of {model}, {memory} GB, {platform.system()} {platform.release()}"


def parts(bench, chosen):
    quick = chosen.quick
    rounds = 3 if quick else 5
    return {
        "rates": lambda: receiving.rates(bench, chosen.cache, rounds, 0.25 if quick else 1),
        "latency": lambda: receiving.latency(bench, 100 if quick else 500),
        "large": lambda: (receiving.large(bench, 50 if quick else 200), sending.large(bench, 50 if quick else 200)),
        "memory": lambda: memory.directions(bench, contestants.sink(bench).port, 100 if quick else 300),
        "idle": lambda: receiving.idle(bench, 1000),
        "rules": lambda: rules.rate(bench, rounds, 5000 if quick else 20000),
        "polling": lambda: polling.rate(bench, rounds, 5000 if quick else 20000),
        "sending": lambda: sending.rates(bench, 1 if quick else 5, 2000 if quick else 10000),
        "record": lambda: record.cost(bench, chosen.before, rounds, 2000 if quick else 10000),
        "indexing": lambda: indexing.rate(bench, 1 if quick else 3, 5000 if quick else 20_000),
        "window": lambda: growing.window_open(bench, chosen.meter, 3 * rounds, 5000 if quick else 20000),
        "journey": lambda: journeys.journey(bench, chosen.meter, rounds),
        "reading": lambda: reading.reading(bench, 1 if quick else 5),
        "growth": lambda: growing.start(bench, rounds, growing.growth(bench, rounds, 50_000 if quick else 1_000_000,
                                                                      2000 if quick else 10000)),
        "million": lambda: handling.handling(bench, chosen.meter, 3, 50_000 if quick else 1_000_000),
        "bounds": lambda: bounds.bounds(bench, chosen.meter, quick),
    }


def main():
    words = argparse.ArgumentParser()
    for name in ("program", "meter", "cache"):
        words.add_argument(name)
    words.add_argument("--quick", action="store_true")
    words.add_argument("--part", action="append")
    words.add_argument("--before", help="a Glasspost that keeps no record of journeys")
    chosen = words.parse_args()
    began = time.monotonic()
    bench = Bench(chosen.program)
    try:
        for name, run in parts(bench, chosen).items():
            if not chosen.part or name in chosen.part:
                print(f"{name} ...", file=sys.stderr, flush=True)
                run()
    finally:
        print(f"\n{machine()}; {time.strftime('%Y-%m-%d')}; {time.monotonic() - began:.0f} s\n\n{report.table()}",
              flush=True)
        bench.end()
    sys.exit(0 if report.all_met() else 1)


if __name__ == "__main__":
    main()
