"""What the HTTP interface costs the listener: the same mail into two, one of which ten clients ask again and again
whether anything is new, in turn.

polling.py PORT: the ten clients, a process of their own. They go on until its input ends; then it writes how many questions
were answered, and the slowest answer in milliseconds."""

import http.client
import json
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))

from glasspost import Glasspost, indexed  # noqa: E402
from peer import WAIT, check, wait_for  # noqa: E402
from receiving import blast  # noqa: E402
from report import Row, median  # noqa: E402

POLLERS = 10
PAUSE = 0.1  # seconds from an answer to the next question of the same client, as test suites have it
NEEDED = 1000  # messages a second


class Pollers:
    """Beside the mail that comes in."""

    def __init__(self, bench, port):
        self.process = bench.start(sys.executable, __file__, port, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        check(self.process.stdout.readline() == b"asking\n", "the pollers")

    def end(self):
        """Questions answered, and the slowest answer in milliseconds."""
        told, _ = self.process.communicate(timeout=WAIT)
        check(self.process.returncode == 0, "a question was not answered")
        return json.loads(told)


class Client(threading.Thread):
    """Asks for the newest messages, as a client of Mailpit's API does."""

    def __init__(self, port, is_over):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
        self.is_over = is_over
        self.took = []  # milliseconds of each answer
        self.has_ended = False  # and every answer was right

    def run(self):
        while not self.is_over.is_set():
            began = time.monotonic()
            self.connection.request("GET", "/api/v1/messages?limit=50")
            answer = self.connection.getresponse()
            octets = answer.read()
            check(answer.status == 200 and b'"messages"' in octets, answer.status, octets)
            self.took.append((time.monotonic() - began) * 1000)
            self.is_over.wait(PAUSE)
        self.has_ended = True


def rate(bench, rounds, messages):
    """The port for HTTP is open in one of them all the time, and asked while mail comes in."""
    ways = {"without": Glasspost(bench, bench.folder / "polled-without"),
            "with": Glasspost(bench, bench.folder / "polled-with", "--http", "127.0.0.1:0")}
    found, answers, slowest, sent = {name: [] for name in ways}, 0, 0, 0
    for _ in range(rounds):
        sent += messages
        for name, ours in ways.items():
            pollers = Pollers(bench, ours.http_port) if name == "with" else None
            found[name].append(blast(bench, ours.port, messages, "kept"))
            if pollers:
                answered, took = pollers.end()
                answers += answered
                slowest = max(slowest, took)
            wait_for(lambda data=ours.data: indexed(data) == sent, "the index", 120)
    for ours in ways.values():
        ours.stop()
    check(answers >= rounds * POLLERS, answers, "answers to", POLLERS, "clients")
    Row(f"messages a second, {POLLERS} clients polling over HTTP", median(found["with"]), "without", median(found["without"]),
        0.9)
    Row("the same", median(found["with"]), "limit", NEEDED, 1)
    Row("slowest answer to them", slowest, "limit", 1000, None, less_is_better=True, unit=" ms")


def main():
    is_over = threading.Event()
    clients = [Client(int(sys.argv[1]), is_over) for _ in range(POLLERS)]
    for client in clients:
        client.start()
    print("asking", flush=True)
    sys.stdin.read()
    is_over.set()
    for client in clients:
        client.join(WAIT)
    check(all(client.has_ended for client in clients), "a question was not answered")
    took = [one for client in clients for one in client.took]
    print(json.dumps([len(took), max(took)]))


if __name__ == "__main__":
    main()
