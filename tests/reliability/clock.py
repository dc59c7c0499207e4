"""A clock that jumps a year ahead or a day back: the queue bounces nothing and goes on trying."""

import pathlib

from ledger import Ledger, queued, settle
from listener import Listener, route_to
from peer import free_port, program, wait_for
from traffic import Session, Sink

JUMPS = {"a year ahead": "+365d", "a day back": "-1d"}


def jump(bench, findings, folder):
    program("faketime", "faketime")
    library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    for turn, (words, offset) in enumerate(JUMPS.items()):
        data = folder / f"clock-{turn}"
        clock = bench.folder / f"faketime-{turn}"
        clock.write_text("+0\n")
        nowhere = free_port()
        route_to(data, nowhere)
        ledger = Ledger()
        listener = Listener(bench, data, environment={
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"})
        session = Session(listener.port)
        for _ in range(5):
            session.send(ledger, ledger.begin(), is_remote=True)
        wait_for(lambda: '"attempts":1' in _states(data), "a first attempt")
        clock.write_text(offset + "\n")
        session.send(ledger, ledger.begin(), is_remote=True)
        session.send(ledger, ledger.begin())
        session.close()
        wait_for(lambda: queued(data) == ledger.remote, f"the whole queue to be there after the clock jumped {words}")
        listener.stop()
        sink = Sink()
        route_to(data, sink.port)
        again = Listener(bench, data)
        wait_for(lambda: ledger.remote <= set(sink.received), f"delivery after the clock jumped {words}")
        again.stop()
        settle(ledger, data, findings, sink.received)
        findings["clock jumps"] += 1
        sink.end()


def _states(data):
    return "".join(file.read_text() for file in (data / "queue").glob("*.json")).replace(" ", "")
