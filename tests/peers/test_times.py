"""T48: the times of a journey are those that a recorder between the two ends saw."""

import datetime
import pathlib
import statistics
import time

from household import Household, smarthost
from peer import WAIT, check, run, same, wait_for
from recorder import Recorder
from scripted import Scripted
from test_journey import journey, whole_bars

ROUNDS = 5
# Seconds that the server takes over each answer: all differ, so that no bar is right by being another one's.
PACES = {b"EHLO": 0.045, b"MAIL": 0.035, b"RCPT": 0.025, b"DATA": 0.055, b".": 0.065, b"QUIT": 0.03}
LONG = b"Subject: times\r\nMessage-ID: <%d@here.test>\r\n\r\n" + b"A line of forty octets, with its ends..\r\n" * 5000


def paced(line, session):
    time.sleep(PACES[line[:4].upper() if line != b"." else line])
    return None


def tolerance(bench):
    """Milliseconds. A build with sanitizers takes several times as long over what it does itself."""
    libraries = [bench.program, *pathlib.Path(bench.program).parent.glob("*.so")]
    return 10 if any(b"libasan" in pathlib.Path(one).read_bytes() for one in libraries) else 2


def seen(recorded):
    """Stage by stage what passed by: (name, begin, end) in milliseconds since the greeting was handed on. A stage begins
    with its command, or with the end of the one before where that came later: with PIPELINING the command was there."""
    replies = recorded.replies
    began = replies[0][1].handed_on
    commands = [(line, piece.arrived) for line, piece in recorded.lines(recorded.said)
                if line[:4].upper() in PACES and len(line) < 100 or line == b"."]
    stages, before = [], began
    for (line, said), (_, answer) in zip(commands, replies[1:]):
        name = {b"EHLO": "hello", b"DATA": "data", b".": "end-of-data"}.get(line[:4].upper(), line[:4].decode().lower())
        if line == b".":
            stages.append(("body", before, said))
            before = said
        stages.append((name, max(before, said), answer.handed_on))
        before = answer.handed_on
    return [(name, (begin - began) * 1000, (end - began) * 1000) for name, begin, end in stages]


def told(trace):
    (greeting,) = [one["to"] for one in trace["stages"] if one["stage"] == "greeting"]
    return [(one["stage"], one["from"] - greeting, one["to"] - greeting) for one in trace["stages"]
            if one["stage"] not in ("lookup", "connect", "greeting", "between")]


def moment(text):
    return datetime.datetime.fromisoformat(text).timestamp() * 1000


def one_session(here, recorder, number):
    """Sends a message; its trace, that session's facts, and what was recorded."""
    here.submit("one@far.test", "two@far.test", message=LONG % number)
    here.wait_empty()
    recorded = recorder.connections[number]
    check(recorded.ended.wait(WAIT), "the end of the session")
    (record,) = [file for file in (here.data / "queue" / "done").glob("*.json") if f'"{number}@here.test"' in file.read_text()]

    def ended():
        found = journey(here, record.stem)
        (trace,) = found["traces"]
        facts = [one for one in found["sessions"] if one["session"] == trace["session"]]
        return (trace, facts[0]) if facts and trace["stages"][-1]["stage"] == "quit" else None

    return *wait_for(ended, "the session's record"), recorded


def test_bars_are_what_passed_by(bench):
    """Each bar's begin and end, and the whole, in the middle of several sessions: what one of them waited for a processor
    says nothing."""
    recorder = Recorder(bench, Scripted(bench, paced).port)
    here = Household(bench, smarthost(recorder.port), sections="[limits]\nmessages-per-connection = 1\n")
    limit = tolerance(bench)
    begins, ends, wholes = {}, {}, []
    for number in range(ROUNDS):
        trace, facts, recorded = one_session(here, recorder, number)
        whole_bars(trace)
        bars, passed = told(trace), seen(recorded)
        same([bar[0] for bar in bars], [bar[0] for bar in passed])
        same([bar[0] for bar in bars], ["hello", "mail", "rcpt", "rcpt", "data", "body", "end-of-data", "quit"])
        for place, (bar, passing) in enumerate(zip(bars, passed)):
            begins.setdefault((place, bar[0]), []).append(bar[1] - passing[1])
            ends.setdefault((place, bar[0]), []).append(bar[2] - passing[2])
        total = sum(one["to"] - one["from"] for one in trace["stages"])
        check(abs(total - trace["stages"][-1]["to"]) < 0.01, "the sum of the bars is the session", total)
        (connect,) = [one["from"] for one in trace["stages"] if one["stage"] == "connect"]
        wholes.append(total - connect - (moment(facts["ended"]) - moment(facts["started"])))
    for what, found in (("begins", begins), ("ends", ends)):
        for (_, stage), off in found.items():
            middle = statistics.median(off)
            print(f"      {stage} {what} {middle:+.2f} ms off", flush=True)
            check(abs(middle) <= limit, stage, what, "off by", [round(one, 2) for one in off], "ms")
    check(abs(statistics.median(wholes)) <= limit + 1, "sum of the bars and the session's facts", wholes)  # those in whole ms


if __name__ == "__main__":
    run(globals())
