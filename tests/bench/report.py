"""Figures, their medians, and the table in which ours stand beside the peers'."""

import statistics

METRICS = []


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

    @property
    def ratio(self):
        return self.ours / self.peer if self.peer else 0

    @property
    def is_met(self):
        if self.target is None:
            return True
        return self.ratio <= self.target if self.less_is_better else self.ratio >= self.target


def figure(number, unit):
    if abs(number) >= 100 or number == int(number):
        return f"{number:,.0f}{unit}"
    return f"{number:.2g}{unit}" if abs(number) < 10 else f"{number:.1f}{unit}"


def median(figures):
    return statistics.median(figures)


def table():
    """The whole as Markdown."""
    lines = ["| | ours | peer | | ratio | target | |", "| --- | ---: | --- | ---: | ---: | ---: | --- |"]
    for row in METRICS:
        sign = "at most" if row.less_is_better else "at least"
        target = "" if row.target is None else f"{sign} {row.target:g}"
        met = "" if row.target is None else ("met" if row.is_met else "**not met**")
        lines.append(f"| {row.what} | {figure(row.ours, row.unit)} | {row.peer_name} | {figure(row.peer, row.unit)} | "
                     f"{row.ratio:.2f} | {target} | {met} |")
    return "\n".join(lines)


def all_met():
    return all(row.is_met for row in METRICS)
