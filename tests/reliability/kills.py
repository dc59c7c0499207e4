"""SIGKILL at random moments: while messages come in, while they are indexed, while the queue delivers, when a checkpoint
begins, in the middle of a replay, and while a small disk fills up."""

import contextlib
import random
import shutil
import subprocess
import time

from ledger import Ledger, check_tmp, index_difference, settle
from listener import Listener, route_to
from peer import wait_for
from traffic import Senders, Sink

SENDERS = 8
CONNECTIONS = 20  # of the queue to one destination, at most: so many deliveries may be under way at a kill
ROUNDS_A_FOLDER = 20  # a fresh data folder now and then keeps the checks short

dice = random.Random()


def pause(seconds):
    """A random moment; the only waiting for time itself, since the moment is what is tried."""
    end = time.monotonic() + dice.uniform(0, seconds)
    wait_for(lambda: time.monotonic() > end, "the moment")


class Story:
    """One data folder, its ledger, and a listener that is killed again and again."""

    def __init__(self, bench, findings, data, remote_every):
        self.bench = bench
        self.findings = findings
        self.data = data
        self.ledger = Ledger()
        self.sink = Sink()
        self.in_flight = 0
        self.senders = Senders(self.ledger, SENDERS, remote_every)
        route_to(data, self.sink.port)

    def receive(self, seconds):
        """Starts the listener, lets it receive until a random moment."""
        listener = Listener(self.bench, self.data)
        before = self.ledger.acknowledged()
        self.senders.start(listener.port)
        wait_for(lambda: self.ledger.acknowledged() > before, "a first 250")
        pause(seconds)
        return listener

    def kill(self, listener, how):
        listener.kill()
        self.senders.join()
        lacking = index_difference(self.data)
        self.findings["index repairs: messages"] += max(lacking, 0)
        self.findings["index repairs: whole"] += lacking < 0
        self.findings["kills " + how] += 1
        self.findings["kills"] += 1
        self.in_flight += CONNECTIONS

    def while_receiving(self):
        self.kill(self.receive(1.0), "while receiving and delivering")

    def while_indexing(self):
        listener = self.receive(0.5)
        self.senders.stop()
        pause(0.3)
        self.kill(listener, "while indexing")

    def at_checkpoint(self):
        listener = self.receive(0.2)
        segments = self.data / "journal"
        wait_for(lambda: len(list(segments.glob("*.wal"))) > 1, "a checkpoint")
        self.kill(listener, "in a checkpoint")

    def in_replay(self):
        self.while_receiving()
        for _ in range(3):
            listener = Listener(self.bench, self.data, ready=False)
            pause(0.12)
            self.kill(listener, "at start and in a replay")

    def finish(self):
        """A last start; all is there, the index agrees, the queue empties itself."""
        listener = Listener(self.bench, self.data)
        check_tmp(self.data, listener.started, self.findings)
        wait_for(lambda: self.ledger.remote <= set(self.sink.received), "the queue to deliver what it promised", 120)
        wait_for(lambda: index_difference(self.data) == 0, "the index to agree with the files", 60)
        listener.stop()
        settle(self.ledger, self.data, self.findings, self.sink.received)
        twice = sum(times - 1 for times in self.sink.received.values())
        self.findings["sent twice by the queue after a kill"] += twice
        self.findings["sent twice without a cause"] += max(0, twice - self.in_flight)
        self.sink.end()


def kill_often(bench, findings, kills, data):
    """So many kills, of all kinds in turn."""
    kinds = [Story.while_receiving, Story.at_checkpoint, Story.while_receiving, Story.while_indexing, Story.in_replay]
    end = findings["kills"] + kills
    turn = 0
    while findings["kills"] < end:
        folder = data / f"story-{turn}"
        story = Story(bench, findings, folder, remote_every=4)
        for _ in range(ROUNDS_A_FOLDER):
            if findings["kills"] < end:
                kinds[turn % len(kinds)](story)
                turn += 1
        story.finish()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def small_disk(bench, megabytes):
    """A real file system of that size, in a file of its own."""
    image = bench.folder / "disk.img"
    folder = bench.folder / "disk"
    folder.mkdir()
    with open(image, "wb") as file:
        file.truncate(megabytes * 1024 * 1024)
    bench.run("mkfs.ext4", "-q", "-m", "0", "-N", "16384", image)
    bench.run("mount", "-o", "loop", image, folder)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def fill_disk(bench, findings, kills, folder):
    """The disk is full again and again: what has its 250 stays, the rest gets 452 or 451, and room helps at once."""
    story = Story(bench, findings, folder / "data", remote_every=0)
    ballast = folder / "ballast"
    for _ in range(kills):
        ballast.write_bytes(b"")
        listener = Listener(bench, story.data)
        left = max(0, shutil.disk_usage(folder).free - 3 * 1024 * 1024)
        with open(ballast, "wb") as file, contextlib.suppress(OSError):
            for _ in range(left // 65536):
                file.write(bytes(65536))
        refused = sum(story.ledger.refused.values())
        story.senders.start(listener.port)
        wait_for(lambda: sum(story.ledger.refused.values()) > refused, "the full disk to be told")
        pause(0.5)
        story.kill(listener, "while the disk is full")
        findings["full disks"] += 1
    ballast.unlink()
    story.finish()
