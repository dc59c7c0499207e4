"""Renders the messages of this folder with each engine and, for the likeness, with Chromium beside it.

likeness.py PAGES_DRAW [--quick] [--record] [--out FOLDER] [MESSAGE]...

What a reader must see of each message (messages.ini) is looked for on each engine's page; what an engine is known to
miss is in missed.txt, and anything else that it misses fails, as does what is listed there and met. Without --quick the
pages are compared with Chromium's: structural similarity, that of the layout alone, and by how much the engine's page
is higher. A message that is less like Chromium's than floors.txt says, or that it does not name, fails. --record writes
both files from what was measured, with --quick missed.txt alone. FOLDER gets the pages, and pairs/: each engine's to the
left, Chromium's to the right."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

from PIL import Image

import seen
from messages import messages, write_remote_pictures

HERE = pathlib.Path(__file__).resolve().parent
MARGIN = 0.02  # between what was measured and what fails


def environment():
    return dict(os.environ, FONTCONFIG_FILE=str(HERE / "fonts.conf"), QT_QPA_PLATFORM="offscreen")


def drawn_by(engine, program, chosen, out):
    """The program's own cleaner and that engine: message -> page."""
    pictures, pages = out / "remote", out / engine
    write_remote_pictures(pictures)
    pages.mkdir(parents=True, exist_ok=True)
    command = [program, ENGINES[engine], pictures, pages, *(message.path for message in chosen)]
    subprocess.run(command, env=environment(), check=True)
    drawn = {}
    for message in chosen:
        page = json.loads((pages / (message.name + ".json")).read_text())
        image = Image.open(pages / (message.name + ".png")).convert("RGB")
        drawn[message.name] = seen.Drawn(page["size"], page["texts"], image)
    return drawn


ENGINES = {"glasspost-page": "litehtml", "glasspost-page-webengine": "webengine"}


def drawn_by_chromium(chosen, out):
    from chromium import Chromium  # its pictures need no more than this

    pages = out / "chromium"
    pages.mkdir(parents=True, exist_ok=True)
    with Chromium(environment()) as browser:
        drawn = {message.name: browser.draw(message.path) for message in chosen}
    for name, page in drawn.items():
        page.image.save(pages / (name + ".png"))
    return drawn


def read_table(name):
    """Lines of ENGINE MESSAGE VALUE: (engine, message) -> values."""
    table = {}
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            engine, message, value = line.split(None, 2)
            table.setdefault((engine, message), []).append(value)
    return table


def write_table(name, head, rows):
    lines = ["%s %s %s" % row for row in rows]
    (HERE / name).write_text("# %s\n%s\n" % (head, "\n".join(lines)), encoding="utf-8")


def save_pair(path, left, right):
    path.parent.mkdir(parents=True, exist_ok=True)
    pair = Image.new("RGB", (left.width + right.width + 10, max(left.height, right.height)), "grey")
    pair.paste(left, (0, 0))
    pair.paste(right, (left.width + 10, 0))
    pair.save(path)


class Findings:
    """What is wrong, and what is to be recorded."""

    def __init__(self, is_recording):
        self.is_recording = is_recording
        self.failures, self.missed, self.floors = [], [], []

    def fail(self, words):
        if not self.is_recording:
            self.failures.append(words)

    def hold_to_list(self, engine, message, drawn):
        missed = seen.unmet(drawn, message.expectations)
        known = read_table("missed.txt").get((engine, message.name), [])
        self.missed += [(engine, message.name, line) for line in missed]
        for line in sorted(set(missed) ^ set(known)):
            self.fail("%s, %s: %s %s" % (engine, message.name, line,
                                         "is missed" if line in missed else "is met, and missed.txt says it is not"))

    def hold_to_floor(self, engine, message, fine):
        self.floors.append((engine, message.name, "%.3f" % (fine - MARGIN)))
        floor = read_table("floors.txt").get((engine, message.name))
        if floor is None:
            self.fail("%s, %s: floors.txt does not say how like it is at least" % (engine, message.name))
        elif fine < float(floor[0]):
            self.fail("%s, %s: likeness %.3f, was at least %s" % (engine, message.name, fine, floor[0]))


def compare(engine, chosen, drawn, truth, out, findings):
    from similarity import likeness

    print("\n%-24s %10s %8s %8s" % (engine, "similarity", "layout", "height"))
    measured = []
    for message in chosen:
        page, other = drawn[message.name], truth[message.name]
        fine, coarse = likeness(page.image, other.image)
        measured.append((fine, coarse))
        findings.hold_to_floor(engine, message, fine)
        print("%-24s %10.3f %8.3f %+8d" % (message.name, fine, coarse, page.image.height - other.image.height))
        save_pair(out / "pairs" / engine / (message.name + ".png"), page.image, other.image)
    for words, of in (("mean", statistics.mean), ("median", statistics.median)):
        print("%-24s %10.3f %8.3f" % (words, *(of(values) for values in zip(*measured))))


def hold(given, chosen, findings):
    truth = {} if given.quick else drawn_by_chromium(chosen, given.out)
    for message in chosen if truth else []:
        for line in seen.unmet(truth[message.name], message.expectations):
            findings.fail("messages.ini is wrong: Chromium, %s: %s" % (message.name, line))
    for engine in ENGINES:
        drawn = drawn_by(engine, given.program, chosen, given.out)
        for message in chosen:
            findings.hold_to_list(engine, message, drawn[message.name])
        if truth:
            compare(engine, chosen, drawn, truth, given.out, findings)


def record(findings, with_floors):
    write_table("missed.txt", "What an engine does not show of a message: ENGINE MESSAGE WHAT.", findings.missed)
    if with_floors:
        write_table("floors.txt", "How like Chromium's a message is at least: ENGINE MESSAGE SIMILARITY.",
                    findings.floors)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("program")
    words.add_argument("--quick", action="store_true")
    words.add_argument("--record", action="store_true")
    words.add_argument("--out", type=pathlib.Path, default=pathlib.Path("likeness"))
    words.add_argument("message", nargs="*")
    given = words.parse_intermixed_args()
    if given.record and given.message:
        words.error("only the whole can be recorded")
    chosen = [message for message in messages() if not given.message or message.name in given.message]
    if not chosen:
        words.error("no message of that name")
    findings = Findings(given.record)
    hold(given, chosen, findings)
    if given.record:
        record(findings, with_floors=not given.quick)
    print("\n%d messages, %d expectations, %d of them missed" %
          (len(chosen), sum(len(message.expectations) for message in chosen), len(findings.missed)))
    print("\n".join(findings.failures))
    return 1 if findings.failures else 0


if __name__ == "__main__":
    sys.exit(main())
