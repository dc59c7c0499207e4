"""Our client into Postfix's smtp-sink, in its many moods."""

import re

from peer import accepts, check, free_port, program, run, same, tried, wait_for


def sink(bench, *options):
    port = free_port()
    (bench.folder / "sunk").mkdir(exist_ok=True)
    bench.start(program("smtp-sink", "postfix"), "-u", "root", "-R", bench.folder, "-d", "sunk/m.", *options,
                f"127.0.0.1:{port}", 100)
    wait_for(lambda: accepts(port), "smtp-sink")
    for probe in (bench.folder / "sunk").glob("*"):
        probe.unlink()
    return port


def send(bench, port, *options, code=0):
    return bench.glasspost("send", "--from", "a@client.test", "--to", "b@example.test", "--subject", "To the sink",
                           "--via", f"smtp://127.0.0.1:{port}", *options, code=code)


def sunk(bench):
    return [file.read_bytes() for file in (bench.folder / "sunk").glob("*") if b"\n\n" in file.read_bytes()]


@tried("smtp-sink (Postfix)", "out", "PIPELINING", "8BITMIME")
def test_plain(bench):
    send(bench, sink(bench))
    (message,) = sunk(bench)
    check(b"Subject: To the sink" in message and b"X-Rcpt-Args: <b@example.test>" in message, message)


@tried("smtp-sink (Postfix)", "out", "without ESMTP, PIPELINING, 8BITMIME")
def test_without_esmtp_pipelining_eightbit(bench):
    for mood in ("-e", "-p", "-8", "-E", "-N", "-a"):
        send(bench, sink(bench, mood))


@tried("smtp-sink (Postfix)", "out", "5xx at each command")
def test_hard_refusals(bench):
    for command in ("CONNECT", "MAIL", "RCPT", "DATA", "."):
        said = send(bench, sink(bench, "-f", command), code=69).stdout
        check(b"b@example.test: refused" in said, command, said.decode())


@tried("smtp-sink (Postfix)", "out", "4xx at each command")
def test_soft_refusals(bench):
    for command in ("CONNECT", "MAIL", "RCPT", "DATA", "."):
        said = send(bench, sink(bench, "-r", command), code=75).stdout
        check(b"b@example.test: deferred" in said, command, said.decode())


@tried("smtp-sink (Postfix)", "out", "connection lost at each command")
def test_disconnects(bench):
    for command in ("EHLO", "MAIL", "RCPT", "DATA"):
        send(bench, sink(bench, "-q", command, "-p"), code=75)
    said = send(bench, sink(bench, "-q", ".", "-p"), code=75).stdout
    check(b"duplicate" in said, said.decode())


@tried("smtp-sink (Postfix)", "out", "421 at each command")
def test_421(bench):
    for command in ("MAIL", "RCPT", "DATA", "."):
        send(bench, sink(bench, "-Q", command, "-p"), code=75)


@tried("smtp-sink (Postfix)", "out", "many recipients")
def test_many_recipients(bench):
    port = sink(bench)
    to = [word for n in range(150) for word in ("--to", f"user{n}@example.test")]
    bench.glasspost("send", "--from", "a@client.test", *to, "--via", f"smtp://127.0.0.1:{port}")
    rows = re.findall(rb"^X-Rcpt-Args: <(user\d+@example.test)>", b"".join(sunk(bench)), re.M)
    same(len(set(rows)), 150, "recipients")
    same(len(rows), 150, "each once")


def test_nobody_listens(bench):
    said = send(bench, free_port(), code=75).stdout
    check(b"deferred" in said, said.decode())


if __name__ == "__main__":
    run(globals())
