"""A clock that jumps a year ahead or a day back, or a machine that slept: the queue bounces nothing and goes on trying."""

from fakeclock import FakeClock
from ledger import Ledger, queued, settle
from listener import Listener, route_to
from peer import free_port, queue_recipients, wait_for
from traffic import Session, Sink

# Where the monotonic clock stands still in sleep, a sleep is a jump ahead.
JUMPS = {"C67 F33 a year ahead": "+365d", "C67 F33 a day back": "-1d", "C67 F33 asleep for eight hours": "+8h"}


def jump(bench, findings, folder):
    """C67 F33: each jump in turn."""
    for turn, (words, offset) in enumerate(JUMPS.items()):
        data = folder / f"clock-{turn}"
        clock = FakeClock(bench, f"clock-{turn}.offset")
        route_to(data, free_port())
        ledger = Ledger()
        listener = Listener(bench, data, environment=clock.environment)
        session = Session(listener.port)
        for _ in range(5):
            session.send(ledger, ledger.begin(), is_remote=True)
        wait_for(lambda: _fewest_attempts(data) > 0, "a first attempt of each")
        tried = _fewest_attempts(data)
        clock.set(offset)
        session.send(ledger, ledger.begin(), is_remote=True)
        session.send(ledger, ledger.begin())
        session.close()
        wait_for(lambda: _fewest_attempts(data) > tried, f"attempts after: {words}")
        wait_for(lambda: queued(data) == ledger.remote, f"the whole queue to be there after: {words}")
        listener.stop()
        sink = Sink()
        route_to(data, sink.port)
        again = Listener(bench, data)
        wait_for(lambda: ledger.remote <= set(sink.received), f"delivery after: {words}")
        again.stop()
        settle(ledger, data, findings, sink.received)
        findings["clock jumps"] += 1
        sink.end()


def _fewest_attempts(data):
    return min((one["attempts"] for state in (data / "queue").glob("*.json") for one in queue_recipients(state)), default=0)
