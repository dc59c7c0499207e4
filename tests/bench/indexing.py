"""How fast mail that lies there already is made searchable and its conversations are found, against notmuch over the same files."""

import random
import shutil
import time

from glasspost import Glasspost, indexed
from million import ARRIVED
from notmuchpeer import Notmuch
from peer import wait_for
from report import Row, median

WORDS = 120  # of each message
VOCABULARY = 20_000
CONVERSATION = 5  # messages


def fill(maildir, messages):
    """As many messages, each with words of its own; the same ones every time."""
    chance = random.Random(7)
    words = ["".join(chance.choices("aeioubcdfglmnprst", k=chance.randint(3, 10))) for _ in range(VOCABULARY)]
    for part in ("tmp", "new", "cur"):
        (maildir / part).mkdir(parents=True)
    for number in range(messages):
        text = (f"From: Ann Example <ann{number % 97}@client.test>\nTo: bob@example.test\n"
                f"Subject: {' '.join(chance.choices(words, k=5))}\nMessage-ID: <{number}@client.test>\n"
                f"Date: Mon, 23 Nov 2026 10:00:{number % 60:02} +0000\n")
        first = number - number % CONVERSATION
        if number > first:  # each of its messages names those before it
            text += "References: " + "\n ".join(f"<{one}@client.test>" for one in range(first, number)) + "\n"
        text += "\n"
        lines = [" ".join(chance.choices(words, k=10)) for _ in range(WORDS // 10)]
        (maildir / "new" / f"{ARRIVED + number}.M{number % 1_000_000}P1Q{number}.host").write_text(
            text + "\n".join(lines) + "\n")


def notmuch_took(bench, maildir):
    notmuch = Notmuch(bench, maildir)
    took = notmuch.took("new", "--quiet")
    notmuch.forget()
    return took


def ours_took(bench, data, messages):
    for file in data.glob("index.sqlite*"):
        file.unlink()
    began = time.monotonic()
    ours = Glasspost(bench, data)
    wait_for(lambda: indexed(data) == messages, "the index", 300)
    took = time.monotonic() - began
    ours.stop()
    return took


def rate(bench, rounds, messages):
    """From the start of the program to the last message in the index, in turn."""
    data = bench.folder / "indexing"
    fill(data / "mail" / "captured", messages)
    shutil.copytree(data / "mail" / "captured", bench.folder / "notmuch")
    ours, notmuch = [], []
    for _ in range(rounds):
        ours.append(messages / ours_took(bench, data, messages))
        notmuch.append(messages / notmuch_took(bench, bench.folder / "notmuch"))
    Row("messages of a mailbox made searchable, a second", median(ours), "notmuch", median(notmuch), 1)
