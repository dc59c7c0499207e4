"""A mailbox of a million messages as a person has it: imported, opened, scrolled, sorted, searched, moved as a whole. The
window is seen from outside, as in reading.py; beside it notmuch over the same Maildir.

Its window has one size, and its columns are set by window.ini: so it is known where each thing lies."""

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time

from PIL import Image

from correspondence import RARE, Correspondence, write_mbox
from glasspost import indexed, memory as own_memory, with_settings
from notmuchpeer import Notmuch
from peer import check, same, wait_for
from reading import memory
from report import Note, Row, median
from screen import Screen
from window import Display, Window, settled

MILLION = 1_000_000
NOTMUCH = 100_000  # messages: it takes some minutes for these, and its rate does not grow with more
PATIENCE = 1800  # seconds
SETTINGS = "[user]\nname = alice\n\n"
SIZE = (1600, 900)
# Every column, the list twice as wide as the message, no transcript.
ARRANGED = r"""[messages]
columns-received=who:150 recipient:120 subject tags:80 date:90 other:90 size:76
splitter=@ByteArray(\0\0\0\xff\0\0\0\x1\0\0\0\x2\0\0\x3\x84\0\0\x1\xd8\0\xff\xff\xff\xff\x1\0\0\0\x1\0)

[window]
columns=@ByteArray(\0\0\0\xff\0\0\0\x1\0\0\0\x2\0\0\0\xd0\0\0\x5\x70\x1\xff\xff\xff\xff\x1\0\0\0\x1\0)
transcript=false
"""
# In that window: senders to subjects, below the header; the columns' titles and the scroll bar; all but the status bar.
LIST = (210, 130, 560, 730)
HEADER = 112
COLUMNS = {"sender": 260, "recipient": 415, "tags": 810, "subject": 620, "date": 890, "size": 1075, "arrival": 985}
BAR, ENDS = 1115, (110, 862)
PROGRESS = (0, 0, 1200, 870)
PAGES = 100
QUIET = 0.35  # seconds after the last drawing
PACE = 0.1  # seconds from letter to letter
LOOK = 0.25  # seconds between two looks at a move
DRAGS = 200


def ask(data, statement, *values):
    """The first value of the first row, read beside the writer."""
    with contextlib.closing(sqlite3.connect(f"file:{data}/index.sqlite?mode=ro", uri=True, timeout=60)) as index:
        return index.execute(statement, values).fetchone()[0]


def conversations(data):
    return ask(data, "SELECT count(DISTINCT coalesce(thread, id)) FROM messages")


def limited(what, ours, limit, unit, less_is_better=True):
    Row(what, ours, "limit", limit, 1, less_is_better=less_is_better, unit=unit)


def beside(what, ours, whose, theirs, unit, less_is_better=True):
    Row(what, ours, whose, theirs, None, less_is_better=less_is_better, unit=unit)


def imported(bench, data, mail):
    """Seconds until all of it can be found, and until all conversations are there after the last message was taken in."""
    mbox = bench.folder / "mbox"
    write_mbox(mail, mbox)
    with_settings(data, SETTINGS)
    began = time.monotonic()
    bench.glasspost("import", "--data", data, "--mailbox", "alice", mbox, timeout=PATIENCE)
    taken = time.monotonic()
    # It waits for the index.
    found = bench.glasspost("search", "--data", data, "--limit", mail.count, RARE, timeout=PATIENCE).stdout
    searchable = time.monotonic()
    mbox.unlink()
    same(len(found.splitlines()), mail.rare, "messages found")
    same(indexed(data), mail.count, "messages in the index")
    wait_for(lambda: conversations(data) == mail.conversations, f"{mail.conversations} conversations", 300, pause=1)
    share = mail.count / MILLION
    limited(f"{mail.count:,} messages imported and searchable", searchable - began, 60 * share, " s")
    limited("their conversations, after the last was imported", time.monotonic() - taken, 30 * share, " s")
    return searchable - began


def shared(bench, data, count):
    """A Maildir of so many of the files, which notmuch can read in the time there is."""
    maildir = bench.folder / "notmuch"
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True)
    with os.scandir(data / "mail" / "alice" / "cur") as files:
        for file in itertools.islice(files, count):
            os.link(file.path, maildir / "cur" / file.name)
    return maildir


def tag_all(bench, data, count):
    """Seconds. The tag is taken away again."""
    def tag(change):
        said = bench.glasspost("tag", "ALL", "--mailbox", "alice", change, "--json", "--data", data, timeout=PATIENCE).stdout
        same(json.loads(said), {"count": count, "missing": []}, change)

    began = time.monotonic()
    tag("+moved")
    took = time.monotonic() - began
    found = bench.glasspost("search", "--data", data, "--limit", count, "tag:moved ", timeout=PATIENCE).stdout
    same(found.count(b"\n"), count, "messages with the tag")
    tag("-moved")
    return took


def beside_notmuch(bench, data, mail, took):
    """Gives how many messages it tags a second."""
    count = min(mail.count, NOTMUCH)
    notmuch = Notmuch(bench, shared(bench, data, count))
    beside("messages imported and searchable, a second", mail.count / took, "notmuch new",
           count / notmuch.took("new", "--quiet"), "", less_is_better=False)
    words = ("--limit=50", f"from:{mail.writer}")
    ours = [timed(bench, data, *words) for _ in range(5)]
    theirs = [notmuch.took("search", *words) * 1000 for _ in range(5)]
    beside("the newest 50 of a sender on the command line", median(ours), "notmuch search", median(theirs), " ms")
    tagged = count / notmuch.took("tag", "+moved", "*")
    same(notmuch.run("count", "--exclude=false", "tag:moved").strip(), str(count), "messages tagged")
    beside("all messages tagged on the command line, a second", mail.count / tag_all(bench, data, mail.count), "notmuch tag",
           tagged, "", less_is_better=False)
    notmuch.forget()
    shutil.rmtree(bench.folder / "notmuch")
    Note("notmuch", f"over {count:,} files of the Maildir that the import made, flags not written back")
    return tagged


def timed(bench, data, limit, *words):
    began = time.monotonic()
    bench.glasspost("search", "--data", data, *limit.split("="), *words)
    return (time.monotonic() - began) * 1000


def longest(what, stalls):
    net, _, where = max(stalls)
    limited(f"{what}, longest stall ({where})", net, 50, " ms")
    beside("the same, waits for a processor included", max(gross for _, gross, _ in stalls), "limit", 50, " ms")


class Desk:
    """The window over the mailbox, and what a person does there. Each gesture gives the milliseconds until the list had
    its last change."""

    def __init__(self, bench, display, screen, meter, data):
        self.screen = screen
        self.window = Window(bench, display, meter, data, SETTINGS)
        screen.only_window(SIZE)
        settled(self.window)
        self.rest()
        self.window.stall()

    def rest(self):
        """Once nothing is drawn any more."""
        self.screen.rest(LIST)

    def until_changed(self, gesture, *more):
        before = self.screen.pixels(LIST)
        began = gesture(*more)
        return self.screen.settle(LIST, QUIET, lambda now: now != before) - began

    def press(self, key, *held):
        return self.until_changed(self.screen.press, key, held)

    def sort_by(self, x):
        return self.until_changed(self.screen.drag, [(x, HEADER)], 0.02)

    def drag_bar(self, begin, end):
        steps = [(BAR, begin + (end - begin) * step // DRAGS) for step in range(DRAGS + 1)]
        return self.until_changed(self.screen.drag, steps, 0.02)

    def search(self, word):
        """From the last letter to the hits; what the letters before it find is other mail. Then out of it again."""
        self.screen.press("slash")
        self.screen.type(word[:-1], PACE)
        time.sleep(PACE)
        took = self.press(word[-1])
        self.screen.press("Escape")
        self.rest()
        return took

    def stall(self, what):
        """The longest since the last call, net and gross, and with what that was."""
        gross, net = self.window.stall()
        print(f"{what}: longest stall {net:.0f} ms, {gross:.0f} with waits for a processor", file=sys.stderr, flush=True)
        return net, gross, what

    def memory(self):
        process = self.window.process
        return tuple(memory(process, what) for what in ("Pss", "Rss")) + (own_memory(process, "VmHWM"),)


def shows_rows(pixels):
    """Text on a light ground; before the window comes all is black."""
    light = Image.frombytes("RGB", LIST[2:], pixels, "raw", "BGRX").convert("L").histogram()
    return sum(light[:128]) > sum(light) / 500 and sum(light[200:]) > sum(light) / 2


def opened(bench, display, screen, data, rounds):
    """From the start of the program to the rows."""
    took = []
    for _ in range(rounds):
        screen.rest(LIST)
        began = time.monotonic() * 1000
        process = bench.start(bench.program, "--data", data, env=display.environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
        took.append(screen.settle(LIST, QUIET, shows_rows) - began)
        process.terminate()
        process.wait(60)
    limited("window with the list, after the start", median(took), 1000, " ms")


def scrolled(desk):
    last = desk.press("End")
    first = desk.press("Home")
    stalls = [desk.stall("first row and last by keys")]
    limited("the last rows, after their key", max(last, first), 1000, " ms")
    for _ in range(PAGES):
        desk.screen.press("Next")
        time.sleep(PACE)
    desk.rest()
    desk.press("Home")
    stalls.append(desk.stall("page by page"))
    desk.drag_bar(*ENDS)
    desk.drag_bar(*reversed(ENDS))
    desk.rest()
    stalls.append(desk.stall("by the scroll bar"))
    longest("scrolled end to end", stalls)


def sorted_by_each(desk):
    took, stalls = {}, []
    for name, x in COLUMNS.items():
        took[name] = desk.sort_by(x)
        stalls.append(desk.stall(f"by {name}"))
        print(f"sorted by {name}: {took[name]:.0f} ms", file=sys.stderr, flush=True)
    longest("sorted by each column", stalls)
    slowest = max(took, key=took.get)
    limited(f"rows in another order, at the slowest ({slowest})", took[slowest], 1000, " ms")
    shown = desk.press("g")
    desk.press("g")
    longest("grouped by conversation", [desk.stall("on and off")])
    limited("rows of conversations, after the key", shown, 1000, " ms")


def searched(desk, mail, rounds):
    for what, word in (("of a rare word", RARE), ("of a sender", mail.writer), ("of a frequent word", mail.word(3))):
        took = [desk.search(word) for _ in range(rounds)]
        limited(f"hits {what}, after its last letter", median(took), 50, " ms")
    longest("searched", [desk.stall("all searches")])


def moved(desk, data, count, tagged):
    """All of it into Archive, by keys."""
    archive = ask(data, "SELECT id FROM folders WHERE user = 'alice' AND name = 'Archive'")
    desk.screen.press("Home")
    desk.rest()
    desk.screen.press("a", ("Control_L",))
    desk.rest()
    stalls = [desk.stall("selected")]
    began = time.monotonic()
    desk.screen.press("e")
    seen = set()

    def are_there():
        seen.add(hash(desk.screen.pixels(PROGRESS)))
        return ask(data, "SELECT count(*) FROM messages WHERE folder = ?", archive) == count

    wait_for(are_there, "all in Archive", PATIENCE, pause=LOOK)
    took = time.monotonic() - began
    kept = data / "mail" / "alice" / ".Archive" / "cur"
    wait_for(lambda: sum(1 for _ in os.scandir(kept)) == count, "the files in Archive", PATIENCE, pause=1)
    filed = time.monotonic() - began
    check(took < 4 * LOOK or len(seen) > 2, "no progress was shown")
    desk.rest()
    stalls.append(desk.stall("moved"))
    longest("all selected and moved", stalls)
    limited("messages moved to another folder, a second", count / took, 20_000, "", less_is_better=False)
    beside("the same, until the files are there, too", count / filed, "notmuch tag", tagged, "",
           less_is_better=False)


def most_memory(samples):
    shared, resident, ever = (max(figures) for figures in zip(*samples))
    for what, figure in (("PSS", shared), ("RSS", resident), ("RSS at any moment", ever)):
        limited(f"memory of the window meanwhile, {what}", figure, 300, " MB")


def compared(data):
    """Index and files: what an import leaves is looked through at the next start."""
    return ask(data, "SELECT min(length(stamp)) FROM folders WHERE user = 'alice' AND name = ''") > 0


def used(bench, meter, data, mail, rounds, tagged):
    display = Display(bench, "{}x{}".format(*SIZE))
    screen = Screen(display.name)
    (data / "window.ini").write_text(ARRANGED)
    first = Desk(bench, display, screen, meter, data)  # it leaves its place and size for the next start
    wait_for(lambda: compared(data), "the index to be compared with the files", PATIENCE, pause=LOOK)
    first.window.stop()
    opened(bench, display, screen, data, rounds)
    desk = Desk(bench, display, screen, meter, data)
    samples = []
    for gestures in (lambda: None, lambda: scrolled(desk), lambda: sorted_by_each(desk),
                     lambda: searched(desk, mail, rounds), lambda: moved(desk, data, mail.count, tagged)):
        gestures()
        samples.append(desk.memory())
        print("memory (PSS, RSS, most ever): %.0f, %.0f, %.0f MB" % samples[-1], file=sys.stderr, flush=True)
    desk.window.stop()
    most_memory(samples)


def handling(bench, meter, rounds, count):
    mail = Correspondence(count)
    data = bench.folder / "million"
    took = imported(bench, data, mail)
    tagged = beside_notmuch(bench, data, mail, took)
    used(bench, meter, data, mail, rounds, tagged)
