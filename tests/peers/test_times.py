"""T48: the times of a journey are those that a recorder between the two ends saw."""

import datetime
import itertools
import pathlib
import statistics
import time

from household import Household, signed_in, smarthost
from peer import WAIT, Authority, check, run, same, wait_for
from recorder import Recorder
from scripted import Scripted
from test_journey import journey, whole_bars

ROUNDS = 5
# Seconds that the server takes over each answer: all differ, so that no bar is right by being another one's.
PACES = {b"EHLO": 0.045, b"MAIL": 0.035, b"RCPT": 0.025, b"DATA": 0.055, b".": 0.065, b"QUIT": 0.03, b"STAR": 0.05, b"AUTH": 0.04}
GREETING, HANDSHAKE = 0.075, 0.06
# Each a command and its reply, without PIPELINING and over TLS 1.3, in which nothing is said but that: the turns that two
# directions take can be counted though nobody reads them.
SECURE = ("hello", "starttls", "handshake", "hello", "auth", "mail", "rcpt", "rcpt", "data", "end-of-data", "quit")
LONG = b"Subject: times\r\nMessage-ID: <%d@here.test>\r\n\r\n" + b"A line of forty octets, with its ends..\r\n" * 5000


def paced(line, session):
    time.sleep(PACES[line[:4].upper() if line != b"." else line])
    return None


class SlowTls:
    """Of a server that thinks before it answers a client's first octets of TLS."""

    def __init__(self, context):
        context.num_tickets = 0  # they would come unasked
        self.context = context

    def wrap_socket(self, connection, server_side):
        time.sleep(HANDSHAKE)
        return self.context.wrap_socket(connection, server_side=server_side)


class Slow(Scripted):
    """That takes its time over the greeting, too."""

    def talk(self, session, lines, out, greeting=None):
        time.sleep(GREETING if greeting else 0)
        return super().talk(session, lines, out, greeting)


def paced_sign_in(line, session):
    paced(line, session)
    if line.startswith(b"EHLO"):
        return b"250-mx.test\r\n250 AUTH PLAIN" if session.is_secure else b"250-mx.test\r\n250 STARTTLS"
    return {b"STAR": b"220 go on", b"AUTH": b"235 2.7.0 welcome"}.get(line[:4])


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


def turns(recorded):
    """What one direction said until the other one did: lists of pieces, beginning with the server's greeting."""
    pieces = sorted([(piece.arrived, False, piece) for piece in recorded.said]
                    + [(piece.arrived, True, piece) for piece in recorded.answered], key=lambda one: one[0])
    return [[piece for _, _, piece in turn] for _, turn in itertools.groupby(pieces, key=lambda one: one[1])]


def seen_secure(recorded):
    """The same as seen() of a session of which nobody can read much, with the connection and the greeting before it."""
    greeting, *rest = turns(recorded)
    began = greeting[-1].handed_on
    stages = [("connect", recorded.accepted, recorded.accepted), ("greeting", recorded.accepted, began)]
    before = began
    for number, name in enumerate(SECURE):
        said, answered = rest[2 * number], rest[2 * number + 1]
        if name == "end-of-data":
            stages.append(("body", before, said[-1].arrived))
            before = said[-1].arrived
        # The handshake ends with the client's own last octets of it, once it has looked at the certificate.
        end = rest[2 * number + 2][0].arrived if name == "handshake" else answered[-1].handed_on
        stages.append((name, max(before, said[0].arrived), end))
        before = end
    return [(name, (begin - began) * 1000, (end - began) * 1000) for name, begin, end in stages]


def told(trace, but=("lookup", "connect", "greeting", "between")):
    (greeting,) = [one["to"] for one in trace["stages"] if one["stage"] == "greeting"]
    return [(one["stage"], one["from"] - greeting, one["to"] - greeting) for one in trace["stages"] if one["stage"] not in but]


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


class Compared:
    """Of several sessions, how far each bar's begin and end are from what passed by, and their sum from the session. What one of
    them waited for a processor says nothing: the middle of all counts."""

    def __init__(self, limit):
        self.limit = limit
        self.off = {"begins": {}, "ends": {}}
        self.wholes = []

    def add(self, bars, passed, trace, facts):
        whole_bars(trace)
        same([bar[0] for bar in bars], [bar[0] for bar in passed])
        for place, (bar, passing) in enumerate(zip(bars, passed)):
            self.off["begins"].setdefault((place, bar[0]), []).append(bar[1] - passing[1])
            self.off["ends"].setdefault((place, bar[0]), []).append(bar[2] - passing[2])
        total = sum(one["to"] - one["from"] for one in trace["stages"])
        check(abs(total - trace["stages"][-1]["to"]) < 0.01, "the sum of the bars is the session", total)
        (connect,) = [one["from"] for one in trace["stages"] if one["stage"] == "connect"]
        self.wholes.append(total - connect - (moment(facts["ended"]) - moment(facts["started"])))

    def check(self):
        for what, found in self.off.items():
            for (_, stage), off in found.items():
                middle = statistics.median(off)
                print(f"      {stage} {what} {middle:+.2f} ms off", flush=True)
                check(abs(middle) <= self.limit, stage, what, "off by", [round(one, 2) for one in off], "ms")
        check(abs(statistics.median(self.wholes)) <= self.limit + 1, "sum of the bars and the session's facts", self.wholes)  # whole ms


ONE_EACH = "[limits]\nmessages-per-connection = 1\n"


def test_bars_are_what_passed_by(bench):
    """Each bar's begin and end, and the whole."""
    recorder = Recorder(bench, Scripted(bench, paced).port)
    here = Household(bench, smarthost(recorder.port), sections=ONE_EACH)
    compared = Compared(tolerance(bench))
    for number in range(ROUNDS):
        trace, facts, recorded = one_session(here, recorder, number)
        bars = told(trace)
        same([bar[0] for bar in bars], ["hello", "mail", "rcpt", "rcpt", "data", "body", "end-of-data", "quit"])
        compared.add(bars, seen(recorded), trace, facts)
    compared.check()


def test_secure_bars_are_what_passed_by(bench):
    """The connection, the greeting, STARTTLS, the handshake and the sign-in too, where all but the first is ciphertext."""
    authority = Authority(bench, "127.0.0.1")
    server = Slow(bench, paced_sign_in, tls=SlowTls(authority.context()))
    recorder = Recorder(bench, server.port)
    here = Household(bench, signed_in(recorder.port, authority), sections=ONE_EACH,
                     environment={"GLASSPOST_PASSWORD": "secret"})
    compared = Compared(tolerance(bench))
    for number in range(ROUNDS):
        trace, facts, recorded = one_session(here, recorder, number)
        same((trace["mechanism"], trace["user"], trace["tls"]["verified"]), ("PLAIN", "alice", True))
        bars, passed = told(trace, but=("lookup", "between")), seen_secure(recorded)
        same(set(name for name, _, _ in passed), {"connect", "greeting", "body", *SECURE})
        compared.add(bars, passed, trace, facts)
        longest = {name: end - begin for name, begin, end in bars}
        for name, pace in (("greeting", GREETING), ("handshake", HANDSHAKE), ("auth", PACES[b"AUTH"]),
                           ("starttls", PACES[b"STAR"])):
            check(longest[name] >= pace * 1000 - 1, name, "took the server", pace, "s, and by its bar", longest[name], "ms")
    check(all(session.is_secure and session.said(b"AUTH PLAIN") for session in server.sessions), "all signed in over TLS")
    compared.check()


if __name__ == "__main__":
    run(globals())
