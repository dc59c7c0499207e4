"""The load on a build with the thread sanitizer: mail in over kept connections and a connection each, the queue into
smtp-sink, and mail in while the window is open. Each program ends with 0, or the sanitizer has said why.

threads.py PROGRAM: build/tsan/app/glasspost."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))

import contestants  # noqa: E402
from glasspost import Glasspost, indexed  # noqa: E402
from peer import Bench, same, wait_for  # noqa: E402
from receiving import blast  # noqa: E402
from sending import Queued  # noqa: E402
from window import Display, Window, settled  # noqa: E402

SUPPRESSIONS = pathlib.Path(__file__).resolve().parent.parent / "support" / "tsan.supp"


def ends_well(process, what):
    process.terminate()
    same(process.wait(60), 0, what)
    print(f"ok    {what}", flush=True)


def receiving(bench):
    ours = Glasspost(bench, bench.folder / "in")
    blast(bench, ours.port, 10_000, "kept")
    blast(bench, ours.port, 1000, "single")
    wait_for(lambda: indexed(ours.data) == 11_000, "the index", 120)
    ends_well(ours.process, "11,000 messages in")


def sending(bench):
    queued = Queued(bench, contestants.sink(bench), 3000)
    ours = Glasspost(bench, queued.data, "--policy", "mailboxes")
    wait_for(lambda: queued.left() == 0, "the queue to empty", 200)
    ends_well(ours.process, "3,000 queued messages out")


def window_open(bench):
    window = Window(bench, Display(bench), bench.program, bench.folder / "followed")
    settled(window)
    blast(bench, window.port, 5000, "kept")
    wait_for(lambda: indexed(window.data) == 5000, "the index", 120)
    ends_well(window.process, "5,000 messages in while the window is open")


def main():
    bench = Bench(sys.argv[1])
    bench.environment["TSAN_OPTIONS"] = f"suppressions={SUPPRESSIONS} ignore_noninstrumented_modules=1 die_after_fork=0"
    try:
        receiving(bench)
        sending(bench)
        window_open(bench)
    finally:
        bench.end()


if __name__ == "__main__":
    main()
