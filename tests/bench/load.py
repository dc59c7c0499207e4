"""Messages of 1 KiB by smtp-source over 32 sessions while the window is open: each arrives complete, stands on the disk
before its 250 (the journal holds it; a kill at the end shows that), and the window's event loop never stands still.

load.py METER [--quick]: METER is bench_windowmeter."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))

from glasspost import indexed  # noqa: E402
from peer import Bench, check, program, same, wait_for, without_trace  # noqa: E402
from receiving import blast  # noqa: E402
from window import Display, Window, settled  # noqa: E402

SESSIONS = 32
# Past this a person notices. A sanitized build on a busy machine is several times slower.
STALL = {"quick": 500, "whole": 50}  # milliseconds


def files(data):
    return [path for part in ("new", "cur") for path in (data / "mail" / "captured" / part).glob("*")]


def complete(path):
    octets = path.read_bytes()
    declared = int(re.search(r",S=(\d+)", path.name).group(1))
    return len(octets) == declared and octets.endswith(b"\n") and len(without_trace(octets)) >= 900


def killed_after_the_last(bench, display, meter, messages):
    """Every 250 was said; then the process is killed at once. All must be there after the next start."""
    window = Window(bench, display, meter, bench.folder / "killed")
    blast(bench, window.port, messages, "kept")
    window.process.kill()
    window.process.wait()
    again = Window(bench, display, meter, window.data)
    wait_for(lambda: len(files(window.data)) == messages, f"{messages} messages after the kill")
    check(all(complete(path) for path in files(window.data)), "not all are complete after the kill")
    again.stop()


def under_load(bench, display, meter, messages):
    window = Window(bench, display, meter, bench.folder / "load")
    settled(window)
    rate = blast(bench, window.port, messages, "kept")
    wait_for(lambda: len(files(window.data)) >= messages, f"{messages} messages", 120)
    wait_for(lambda: indexed(window.data) == messages, "the index", 120)
    same(len(files(window.data)), messages, "messages")
    check(all(complete(path) for path in files(window.data)), "not all are complete")
    gross, net = window.stop()
    return rate, gross, net


def main():
    quick = "--quick" in sys.argv
    messages = 2000 if quick else 10000
    bench = Bench(sys.argv[1])
    program("smtp-source", "postfix")
    try:
        display = Display(bench)
        rate, gross, net = under_load(bench, display, sys.argv[1], messages)
        print(f"{messages} messages over {SESSIONS} sessions, window open: {rate:.0f} a second, complete; longest stall "
              f"of the event loop {gross:.0f} ms, {net:.0f} ms of it not waiting for a processor", flush=True)
        check(net < STALL["quick" if quick else "whole"], "the window stood still for", net, "ms")
        killed_after_the_last(bench, display, sys.argv[1], messages // 4)
        print("killed after the last 250: all there and complete")
    finally:
        bench.end()


if __name__ == "__main__":
    main()
