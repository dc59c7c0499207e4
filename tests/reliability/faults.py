"""F31: each call by which a message becomes durable fails in turn, or is the last before a kill or a power cut."""

import contextlib
import errno
import os
import shutil
import time

from faultlayer import CALLS, FAIL, FOREVER, INDEX, KILL, PROMISE, SESSIONS, FaultLayer, PowerCut
from ledger import Ledger, index_difference, settle
from listener import Listener, route_to
from peer import check, wait_for
from traffic import Session, Sink

ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EDQUOT": errno.EDQUOT, "EROFS": errno.EROFS}
QUIET = 1.6  # seconds in which a delivery has come to its end, checkpoint and all
SOON = 0.15  # seconds in which most calls of a delivery have been made


def try_faults(bench, findings, folder, calls=CALLS[1:], most=FOREVER):
    """One delivery after another, with one call failing in each: first of its kind, second, and so on until a whole
    delivery has fewer. Whatever fails, a 250 is kept and anything else is 451 or 452; then all goes on as before."""
    data = folder / "faults"
    sink = Sink()
    route_to(data, sink.port)
    layer = FaultLayer(bench, data)
    ledger = Ledger()
    listener = Listener(bench, data, environment=layer.environment)
    Session(listener.port).send(ledger, ledger.begin())
    for name, error in ERRORS.items():
        for call in calls:
            place = 0
            while place < most and one_fault(listener, layer, ledger, findings, call, place, error):
                findings[f"{name} injected in {call}"] += 1
                findings["faults injected"] += 1
                place += 1
    layer.disarm()
    wait_for(lambda: takes_again(listener, ledger), "the listener to take mail again")
    listener.stop()
    listener = Listener(bench, data)
    wait_for(lambda: ledger.remote <= set(sink.received), "the queue to deliver what it promised")
    wait_for(lambda: index_difference(data) == 0, "the index to agree with the files")
    listener.stop()
    settle(ledger, data, findings, sink.received)
    sink.end()


def one_fault(listener, layer, ledger, findings, call, place, error):
    """One delivery, here and through the queue in turn; whether the fault came."""
    layer.arm(FAIL, call, place, error)
    number = ledger.begin()
    session = Session(listener.port)
    reply = session.send(ledger, number, is_remote=number % 2 == 0)
    session.close()
    check(reply[:3] in (b"250", b"451", b"452"), "reply", reply, "when", call, place, "failed with", error)
    if error == errno.ENOSPC and layer.fired and reply[:3] == b"451":
        findings["full disk told as 451"] += 1
    end = time.monotonic() + QUIET
    wait_for(lambda: layer.fired or time.monotonic() > end, "the fault")
    fired = layer.fired
    layer.disarm()
    return fired


def takes_again(listener, ledger):
    session = Session(listener.port)
    with contextlib.closing(session):
        return session.send(ledger, ledger.begin()).startswith(b"250")


def fill_up(bench, findings, folder, times):
    """The same as a full disk, without one: from some call on every one that needs room fails, until there is room."""
    data = folder / "full"
    layer = FaultLayer(bench, data)
    ledger = Ledger()
    route_to(data, 1)
    listener = Listener(bench, data, environment=layer.environment)
    for turn in range(times):
        layer.arm(FAIL, "write" if turn % 2 else "any", turn, errno.ENOSPC, FOREVER, PROMISE | INDEX | SESSIONS)
        session = Session(listener.port)
        replies = [session.send(ledger, ledger.begin())[:3] for _ in range(turn + 4)]
        check(replies[-1] in (b"451", b"452"), "a full disk was answered with", replies[-1])
        session.close()
        findings["full disks"] += 1
        layer.disarm()
        wait_for(lambda: takes_again(listener, ledger), "the listener to take mail again")
    listener.stop()
    settle(ledger, data, findings)


class CutStory:
    """Power cuts at one call after another, each on a copy of the same folder."""

    def __init__(self, bench, findings, folder):
        self.bench = bench
        self.findings = findings
        self.folder = folder
        self.turn = 0

    def cut_at(self, call, place, disk):
        """One life that ends at that call; what is left starts again. Whether it came to that call at all."""
        self.turn += 1
        data = self.folder / f"cut-{self.turn}"
        route_to(data, 1)
        ledger = Ledger()
        layer = FaultLayer(self.bench, data, shadow=True)
        listener = Listener(self.bench, data, environment=layer.environment)
        self._send(listener, ledger, 3)
        layer.arm(KILL, call, place)
        self._send(listener, ledger, 5)
        end = time.monotonic() + (QUIET if place < 3 else SOON)
        wait_for(lambda: listener.process.poll() is not None or time.monotonic() > end, "the power cut")
        came = listener.process.poll() is not None
        listener.kill()  # at the latest now
        left = self.folder / f"left-{self.turn}"
        PowerCut(layer, disk).rebuild(left)
        again = Listener(self.bench, left)
        wait_for(lambda: index_difference(left) == 0, "the index to agree with the files")
        again.stop()
        settle(ledger, left, self.findings, {})
        self.findings["power cuts"] += 1
        self.findings[f"power cuts, {disk} disk"] += 1
        for path in (data, left, layer.shadow):
            shutil.rmtree(path)
        os.unlink(layer.environment["GLASSPOST_LAYER_CONTROL"])
        return came

    def _send(self, listener, ledger, count):
        with contextlib.suppress(OSError):
            session = Session(listener.port)
            for _ in range(count):
                number = ledger.begin()
                session.send(ledger, number, is_remote=number % 3 == 0)
            session.close()


def cut_power(bench, findings, folder, calls=("write", "fdatasync", "rename", "syncfs", "unlink", "open"), step=1):
    story = CutStory(bench, findings, folder)
    for call in calls:
        place = 0
        while story.cut_at(call, place, PowerCut.DISKS[story.turn % 3]):
            place += step
