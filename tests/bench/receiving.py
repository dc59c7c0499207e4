"""How fast mail comes in: rates against the peers, what is searchable when, latency, growth, large and idle."""

import os
import socket
import time

import contestants
from glasspost import Glasspost, indexed, memory
from peer import check, program, wait_for
from report import Note, Row, median

OPTIONS = {"kept": ("-d", "-s", 32), "single": ("-s", 8)}


def blast(bench, port, messages, way, size=1024):
    """Messages a second as smtp-source sees it: from the first connection to the last 250."""
    began = time.monotonic()
    bench.run(program("smtp-source", "postfix"), *OPTIONS[way], "-m", messages, "-l", size, "-f", "a@client.test",
              "-t", contestants.RECIPIENT, f"127.0.0.1:{port}", timeout=300)
    return messages / (time.monotonic() - began)


def runs_with(field, way):
    return [one for one in field if one.messages[way] is not None]


def rates(bench, cache, rounds, share):
    """T72: every contestant in turn, round after round; the median of each one's rounds."""
    ours = Glasspost(bench, bench.folder / "ours")
    field = [contestants.Contestant("Glasspost", ours.port, 20000, 10000, "its defaults", lambda: indexed(ours.data)),
             contestants.sink(bench), contestants.postfix_maildir(bench), contestants.aiosmtpd(bench),
             contestants.opensmtpd(bench, cache), contestants.exim(bench, cache), contestants.maildev(bench, cache),
             contestants.haraka(bench, cache)]
    found = {}
    waits = []
    for way in ("kept", "single"):
        for _ in range(rounds):
            for one in runs_with(field, way):
                messages = max(32, int(one.messages[way] * share))
                found.setdefault((one.name, way), []).append(blast(bench, one.port, messages, way))
                one.sent += messages
                began = time.monotonic()
                one.settle()
                if one.name == "Glasspost":
                    waits.append(time.monotonic() - began)
    ours.stop()
    words = {"kept": "messages a second, connections kept", "single": "messages a second, a connection each"}
    targets = {("Postfix", "kept"): 8, ("smtp-sink", "kept"): 0.4, ("Postfix", "single"): 5}
    for way in words:
        mine = median(found["Glasspost", way])
        for one in runs_with(field, way)[1:]:
            Row(words[way], mine, one.name, median(found[one.name, way]), targets.get((one.name, way)))
    for one in field:
        check(one.settings, f"T72 {one.name}: a rate without the settings it was measured with")
        Note(one.name, one.settings)
    Row("searchable after the last 250, worst", max(waits), "limit", 5, 1, less_is_better=True, unit=" s")


def latency(bench, messages):
    """From the dot to the 250 in one session, against one fsync of as much appended to a file, in turn."""
    ours = Glasspost(bench, bench.folder / "latency")
    said = socket.create_connection(("127.0.0.1", ours.port))
    said.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    lines = said.makefile("rb")

    def command(octets, replies=1):
        said.sendall(octets)
        for _ in range(replies):
            line = lines.readline()
            check(line[:1] in b"23", line)

    lines.readline()
    command(b"HELO client.test\r\n")
    body = b"Subject: latency\r\n\r\n" + b"A line of forty octets, with its ends..\r\n" * 25
    ours_took, fsync_took = [], []
    with open(bench.folder / "appended", "wb", buffering=0) as file:
        for _ in range(messages):
            command(b"MAIL FROM:<a@client.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n", 3)
            said.sendall(body)
            began = time.monotonic()
            command(b".\r\n")
            ours_took.append(time.monotonic() - began)
            file.write(body)
            began = time.monotonic()
            os.fsync(file.fileno())
            fsync_took.append(time.monotonic() - began)
    said.close()
    ours.stop()
    Row("one session, dot to 250", median(ours_took) * 1000, "one fsync", median(fsync_took) * 1000, 1.5,
        less_is_better=True, unit=" ms")


def large(bench, megabytes):
    """One large message in: time against smtp-sink, and memory."""
    size = megabytes * 1024 * 1024
    ours = Glasspost(bench, bench.folder / "large", "--max-size", size * 2)
    sink = contestants.sink(bench)
    blast(bench, ours.port, 10, "kept")
    before = memory(ours.process)
    took = {name: [1 / blast(bench, port, 1, "kept", size) for _ in range(3)]
            for name, port in (("ours", ours.port), ("sink", sink.port))}
    grown = memory(ours.process, "VmHWM") - before
    ours.stop()
    Row(f"{megabytes} MB in", megabytes / median(took["ours"]), "smtp-sink", megabytes / median(took["sink"]), 0.5,
        unit=" MB/s")
    Row(f"{megabytes} MB in, memory grown", grown, "limit", 32, 1, less_is_better=True, unit=" MB")


def idle(bench, connections):
    ours = Glasspost(bench, bench.folder / "idle")
    blast(bench, ours.port, 500, "kept")
    wait_for(lambda: indexed(ours.data) == 500, "the index")
    before = memory(ours.process)
    held = [socket.create_connection(("127.0.0.1", ours.port)) for _ in range(connections)]
    for one in held:
        one.sendall(b"EHLO client.test\r\n")
    greeted = [one.recv(4) == b"220 " for one in held]
    check(all(greeted), "greetings:", sum(greeted))
    grown = memory(ours.process) - before
    for one in held:
        one.close()
    ours.stop()
    Row(f"{connections} idle connections", grown, "limit", 64, 1, less_is_better=True, unit=" MB")
