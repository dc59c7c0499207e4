"""How soon after its key a message is shown, and what ten newsletters take of memory: the window beside Claws Mail with
its litehtml viewer and Sylpheed, which shows the text beside the HTML. Each reads the same mailbox in turn, in its own
layout, in a window of one size on one X server, and is measured from outside: from the key that opens the next message
to the last change of pixels where messages are shown."""

import collections
import contextlib
import email.utils
import pathlib
import re
import subprocess
import sys

from PIL import Image

from glasspost import Glasspost, indexed, with_settings
from million import UNIQUE
from peer import free_port, program, wait_for
from report import Note, Row, median
from screen import Screen
from window import LISTENER, Display, home_of

MESSAGES = pathlib.Path(__file__).resolve().parent.parent / "pages" / "messages"
NEWSLETTERS = ("newsletter-tables", "newsletter-columns", "newsletter-hybrid", "shop-sale", "estate-grid", "weather-table",
               "emoji-fitness", "arabic-newsletter", "verification-dark", "dark-product")
TEXTS = 5
NEWEST = 1_790_000_000
SIZE = (1200, 850)
QUIET = 0.35  # seconds after the last drawing
TEXT = "From: Ann <a@client.test>\nTo: bob@example.test\nSubject: Text {0}\n\n" + "Line {0} of a text, and so on.\n" * 40
LITEHTML = "/usr/lib/x86_64-linux-gnu/claws-mail/plugins/litehtml_viewer.so"
CLAWS = f"""[Common]
always_show_message_when_selected=1
open_selected_message_on_prevnext=1
promote_html_part=1
invoke_plugin_on_html=1

[Plugins_GTK3]
{LITEHTML}
"""
SYLPHEED = "[Common]\nopen_inbox_on_startup=1\nalways_show_message_when_selected=1\n"

# pane: where it shows a message, below our header and bar.
Reader = collections.namedtuple("Reader", "command environment key pane shows_html")
Found = collections.namedtuple("Found", "fresh texts first others shared resident")


def mailbox(texts, newsletters):
    """So many texts, then newsletters, the newest first."""
    octets = [TEXT.format(number).encode() for number in range(texts)]
    octets += [(MESSAGES / f"{name}.eml").read_bytes() for name in newsletters]
    return [dated(message, NEWEST - 3600 * number) for number, message in enumerate(octets)]


def dated(message, seconds):
    without = re.sub(rb"(?mi)\ADate:.*\n(?:[ \t].*\n)*|^Date:.*\n(?:[ \t].*\n)*", b"", message, count=1)
    return b"Date: " + email.utils.formatdate(seconds).encode() + b"\n" + without


def ours(bench, part, messages):
    data = bench.folder / part
    with_settings(data, LISTENER.format(port=free_port()))
    for folder in ("new", "cur", "tmp"):
        (data / "mail" / "captured" / folder).mkdir(parents=True)
    for number, message in enumerate(messages):
        name = UNIQUE.format(seconds=NEWEST - 3600 * number, micros=0, number=number, size=len(message),
                             wire=len(message) + message.count(b"\n"))
        (data / "mail" / "captured" / "new" / name).write_bytes(message)
    listener = Glasspost(bench, data)
    wait_for(lambda: indexed(data) == len(messages), "the index")
    listener.stop()
    return Reader([bench.program, "--data", data], {}, "j", (605, 265, 585, 320), True)


def peer(bench, part, name, settings, messages):
    """Its home folder with the mailbox."""
    environment = home_of(bench, part, name)
    home = pathlib.Path(environment["HOME"])
    for number, message in enumerate(messages, 1):
        (home / "Mail" / "inbox" / str(number)).write_bytes(message)
    folder, file = settings[0]
    (home / folder / file).write_text(settings[1])
    return environment


def readers(bench, part, texts, newsletters):
    """Each with a mailbox of its own. The peers open a first message at the start, without a key: one text more."""
    theirs = mailbox(1 + texts, newsletters)
    claws = peer(bench, part, "claws-mail", ((".claws-mail", "clawsrc"), CLAWS), theirs)
    sylpheed = peer(bench, part, "sylpheed", ((".sylpheed-2.0", "sylpheedrc"), SYLPHEED), theirs)
    return {
        "ours": ours(bench, part, mailbox(texts, newsletters)),
        "Claws Mail": Reader([program("claws-mail", "claws-mail"), "--select", "#mh/Mail/inbox/1"], claws, "Down",
                             (275, 472, 890, 338), True),
        "Sylpheed": Reader([program("sylpheed", "sylpheed")], sylpheed, "Down", (186, 337, 990, 485), False),
    }


def is_page(pixels, area):
    """These newsletters have a ground of their own; a text covers a twelfth of the white at most."""
    light = Image.frombytes("RGB", area[2:], pixels, "raw", "BGRX").convert("L").histogram()
    return sum(light[:252]) > sum(light) / 9


def processes(root):
    """That one and those it started."""
    children = pathlib.Path(f"/proc/{root}/task").glob("*/children")
    return [root] + [one for file in children for child in file.read_text().split() for one in processes(int(child))]


def memory(process, what):
    """Megabytes of all its processes together: Rss counts what they share once for each, Pss once."""
    rollups = [pathlib.Path(f"/proc/{one}/smaps_rollup").read_text() for one in processes(process.pid)]
    return sum(int(re.search(rf"(?m)^{what}: +(\d+)", rollup).group(1)) for rollup in rollups) / 1024


def opened(screen, reader, has_html):
    """Milliseconds from the key to the message."""
    before = screen.pixels(reader.pane)
    pressed = screen.press(reader.key)
    return screen.settle(reader.pane, QUIET, lambda now: now != before and
                         (not has_html or is_page(now, reader.pane))) - pressed


@contextlib.contextmanager
def started(bench, display, screen, reader):
    """The program, once nothing has been drawn for two seconds."""
    process = bench.start(*reader.command, env={**display.environment, **reader.environment},
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    screen.only_window(SIZE)
    screen.settle((0, 0, *SIZE), 2, lambda _: True)
    yield process
    process.terminate()
    process.wait(60)


def read(bench, display, screen, reader, fresh):
    """One reading of the mailbox, from its first message to its last, and before it one of a newsletter alone."""
    with started(bench, display, screen, fresh):
        alone = opened(screen, fresh, fresh.shows_html)
    with started(bench, display, screen, reader) as process:
        texts = [opened(screen, reader, has_html=False) for _ in range(TEXTS)][1:]
        pages = [opened(screen, reader, reader.shows_html) for _ in NEWSLETTERS]
        return Found(alone, texts, pages[0], pages[1:], memory(process, "Pss"), memory(process, "Rss"))


def rows(found):
    """found: of each reader, one for each round."""
    def beside(what, of, limit, unit):
        figures = {name: median([figure for one in rounds for figure in of(one)]) for name, rounds in found.items()}
        Row(what, figures["ours"], "limit", limit, 1, less_is_better=True, unit=unit)
        for name in ("Claws Mail", "Sylpheed"):
            Row(what, figures["ours"], name, figures[name], None, less_is_better=True, unit=unit)

    beside("first HTML message after the start", lambda one: [one.fresh], 100, " ms")
    beside("first HTML message after some texts", lambda one: [one.first], 100, " ms")
    beside("each further one", lambda one: one.others, 50, " ms")
    beside("a text after its key", lambda one: one.texts, 16, " ms")
    beside("memory with ten newsletters read, PSS", lambda one: [one.shared], 120, " MB")
    beside("the same, RSS", lambda one: [one.resident], 120, " MB")
    Note("Claws Mail", "HTML first, by its litehtml viewer")
    Note("Sylpheed", "has no HTML: it shows the text of the newsletters")


def reading(bench, rounds):
    display = Display(bench)
    screen = Screen(display.name)
    contestants = readers(bench, "reading", TEXTS, NEWSLETTERS)
    fresh = readers(bench, "fresh", 0, NEWSLETTERS[:1])
    found = {name: [] for name in contestants}
    for turn in range(rounds):
        for name, reader in contestants.items():
            found[name].append(read(bench, display, screen, reader, fresh[name]))
            print(turn, name, found[name][-1], file=sys.stderr, flush=True)
    rows(found)
