"""A journey of 500 recipients in 30 attempts, and a transcript of a million lines: how soon the window shows them after the
click or the key, and whether it stands still while they are opened and scrolled.

Both are of real sessions: a server defers all 500 until the thirtieth attempt, and what a client said is told on by copies
of its lines."""

import json
import shutil
import smtplib
import sys

from bounds import NEWEST, limits
from glasspost import Glasspost, indexed, with_settings
from million import UNIQUE
from peer import WAIT, free_port, wait_for
from report import Row, median
from screen import Screen
from sending import SMARTHOST
from scripted import Scripted
from window import LISTENER, Display, Window, settled

RECIPIENTS, ATTEMPTS = 500, 30
LINES, AT_ONCE = 1_000_000, 1000  # of the transcript, and of one of its blocks
SIZE = (1200, 850)
MESSAGE, TRANSCRIPT = (605, 190, 585, 395), (5, 635, 400, 180)  # where the window shows them; the left of the lines
THIS_MESSAGE = (173, 612)  # the button that has the transcript tell of that alone
QUIET = 0.5  # seconds after the last drawing
TURNS = 200  # of the wheel, three lines each
PACE = 0.02  # seconds from turn to turn
PLAIN = b"From: alice@here.test\nSubject: %s\nMessage-ID: <%d@here.test>\n\ntext\n"


def delivered(bench):
    """A data folder with such a journey, and its queue entry's id: the last attempt is over, and it was given up."""
    data = bench.folder / "journey-made"
    server = Scripted(bench, lambda line, session: b"452 4.2.2 mailbox full" if line.startswith(b"RCPT") else None)
    with_settings(data, SMARTHOST.format(port=server.port) + "\n[user]\nname = alice\n\n[retry]\nwait = 1s\n")
    ours = Glasspost(bench, data, "--policy", "mailboxes")
    with smtplib.SMTP("127.0.0.1", ours.port, timeout=WAIT) as client:
        client.sendmail("alice@here.test", [f"recipient{number}@far.test" for number in range(RECIPIENTS)],
                        PLAIN.replace(b"\n", b"\r\n") % (b"Journey", 1))

    def entry():
        listed = bench.glasspost("queue", "list", "--json", "--data", data).stdout.splitlines()
        return json.loads(listed[0]) if listed else None

    def tried():
        now = entry()
        return now if now and now["recipients"][-1]["attempts"] >= ATTEMPTS else None

    now = wait_for(tried, f"{ATTEMPTS} attempts", 600, pause=1)
    wait_for(lambda: bench.glasspost("queue", "expire", now["id"], "--data", data, code=None).returncode == 0, "its end")
    wait_for(lambda: not entry(), "the queue to be empty")
    ours.stop()
    return data, now["id"]


def spoken(data, session):
    """Makes that session's transcript a million lines long."""
    (file,) = (data / "sessions").glob("*.jsonl")
    last = next(json.loads(line) for line in reversed(file.read_bytes().splitlines()) if session.encode() in line[:40])
    at = last["facts"]["ended"]
    with open(file, "a") as out:
        for block in range(LINES // AT_ONCE):
            entries = [{"at": at + block * AT_ONCE + line, "who": "CS"[line % 2],
                        "text": ("NOOP %d" if line % 2 == 0 else "250 2.0.0 Ok, that was %d") % (block * AT_ONCE + line)}
                       for line in range(AT_ONCE)]
            out.write(json.dumps({"session": session, "facts": last["facts"], "entries": entries}, separators=(",", ":")) + "\n")


def placed(data, number, octets, queue_id=""):
    captured = data / "mail" / "captured"
    for part in ("new", "cur", "tmp"):
        (captured / part).mkdir(parents=True, exist_ok=True)
    size = len(octets)
    name = UNIQUE.format(seconds=NEWEST - number, micros=0, number=number, size=size, wire=size + octets.count(b"\n"))
    (captured / "cur" / (name + (f",Q={queue_id}" if queue_id else "") + ":2,S")).write_bytes(octets)


def mailbox(bench):
    """A data folder of three: a short message, the copy of the one that took so many attempts, and one of the session."""
    made, queue_id = delivered(bench)
    data = bench.folder / "journey"
    with_settings(data, LISTENER.format(port=free_port()))
    for part in ("journeys", "sessions"):
        shutil.copytree(made / part, data / part)
    placed(data, 0, PLAIN % (b"Short", 2))
    placed(data, 1, PLAIN % (b"Journey", 1), queue_id)
    ours = Glasspost(bench, data)
    with smtplib.SMTP("127.0.0.1", ours.port, timeout=WAIT) as client:
        client.sendmail("a@client.test", ["b@example.test"], (PLAIN % (b"Session", 3)).replace(b"\n", b"\r\n"))
    wait_for(lambda: indexed(data) == 3, "the index")
    rows = [json.loads(line) for line in bench.glasspost("search", "--json", "subject:Session", "--data", data).stdout.splitlines()]
    ours.stop()
    spoken(data, rows[0]["session"])
    return data


def is_written(pixels):
    """Text has many shades, an empty pane few."""
    return len({pixels[at:at + 4] for at in range(0, len(pixels), 4)}) > 8


class Desk:
    """The window over that mailbox, the newest message first: that of the session, a short one, that of the journey."""

    def __init__(self, bench, display, screen, meter, data):
        self.screen = screen
        self.window = Window(bench, display, meter, data)
        screen.only_window(SIZE)
        settled(self.window)
        screen.rest((0, 0, *SIZE))
        self.window.stall()

    def opened(self):
        """The next message."""
        self.screen.press("j")
        self.screen.rest((0, 0, *SIZE))
        self.window.stall()

    def shown(self, area, gesture, *words):
        """Milliseconds until the area had its last change, and the longest stall meanwhile."""
        before = self.screen.pixels(area)
        began = gesture(*words)
        took = self.screen.settle(area, QUIET, lambda now: now != before and is_written(now)) - began
        return took, self.window.stall()

    def scrolled(self, area, is_down):
        """By the wheel. A transcript shows its end first."""
        before = self.screen.pixels(area)
        self.screen.turn((area[0] + area[2] // 2, area[1] + area[3] // 2), TURNS, PACE, is_down)
        self.screen.settle(area, QUIET, lambda now: now != before)
        return self.window.stall()


def rows(what, opened, stalls, allowed):
    Row(f"{what}, shown after the click or key", median(opened), "limit", 100, 1, less_is_better=True, unit=" ms")
    Row(f"{what}, longest stall while it is opened and scrolled", max(net for _, net in stalls), "limit", allowed.stall, 1,
        less_is_better=True, unit=" ms")
    Row("the same, waits for a processor included", max(gross for gross, _ in stalls), "limit", allowed.stall, None,
        less_is_better=True, unit=" ms")


def journey(bench, meter, rounds):
    data = mailbox(bench)
    display = Display(bench)
    screen = Screen(display.name)
    opened, stalls = {"delivery": [], "transcript": []}, {"delivery": [], "transcript": []}
    for _ in range(rounds):
        desk = Desk(bench, display, screen, meter, data)
        desk.opened()
        took, stall = desk.shown(TRANSCRIPT, screen.drag, [THIS_MESSAGE], PACE)
        opened["transcript"].append(took)
        stalls["transcript"] += [stall, desk.scrolled(TRANSCRIPT, is_down=False)]
        for _ in range(2):
            desk.opened()
        took, stall = desk.shown(MESSAGE, screen.press, "5", ("Alt_L",))
        opened["delivery"].append(took)
        stalls["delivery"] += [stall, desk.scrolled(MESSAGE, is_down=True)]
        desk.window.stop()
        print(opened, stalls, file=sys.stderr, flush=True)
    rows(f"{RECIPIENTS} recipients in {ATTEMPTS} attempts", opened["delivery"], stalls["delivery"], limits(meter))
    rows(f"a transcript of {LINES:,} lines", opened["transcript"], stalls["transcript"], limits(meter))
