"""What the record of each journey costs: mail handed in and sent on by this Glasspost and by one of a revision that kept none,
in turn. README.md says how that is built."""

import contextlib
import json
import time

import contestants
from glasspost import Glasspost, with_settings
from peer import check, wait_for
from report import Note, Row, median
from sending import LOOK, SMARTHOST, Queued, blast_remote

@contextlib.contextmanager
def run_by(bench, program):
    ours, bench.program = bench.program, program
    try:
        yield
    finally:
        bench.program = ours


def handed_in(bench, messages):
    """Messages a second into a queue that sends nothing."""
    data = bench.folder / f"handed-in-{time.monotonic_ns()}"
    with_settings(data, SMARTHOST.format(port=1) + "\n[retry]\nwait = 1h\n")
    ours = Glasspost(bench, data, "--policy", "mailboxes")
    began = time.monotonic()
    blast_remote(bench, ours.port, messages)
    took = time.monotonic() - began
    ours.stop()
    return data, messages / took


def sent_on(bench, sink, messages):
    queued = Queued(bench, sink, messages)
    began = time.monotonic()
    ours = Glasspost(bench, queued.data, "--policy", "mailboxes")
    wait_for(lambda: queued.left() == 0, "the queue to empty", 300, LOOK)
    took = time.monotonic() - began
    ours.stop()
    return queued.data, messages / took


def recorded(data):
    """Of a data folder: how many journeys have a record, and its octets; None where there is no record at all."""
    files = list((data / "journeys").glob("*.jsonl"))
    ids = {json.loads(line)["journey"] for file in files for line in file.read_bytes().splitlines() if b'"journey"' in line[:12]}
    return (len(ids), sum(file.stat().st_size for file in files)) if files else None


def cost(bench, before, rounds, messages):
    if not before:
        Note("the record's cost", "not measured: --before PROGRAM names a Glasspost without it")
        return
    sink = contestants.sink(bench)
    ways = {"handed in": handed_in, "sent on": lambda bench, messages: sent_on(bench, sink, messages)}
    found = {(what, program): [] for what in ways for program in (bench.program, before)}
    octets = {what: [] for what in ways}
    for _ in range(rounds):
        for what, way in ways.items():
            for program in (bench.program, before):
                with run_by(bench, program):
                    data, rate = way(bench, messages)
                found[what, program].append(rate)
                kept = recorded(data)
                check((kept is not None) == (program == bench.program), program, "records", kept)
                if kept:
                    check(kept[0] == messages, kept[0], "journeys of", messages, "messages")
                    octets[what].append(kept[1] / messages)
    for what in ways:
        Row(f"{messages} messages {what}, a second, with their record", median(found[what, bench.program]), "without",
            median(found[what, before]), 0.95)
        Row(f"octets of the record of a message {what}", median(octets[what]), "none", 0, None, less_is_better=True)
