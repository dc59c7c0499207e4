"""Messages without measure, opened in the window by a key one after the other: its event loop answers all the while, and
with each of them in sight, or still being read, SIGTERM ends the program soon. A part of tests/bench/run, and a test.

bounds.py METER [--quick]: METER is bench_windowmeter. --quick opens the first five."""

import collections
import contextlib
import email.utils
import pathlib
import re
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))

from glasspost import Glasspost, indexed, memory, with_settings  # noqa: E402
from million import UNIQUE  # noqa: E402
from peer import Bench, check, free_port, wait_for  # noqa: E402
from reading import processes  # noqa: E402
from report import Row  # noqa: E402
from screen import Screen  # noqa: E402
from window import LISTENER, Display, Window, settled  # noqa: E402

NEWEST = 1_790_000_000
SIZE = (1200, 850)
PANE = (605, 60, 585, 700)  # where the window shows a message
QUIET = 1  # seconds in which nothing is drawn any more
BEGUN = 200_000  # octets of a message, of which it is known that it is being read
MILLION = 1_000_000

# Milliseconds of a stall that a person notices, seconds to the end that are too many.
Limits = collections.namedtuple("Limits", "stall ending")
# Of one message: milliseconds of the longest stall, gross and net; seconds from SIGTERM to the end; megabytes of the
# window's process with the short message in sight, and just before SIGTERM.
Opening = collections.namedtuple("Opening", "name is_shown gross net ending small resident")


def times(before, unit, count, behind=b""):
    """A message that is one thing again and again."""
    return before, unit, count, behind


def messages():
    """Of those of tests/mail/tst_bounds.cpp the ones that a window has most to do with; name -> message."""
    html, mixed = b"Content-Type: text/html\n\n", b"Content-Type: multipart/mixed; boundary=b\n\n"
    return {
        "a million files": times(mixed, b"--b\nContent-Type: application/pdf; name=a.pdf\n\nx\n", MILLION),
        "a million addresses": times(b"To: x@y.example", b", Ann Bee <ann@example.org>", MILLION, b"\n\nx"),
        "a line of 200 MB": times(b"Subject: x\n\n", b"x", 200 * MILLION),
        "a table of 20,000 by 10": times(html + b"<table>", b"<tr>" + b"<td>x</td>" * 10 + b"</tr>", 20000),
        "a million elements in each other": times(html, b"<div>", MILLION, b"x"),
        "10,000 messages in each other": times(b"", b"Content-Type: message/rfc822\n\n", 10000, b"\nx"),
        "a million parts": times(mixed, b"--b\n\nx\n", MILLION),
        "100 MB of header in one line": times(b"Subject: ", b"x", 100 * MILLION, b"\n\nx"),
        "100 MB of header in many fields": times(b"", b"X-Field: " + b"x" * 90 + b"\n", MILLION, b"Subject: x\n\nx"),
        "a million fields": times(b"", b"X-A: b\n", MILLION, b"\nx"),
        "a million encoded words in a name": times(b"From: ", b"=?utf-8?q?=C3=A4?= ", MILLION, b"<a@b.example>\n\nx"),
        "200 cells over 20,000 columns": times(html + b"<table>", b"<tr><td colspan=20000>x</td></tr>", 200),
        "a million links": times(html, b"<a href=http://a.example/>x</a>", MILLION),
        "a million lines": times(b"Subject: x\n\n", b"> a line\n", MILLION),
        "a million links in a text": times(b"Subject: x\n\n", b"http://a.example/ ", MILLION),
        "quotes of a million levels": times(b"Content-Type: text/plain; format=flowed\n\n", b">", MILLION, b" \nx\n"),
        "200 MB of base64": times(b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n", b"eHh4",
                                  50 * MILLION),
    }


QUICK = 5


def write(path, message):
    before, unit, count, behind = message
    at_once = min(count, (1 << 20) // len(unit) + 1)
    with open(path, "wb") as file:
        file.write(before)
        for _ in range(count // at_once):
            file.write(unit * at_once)
        file.write(unit * (count % at_once) + behind)
    return path.stat().st_size


def mailbox(bench, number, message):
    """A data folder with a short message, which is the newest, and that one."""
    data = bench.folder / f"bounds-{number}"
    with_settings(data, LISTENER.format(port=free_port()))
    captured = data / "mail" / "captured"
    for folder in ("new", "cur", "tmp"):
        (captured / folder).mkdir(parents=True)
    short = times(b"Subject: short\nDate: " + email.utils.formatdate(NEWEST).encode() + b"\n\n", b"x", 1)
    for place, octets in enumerate((short, message)):
        size = write(captured / "tmp" / "message", octets)
        name = UNIQUE.format(seconds=NEWEST - place, micros=0, number=place, size=size, wire=size)
        (captured / "tmp" / "message").rename(captured / "new" / name)
    listener = Glasspost(bench, data)
    wait_for(lambda: indexed(data) == 2, "the index", 120)
    listener.stop()
    return data


def octets_read(process):
    return int(re.search(r"rchar: (\d+)", pathlib.Path(f"/proc/{process.pid}/io").read_text()).group(1))


def processor_time(process):
    """Ticks of a hundredth of a second that it has had, with the processes that lay out."""
    fields = [pathlib.Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split() for one in processes(process.pid)]
    return sum(int(one[11]) + int(one[12]) for one in fields)


def is_idle(process):
    """Over half a second, nine tenths of it. A process that lays out may end meanwhile."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        before = processor_time(process)
        time.sleep(0.5)
        return processor_time(process) - before < 5
    return False


def opened(bench, screen, meter, display, data, name, is_awaited):
    """The large message, opened by the key: until it is shown and nothing more is done for it, or until it is being read;
    then SIGTERM."""
    window = Window(bench, display, meter, data)
    screen.only_window(SIZE)
    settled(window)
    screen.press("j")
    screen.settle(PANE, QUIET, lambda _: True)
    before, read, small = screen.pixels(PANE), octets_read(window.process), memory(window.process)
    screen.press("j")
    if is_awaited:
        screen.settle(PANE, QUIET, lambda now: now != before)
        wait_for(lambda: is_idle(window.process), "the message to be laid out")
    else:
        wait_for(lambda: octets_read(window.process) > read + BEGUN or screen.pixels(PANE) != before, "reading to begin")
    resident = memory(window.process)
    began = time.monotonic()
    gross, net = window.stop()
    return Opening(name, is_awaited, gross, net, time.monotonic() - began, small, resident)


def limits(meter):
    """Sanitizers take several times as long."""
    return Limits(400, 10) if b"libasan" in pathlib.Path(meter).read_bytes() else Limits(50, 3)


def openings(bench, meter, is_quick):
    """Each message twice: shown, and asked for."""
    display = Display(bench)
    screen = Screen(display.name)
    for number, (name, message) in enumerate(list(messages().items())[:QUICK if is_quick else None]):
        data = mailbox(bench, number, message)
        for is_awaited in (True, False):
            one = opened(bench, screen, meter, display, data, name, is_awaited)
            print(f"{name}, {'shown' if is_awaited else 'asked for'}: longest stall {one.gross:.0f} ms, {one.net:.0f} ms "
                  f"of it not waiting for a processor; ended in {one.ending:.2f} s; {one.resident:.0f} MB",
                  file=sys.stderr, flush=True)
            yield one
        shutil.rmtree(data)


def bounds(bench, meter, is_quick):
    """The worst of all."""
    found = list(openings(bench, meter, is_quick))
    allowed = limits(meter)
    most = max((one for one in found if one.is_shown), key=lambda one: one.resident)
    Row("messages without measure, longest stall", max(one.net for one in found), "limit", allowed.stall, 1,
        less_is_better=True, unit=" ms")
    Row("the same, waits for a processor included", max(one.gross for one in found), "limit", allowed.stall, None,
        less_is_better=True, unit=" ms")
    Row("messages without measure, SIGTERM to the end", max(one.ending for one in found), "limit", allowed.ending, 1,
        less_is_better=True, unit=" s")
    Row(f"memory with {most.name} in sight", most.resident, "a short one", most.small, None, less_is_better=True,
        unit=" MB")


def main():
    meter = sys.argv[1]
    bench = Bench(meter)
    try:
        allowed = limits(meter)
        faults = [one.name for one in openings(bench, meter, "--quick" in sys.argv)
                  if one.net > allowed.stall or one.ending > allowed.ending]
        check(not faults, "the window stood still, or did not end soon:", ", ".join(faults))
    finally:
        bench.end()


if __name__ == "__main__":
    main()
