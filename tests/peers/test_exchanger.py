"""Exchanger look-up against dnsmasq on a free loopback port, delivery to smtp-sinks behind it."""

import contextlib
import socket
import struct
import threading

from peer import accepts, check, free_port, program, run, wait_for

NAMESERVER = "127.0.0.1"
FIRST, SECOND, DEAD = "127.0.5.11", "127.0.5.12", "127.0.5.13"


def answers(port):
    """Whether the nameserver is there: it is asked for ready.test."""
    question = b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\5ready\4test\0" + struct.pack(">HH", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.2)
        try:
            sock.sendto(question, (NAMESERVER, port))
            return sock.recv(512)[:2] == b"\x12\x34"
        except OSError:
            return False


def nameserver(bench, *records):
    """Starts dnsmasq with these records; --nameserver's value."""
    port = free_port()
    bench.start(program("dnsmasq", "dnsmasq-base"), "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv",
                "--no-hosts", "--user=", "--group=", "--pid-file=", f"--listen-address={NAMESERVER}",
                "--bind-interfaces", f"--port={port}", "--local=/test/", f"--host-record=ready.test,{FIRST}",
                f"--host-record=mx1.test,{FIRST}", f"--host-record=mx2.test,{SECOND}",
                f"--host-record=dead.test,{DEAD}", *records)
    wait_for(lambda: answers(port), "dnsmasq")
    return f"{NAMESERVER}:{port}"


def sinks(bench):
    """One smtp-sink at each exchanger's address, all on one port."""
    port = free_port()
    for address in (FIRST, SECOND):
        bench.start(program("smtp-sink", "postfix"), "-u", "root", "-h", f"sink-{address}", f"{address}:{port}", 100)
    for address in (FIRST, SECOND):
        wait_for(lambda: accepts(port, address), "smtp-sink")
    return port


def send(bench, server, domain, port, code=0):
    return bench.glasspost("send", "--from", "a@client.test", "--to", f"b@{domain}", "--direct", "--nameserver",
                           server, "--port", port, code=code).stdout.decode()


def test_preference(bench):
    server = nameserver(bench, "--mx-host=pref.test,mx2.test,20", "--mx-host=pref.test,mx1.test,10")
    port = sinks(bench)
    said = send(bench, server, "pref.test", port)
    check(f"220 sink-{FIRST}" in said and f"sink-{SECOND}" not in said, said)


def test_dead_exchanger_is_passed_over(bench):
    server = nameserver(bench, "--mx-host=half.test,dead.test,10", "--mx-host=half.test,mx2.test,20")
    said = send(bench, server, "half.test", sinks(bench))
    check(f"220 sink-{SECOND}" in said, said)


def test_no_mx_uses_the_address(bench):
    server = nameserver(bench, f"--host-record=plain.test,{FIRST}")
    check(f"220 sink-{FIRST}" in send(bench, server, "plain.test", sinks(bench)), "RFC 5321 5.1: implicit MX")


def test_cname(bench):
    server = nameserver(bench, "--cname=alias.test,real.test", f"--host-record=real.test,{SECOND}")
    check(f"220 sink-{SECOND}" in send(bench, server, "alias.test", sinks(bench)), "the alias is followed")


def test_no_such_domain(bench):
    server = nameserver(bench)
    said = send(bench, server, "nowhere.test", free_port(), code=68)
    check("5.1.2" in said, said)


def test_exchanger_without_address(bench):
    server = nameserver(bench, "--mx-host=empty.test,gone.test,10")
    said = send(bench, server, "empty.test", free_port(), code=None)
    check("b@empty.test: deferred" in said or "b@empty.test: refused" in said, said)


def test_all_exchangers_dead(bench):
    server = nameserver(bench, "--mx-host=dead2.test,dead.test,10")
    said = send(bench, server, "dead2.test", free_port(), code=75)
    check("b@dead2.test: deferred" in said, said)


def test_null_mx(bench):
    """RFC 7505. dnsmasq cannot say it, so a nameserver of ten lines does."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((NAMESERVER, 0))
    server = f"{NAMESERVER}:{sock.getsockname()[1]}"
    bench.endings.append(sock.close)

    def answer_all():
        while True:
            query, peer = sock.recvfrom(512)
            end = query.index(b"\0", 12) + 5
            is_mx = query[end - 4:end - 2] == b"\0\x0f"
            answer = b"\xc0\x0c\0\x0f\0\1\0\0\0\x3c\0\3\0\0\0" if is_mx else b""
            sock.sendto(query[:2] + b"\x85\x80\0\1" + (b"\0\1" if is_mx else b"\0\0") + b"\0\0\0\0" +
                        query[12:end] + answer, peer)

    def serve():
        with contextlib.suppress(OSError):  # closed at the end
            answer_all()

    threading.Thread(target=serve, daemon=True).start()
    said = send(bench, server, "nomail.test", free_port(), code=68)
    check("5.1.10" in said or "556" in said, said)


def test_several_domains_in_one_message(bench):
    server = nameserver(bench, "--mx-host=one.test,mx1.test,10", "--mx-host=two.test,mx2.test,10")
    port = sinks(bench)
    said = bench.glasspost("send", "--from", "a@client.test", "--to", "b@one.test", "--to", "c@two.test", "--to",
                           "d@nowhere.test", "--direct", "--nameserver", server, "--port", port,
                           code=68).stdout.decode()
    for word in ("b@one.test: delivered", "c@two.test: delivered", "d@nowhere.test: refused"):
        check(word in said, said)


def test_smarthost_by_that_nameserver(bench):
    server = nameserver(bench)
    said = bench.glasspost("send", "--from", "a@client.test", "--to", "b@any.test", "--via",
                           f"smtp://mx2.test:{sinks(bench)}", "--nameserver", server).stdout.decode()
    check(f"220 sink-{SECOND}" in said and f"mx2.test has {SECOND}" in said, said)


def test_two_addresses_raced(bench):
    server = nameserver(bench, "--mx-host=two.test,both.test,10", f"--host-record=both.test,{DEAD}",
                        f"--host-record=both.test,{FIRST}")
    said = send(bench, server, "two.test", sinks(bench))
    check(f"220 sink-{FIRST}" in said, said)


def test_nameserver_dead(bench):
    said = send(bench, f"{NAMESERVER}:{free_port()}", "any.test", free_port(), code=75)
    check("4.4.3" in said, said)


if __name__ == "__main__":
    run(globals())
