"""Runs the listener through kills, faults, power cuts, full disks and clock jumps, and prints the ledger.

main.py PROGRAM [--quick] [--part NAME]..."""

import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))

import bounces  # noqa: E402
import calls  # noqa: E402
import clock  # noqa: E402
import faults  # noqa: E402
import kills  # noqa: E402
from ledger import Findings  # noqa: E402
from peer import Bench  # noqa: E402

SOME_CALLS = ("open", "write", "fdatasync", "rename", "syncfs")


def parts(bench, findings, quick):
    """Name -> what it does. The quick run does of each a sample."""
    folder = bench.folder

    def full_disk():
        faults.fill_up(bench, findings, folder, 4 if quick else 12)
        if not quick:
            with kills.small_disk(bench, 48) as disk:
                kills.fill_disk(bench, findings, 12, disk)

    return {
        "kills": lambda: kills.kill_often(bench, findings, 8 if quick else 200, folder),
        "faults": lambda: faults.try_faults(bench, findings, folder, *((SOME_CALLS, 1) if quick else ())),
        "power": lambda: faults.cut_power(bench, findings, folder, step=12 if quick else 1),
        "disk": full_disk,
        "calls": lambda: calls.kill_at_each_call(bench, findings, folder, 1 if quick else 60,
                                                 ("fdatasync", "/^rename", "sendto") if quick else calls.CALLS),
        "failing": lambda: calls.fail_at_each_call(bench, findings, folder, 1 if quick else 12,
                                                   ("fdatasync", "/^rename") if quick else calls.FILES),
        "reports": lambda: bounces.kill_before_report(bench, findings, 7 if quick else 1),
        "clock": lambda: clock.jump(bench, findings, folder),
    }


def main():
    words = argparse.ArgumentParser()
    words.add_argument("program")
    words.add_argument("--quick", action="store_true")
    words.add_argument("--part", action="append")
    chosen = words.parse_args()
    bench = Bench(chosen.program)
    findings = Findings()
    began = time.monotonic()
    try:
        for name, run in parts(bench, findings, chosen.quick).items():
            if chosen.part and name not in chosen.part:
                continue
            start = time.monotonic()
            run()
            print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
        for name in sorted(set(findings) | set(Findings.BAD)):
            print(f"{findings[name]:8}  {name}")
        print(f"{time.monotonic() - began:.0f} s; {'nothing was lost' if findings.is_good() else 'FAILED'}")
    finally:
        bench.end()
    sys.exit(0 if findings.is_good() else 1)


if __name__ == "__main__":
    main()
