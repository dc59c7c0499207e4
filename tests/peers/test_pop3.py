"""Python's poplib, curl and mpop read captured mail from glasspost listen --pop3."""

import contextlib
import poplib
import smtplib
import socket
import ssl

from peer import Authority, check, delivered, message_to, program, run, same, tried, wait_for, without_trace

MESSAGE = message_to("POP3", lines=3)


def listen(bench, *options):
    listener = bench.listen("--pop3", "127.0.0.1:0", *options)
    return listener, listener.event("pop3")["port"]


def send(listener, *messages, user=None, to="bob@example.test"):
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        if user:
            client.login(user, "any")
        for message in messages:
            client.sendmail("a@client.test", [to], message.replace(b"\n", b"\r\n"))


def numbered(count):
    return [f"From: a@client.test\nSubject: number {number}\n\ntext\n".encode() for number in range(1, count + 1)]


@contextlib.contextmanager
def signed_in(port, user="bob", password="any"):
    client = poplib.POP3("127.0.0.1", port, timeout=60)
    try:
        client.user(user)
        client.pass_(password)
        yield client
    finally:
        client.close()


def subjects(client):
    tops = [client.top(number, 0)[1] for number in range(1, client.stat()[0] + 1)]
    return [line[9:].decode() for lines in tops for line in lines if line.startswith(b"Subject: ")]


@tried("Python poplib", "in", "USER and PASS", "LIST", "RETR to the byte", "TOP", "UIDL", "DELE", "RSET", "CAPA")
def test_poplib(bench):
    listener, port = listen(bench)
    send(listener, MESSAGE, *numbered(2))
    with signed_in(port) as client:
        same(client.stat()[0], 3)
        check({"TOP", "UIDL", "SASL", "USER", "PIPELINING"} <= set(client.capa()), client.capa())
        check("STLS" not in client.capa(), "STLS without a certificate that a client would take")
        sizes = [int(line.split()[1]) for line in client.list()[1]]
        got = [client.retr(number) for number in (1, 2, 3)]
        same([octets for _, _, octets in got], sizes, "what LIST says and what comes")
        same(without_trace(b"\n".join(got[0][1]) + b"\n"), MESSAGE)
        same(client.top(1, 2)[1], got[0][1][:got[0][1].index(b"") + 3])
        same(subjects(client), ["to POP3", "number 1", "number 2"])
        uids = [line.split()[1].decode() for line in client.uidl()[1]]
        client.dele(1)
        client.rset()
        client.dele(2)
        same(client.stat()[0], 2)
    listener.wait_files(3)  # it went without QUIT
    with signed_in(port) as client:
        same([line.split()[1].decode() for line in client.uidl()[1]], uids, "a message's UID stays")
        client.dele(2)
        client.quit()
    with signed_in(port) as client:
        same(subjects(client), ["to POP3", "number 2"])
    check(not any(file.name.startswith(uids[1]) for file in listener.files()), "the message's file is still there")
    listener.stop()


@tried("Python poplib", "in", "STLS with own authority", "wrong password")
def test_poplib_over_tls(bench):
    authority = Authority(bench, "127.0.0.1")
    (bench.folder / "users").write_text("bob:secret\n")
    listener, port = listen(bench, "--tls", "optional", "--tls-cert", authority.certificate, "--tls-key", authority.key,
                            "--auth-file", bench.folder / "users", "--clear-auth", "never")
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.sendmail("a@client.test", ["bob@example.test"], MESSAGE.replace(b"\n", b"\r\n"))
    context = ssl.create_default_context(cafile=authority.ca)
    client = poplib.POP3("127.0.0.1", port, timeout=60)
    try:
        client.user("bob")
        check(False, "a name in the clear was taken")
    except poplib.error_proto as error:
        check(b"[AUTH]" in error.args[0], error)
    client.stls(context)
    client.user("bob")
    try:
        client.pass_("wrong")
        check(False, "a wrong password was taken")
    except poplib.error_proto as error:
        check(b"[AUTH]" in error.args[0], error)
    client.user("bob")
    client.pass_("secret")
    same(without_trace(b"\n".join(client.retr(1)[1]) + b"\n"), MESSAGE)
    client.quit()


@tried("curl", "in", "POP3 with its choice of SASL, and PLAIN")
def test_curl(bench):
    listener, port = listen(bench)
    send(listener, MESSAGE)
    curl = program("curl", "curl")
    for options in ((), ("--login-options", "AUTH=PLAIN"), ("--login-options", "AUTH=LOGIN")):
        done = bench.run(curl, "-s", "-S", *options, f"pop3://bob:any@127.0.0.1:{port}/1")
        same(without_trace(done.stdout), MESSAGE, str(options))
    listed = bench.run(curl, "-s", "-S", "-l", f"pop3://bob:any@127.0.0.1:{port}/").stdout.split()
    same(listed[0], b"1")
    bench.run(curl, "-s", "-S", "-I", "-X", "DELE 1", f"pop3://bob:any@127.0.0.1:{port}/")
    wait_for(lambda: not listener.files(), "the message gone")


@tried("mpop", "in", "POP3 with pipelining", "only what is new")
def test_mpop(bench):
    listener, port = listen(bench)
    into = bench.folder / "fetched"
    for name in ("cur", "new", "tmp"):
        (into / name).mkdir(parents=True)
    words = (program("mpop", "mpop"), "--host=127.0.0.1", f"--port={port}", "--auth=user", "--user=bob",
             "--passwordeval=echo any", f"--delivery=maildir,{into}", "--tls=off", "--keep=on", "--pipelining=on",
             f"--uidls-file={bench.folder}/uidls", "--received-header=off")
    send(listener, MESSAGE)
    bench.run(*words)
    same(delivered(into), [MESSAGE])
    send(listener, *numbered(30))
    bench.run(*words)
    same(len(delivered(into, 31)), 31)
    same(len(listener.files()), 31)


def test_inboxes_apart(bench):
    """The user's name is the inbox's: each project reads its own mail, and nobody another's."""
    listener, port = listen(bench, "--file-by", "sign-in")
    (first, second, third) = numbered(3)
    send(listener, first, user="Shop")
    send(listener, second, user="news")
    send(listener, third)
    for user, expected in (("shop", ["number 1"]), ("Shop", ["number 1"]), ("news", ["number 2"]),
                           ("captured", ["number 3"]), ("nobody-yet", [])):
        with signed_in(port, user) as client:
            same(subjects(client), expected, user)


def test_large_message_and_a_client_that_does_not_read(bench):
    """A large message comes whole, while another client has asked for it and reads nothing."""
    listener, port = listen(bench)
    large = b"From: a@client.test\nSubject: large\n\n" + (b"0123456789" * 7 + b"\n") * 300_000
    send(listener, large)
    with signed_in(port) as lazy, signed_in(port) as client:
        lazy.sock.sendall(b"RETR 1\r\n" * 20)
        same(without_trace(b"\n".join(client.retr(1)[1]) + b"\n"), large)


def test_answers_to_octets_of_all_sorts(bench):
    """A client that pipelines, and closes its half, is answered to the end; one that is none gets -ERR and goes."""
    listener, port = listen(bench)
    send(listener, *numbered(2))
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        raw.sendall(b"USER bob\r\nPASS any\r\nRETR 1\r\nRETR 2\r\nDELE 1\r\nQUIT\r\n")
        raw.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: raw.recv(65536), b""))
    check(b"Subject: number 1" in said and b"Subject: number 2" in said and said.endswith(b"+OK Bye\r\n"), said[-200:])
    listener.wait_files(1)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        raw.sendall(b"HELO x\r\n\r\n" * 20)
        said = b"".join(iter(lambda: raw.recv(65536), b""))
    check(said.count(b"-ERR") == 20, said)


def test_request_of_a_web_page(bench):
    """A page of any site can make a browser send this; the commands in its body are not executed."""
    listener, port = listen(bench)
    send(listener, *numbered(1))
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 41\r\n\r\n"
                    b"USER bob\r\nPASS any\r\nDELE 1\r\nQUIT\r\n")
        said = b"".join(iter(lambda: raw.recv(65536), b""))
    same(said.split(b"\r\n")[1:], [b"-ERR This is POP3", b""])
    with signed_in(port) as client:
        same(subjects(client), ["number 1"])


def test_only_for_this_machine(bench):
    done = bench.glasspost("listen", "--data", bench.folder / "data", "--bind", "127.0.0.1:0", "--pop3", "0.0.0.0:0", code=64)
    check(b"this machine alone" in done.stderr, done.stderr)


def test_taken_port(bench):
    _, port = listen(bench)
    done = bench.glasspost("listen", "--data", bench.folder / "other", "--bind", "127.0.0.1:0", "--pop3",
                           f"127.0.0.1:{port}", code=69)
    check(str(port).encode() in done.stderr, done.stderr)


if __name__ == "__main__":
    run(globals())
