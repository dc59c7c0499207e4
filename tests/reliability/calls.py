"""One delivery after another under strace, which kills the listener at one system call in turn, or lets that call fail:
every one that a delivery makes, also those that no preloaded library sees."""

import contextlib
import pathlib
import subprocess
import time

from ledger import Ledger, settle
from listener import Listener, route_to
from peer import program, wait_for
from traffic import Session

# What a delivery does to files and to the peer, as strace on x86-64 and arm64 names it.
CALLS = ("openat", "write", "pwrite64", "fdatasync", "fsync", "syncfs", "/^rename", "/^link", "/^unlink", "ftruncate",
         "close", "sendto", "read", "/^mkdir")
FILES = CALLS[:10]
QUIET = 1.4  # seconds after which a delivery and its checkpoint are over


def traced(bench, data, inject):
    """A listener, and strace attached to all of its threads before it sees a message."""
    listener = Listener(bench, data)
    bench.start(program("strace", "strace"), "-f", "-p", listener.process.pid, "-o", "/dev/null", "-e",
                f"trace={inject.split(':')[0]}", "-e", f"inject={inject}", stderr=subprocess.DEVNULL)
    wait_for(lambda: _is_traced(listener), "strace")
    return listener


def _is_traced(listener):
    """Every thread of it."""
    tasks = pathlib.Path(f"/proc/{listener.process.pid}/task").glob("*/status")
    return all("TracerPid:\t0\n" not in status.read_text() for status in tasks)


def deliver(listener, ledger):
    """One message, taken or not."""
    with contextlib.suppress(OSError):
        session = Session(listener.port)
        session.send(ledger, ledger.begin())
        session.close()


def kill_at_each_call(bench, findings, folder, most, names=CALLS):
    """Kills at the first, second, ... call of each name, until a whole delivery passes without being killed."""
    data = folder / "calls"
    route_to(data, 1)
    ledger = Ledger()
    for name in names:
        for place in range(1, most + 1):
            listener = traced(bench, data, f"{name}:signal=KILL:when={place}")
            deliver(listener, ledger)
            end = time.monotonic() + QUIET
            wait_for(lambda: listener.process.poll() is not None or time.monotonic() > end, "the kill")
            killed = listener.process.poll() is not None
            listener.kill()
            findings["kills"] += 1
            if not killed:
                break
            findings["kills at a system call"] += 1
    finish(bench, findings, data, ledger)


def fail_at_each_call(bench, findings, folder, most, names=FILES):
    """The same calls return ENOSPC and EIO, once each."""
    data = folder / "failing"
    route_to(data, 1)
    ledger = Ledger()
    for name in names:
        for error in ("ENOSPC", "EIO"):
            for place in range(1, most + 1):
                listener = traced(bench, data, f"{name}:error={error}:when={place}")
                deliver(listener, ledger)
                findings[f"{error} injected by strace"] += 1
                findings["faults injected"] += 1
                listener.kill()
    finish(bench, findings, data, ledger)


def finish(bench, findings, data, ledger):
    listener = Listener(bench, data)
    listener.stop()
    settle(ledger, data, findings)
