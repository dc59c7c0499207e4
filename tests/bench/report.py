"""Figures, their medians, and the table in which ours stand beside the peers'."""

import statistics
import sys

METRICS = []
NOTES = []


class Row:
    """One line of the table: ours against a peer's, or against a limit alone. target is the least ratio (or the most,
    where less is better) that is to be reached."""

    def __init__(self, what, ours, peer_name, peer, target, less_is_better=False, unit=""):
        self.what = what
        self.ours = ours
        self.peer_name = peer_name
        self.peer = peer
        self.target = target
        self.less_is_better = less_is_better
        self.unit = unit
        METRICS.append(self)
        print(self, file=sys.stderr, flush=True)  # what was found stays, should a later part break off

    @property
    def ratio(self):
        return self.ours / self.peer if self.peer else 0

    @property
    def is_met(self):
        if self.target is None:
            return True
        return self.ratio <= self.target if self.less_is_better else self.ratio >= self.target

    def __str__(self):
        """The line as Markdown."""
        sign = "at most" if self.less_is_better else "at least"
        target = "" if self.target is None else f"{sign} {self.target:g}"
        met = "" if self.target is None else ("met" if self.is_met else "**not met**")
        return (f"| {self.what} | {figure(self.ours, self.unit)} | {self.peer_name} | {figure(self.peer, self.unit)} | "
                f"{self.ratio:.2f} | {target} | {met} |")


class Note:
    """How a peer was set up, printed below the table: a rate says little without it."""

    def __init__(self, peer_name, settings):
        self.text = f"- {peer_name}: {settings}"
        NOTES.append(self)


def figure(number, unit):
    if abs(number) >= 100 or number == int(number):
        return f"{number:,.0f}{unit}"
    return f"{number:.2g}{unit}" if abs(number) < 10 else f"{number:.1f}{unit}"


def median(figures):
    return statistics.median(figures)


def table():
    """The whole as Markdown."""
    head = ["| | ours | peer | | ratio | target | |", "| --- | ---: | --- | ---: | ---: | ---: | --- |"]
    notes = ["", "Settings that differ from each peer's defaults:", *(note.text for note in NOTES)] if NOTES else []
    return "\n".join(head + [str(row) for row in METRICS] + notes)


def all_met():
    return all(row.is_met for row in METRICS)
