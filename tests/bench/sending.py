"""How fast the queue empties itself into smtp-sink, against Postfix's; and a large message out."""

import json
import os
import shutil
import time

import contestants
from glasspost import Glasspost, memory, with_settings
from peer import program, queue_recipients, wait_for
from receiving import blast
from report import Row, median

RELAY = "smtp unix - - n - - smtp\nrelay unix - - n - - smtp\n"
LOOK = 0.1  # seconds between two looks at a queue: counting its files takes time from who empties it
WAITING = 0  # RecipientState of mail/queue/queuevalues.h
SMARTHOST = "[route]\nkind = smarthost\nhost = 127.0.0.1\nport = {port}\ntls = none\n"


def postfix_queue(bench, sink, messages):
    """Messages a second from the flush to an empty queue."""
    port, folder = contestants.postfix(
        bench, f"relay-{time.monotonic_ns()}", f"relayhost = [127.0.0.1]:{sink.port}\ndefer_transports = smtp\n"
        "smtpd_relay_restrictions = permit_mynetworks reject\nlmtp_tls_security_level = none\n", RELAY)
    blast_remote(bench, port, messages)
    active = folder / "queue" / "active"
    deferred = folder / "queue" / "deferred"
    incoming = folder / "queue" / "incoming"

    def left():
        return sum(len(files) for part in (active, deferred, incoming) for _, _, files in os.walk(part))

    wait_for(lambda: left() == messages and not any(active.iterdir()), "Postfix to defer all", 120)
    etc = folder / "etc"
    main = (etc / "main.cf").read_text().replace("defer_transports = smtp\n", "")
    (etc / "main.cf").write_text(main)
    bench.run(program("postfix", "postfix"), "-c", etc, "reload")
    began = time.monotonic()
    bench.run(program("postqueue", "postfix"), "-c", etc, "-f")
    wait_for(lambda: left() == 0, "Postfix's queue to empty", 300, LOOK)
    took = time.monotonic() - began
    bench.run(program("postfix", "postfix"), "-c", etc, "stop", code=None)
    return messages / took


def blast_remote(bench, port, messages, size=1024):
    bench.run(program("smtp-source", "postfix"), "-d", "-s", 16, "-m", messages, "-l", size, "-f", "a@client.test",
              "-t", "someone@remote.test", f"127.0.0.1:{port}", timeout=300)


class Queued:
    """A data folder with so many messages in its queue, none tried yet: one real entry, taken so often."""

    def __init__(self, bench, sink, messages):
        self.data = bench.folder / f"queue-{time.monotonic_ns()}"
        with_settings(self.data, SMARTHOST.format(port=1) + "\n[retry]\nwait = 1h\n")
        ours = Glasspost(bench, self.data, "--policy", "mailboxes")
        blast_remote(bench, ours.port, 1)
        state = wait_for(lambda: next((self.data / "queue").glob("*.json"), None), "the queue entry")
        wait_for(lambda: any(one.get("lastReport") for one in queue_recipients(state)), "a first attempt")
        ours.stop()
        message = state.with_suffix(".msg")
        entry = json.loads(state.read_text())
        for recipient in entry["recipients"]:
            recipient.update(state=WAITING, attempts=0, nextAttemptAt=0)
        for number in range(1, messages):
            name = f"q{number:08}"
            shutil.copy(message, self.data / "queue" / f"{name}.msg")
            (self.data / "queue" / f"{name}.json").write_text(json.dumps({**entry, "id": name}))
        state.write_text(json.dumps(entry))
        with_settings(self.data, SMARTHOST.format(port=sink.port))
        os.sync()  # what waits there is durable, as Postfix's is

    def left(self):
        return sum(name.endswith(".msg") for name in os.listdir(self.data / "queue"))


def our_queue(bench, sink, messages):
    queued = Queued(bench, sink, messages)
    began = time.monotonic()
    ours = Glasspost(bench, queued.data, "--policy", "mailboxes")
    wait_for(lambda: queued.left() == 0, "our queue to empty", 300, LOOK)
    took = time.monotonic() - began
    ours.stop()
    return messages / took


def rates(bench, rounds, messages):
    sink = contestants.sink(bench)
    ours, postfix = [], []
    for _ in range(rounds):
        ours.append(our_queue(bench, sink, messages))
        postfix.append(postfix_queue(bench, sink, messages // 4))
    Row(f"sending {messages} queued messages, a second", median(ours), "Postfix", median(postfix), 5)


def large(bench, megabytes):
    """A large message through the queue: out, against smtp-source into the same sink."""
    sink = contestants.sink(bench)
    size = megabytes * 1024 * 1024
    data = bench.folder / "large-out"
    with_settings(data, SMARTHOST.format(port=sink.port))
    ours = Glasspost(bench, data, "--policy", "mailboxes", "--max-size", size * 2)
    blast_remote(bench, ours.port, 10)
    wait_for(lambda: not any((data / "queue").glob("*.msg")), "the first messages to leave")
    before = memory(ours.process)
    took = []
    for _ in range(3):
        blast_remote(bench, ours.port, 1, size)
        began = time.monotonic()
        wait_for(lambda: not any((data / "queue").glob("*.msg")), "the large message to leave")
        took.append(time.monotonic() - began)
    peer = [1 / blast(bench, sink.port, 1, "kept", size) for _ in range(3)]
    grown = memory(ours.process, "VmHWM") - before
    ours.stop()
    Row(f"{megabytes} MB out", megabytes / median(took), "smtp-source", megabytes / median(peer), 0.5, unit=" MB/s")
    Row(f"{megabytes} MB in and out, memory grown", grown, "limit", 32, 1, less_is_better=True, unit=" MB")
