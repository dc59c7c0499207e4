"""swaks into the listener."""

from peer import check, program, run, same, tried, without_trace


def swaks(bench, listener, *options, code=0):
    return bench.run(program("swaks", "swaks"), "--server", "127.0.0.1", "--port", listener.port, "--helo",
                     "client.test", "--from", "sender@client.test", "--to", "one@example.test", *options, code=code)


@tried("swaks", "in", "attachment")
def test_message_with_attachment(bench):
    listener = bench.listen()
    (bench.folder / "data.bin").write_bytes(bytes(range(256)) * 40)
    swaks(bench, listener, "--header", "Subject: with attachment", "--attach", "@data.bin")
    stored = listener.event("stored")
    same((stored["from"], stored["to"]), ("sender@client.test", ["one@example.test"]))
    check(b"Subject: with attachment" in listener.wait_files(1)[0].read_bytes(), "the subject")


@tried("swaks", "in", "STARTTLS")
def test_starttls(bench):
    listener = bench.listen("--tls", "optional")
    said = swaks(bench, listener, "--tls").stdout
    check(b"TLS started" in said, said.decode(errors="replace"))
    check(b"ESMTPS" in listener.wait_files(1)[0].read_bytes(), "Received says ESMTPS")


@tried("swaks", "in", "recipient refused")
def test_unknown_user_is_refused(bench):
    listener = bench.listen("--policy", "mailboxes", "--domain", "example.test", "--user", "two")
    said = swaks(bench, listener, code=24).stdout  # 24: no recipient was accepted
    check(b"550 5.1.1" in said, said.decode(errors="replace"))
    swaks(bench, listener, "--to", "two@example.test")
    listener.wait_files(1, "two")


@tried("swaks", "in", "PLAIN", "LOGIN", "wrong password")
def test_sign_in(bench):
    (bench.folder / "users").write_text("bob:secret\n")
    listener = bench.listen("--auth-file", bench.folder / "users", "--tls", "optional")
    for mechanism in ("PLAIN", "LOGIN"):
        swaks(bench, listener, "--tls", "--auth", mechanism, "--auth-user", "bob", "--auth-password", "secret")
        listener.event("stored")
    swaks(bench, listener, "--tls", "--auth", "PLAIN", "--auth-user", "bob", "--auth-password", "wrong", code=28)
    for day in (listener.data / "sessions").rglob("*"):
        if day.is_file():
            check(b"secret" not in day.read_bytes() and b"AGJvYgBzZWNyZXQ" not in day.read_bytes(),
                  "a password stands in", day)


@tried("swaks", "in", "dots and long lines, to the byte")
def test_dots_and_long_lines(bench):
    listener = bench.listen()
    body = "Subject: dots\r\n\r\n.\r\n..\r\n.leading\r\n" + "x" * 990 + "\r\nend\r\n"
    (bench.folder / "dots").write_bytes(body.encode())
    swaks(bench, listener, "--data", "@dots")
    same(without_trace(listener.wait_files(1)[0].read_bytes()).rstrip(b"\n"), body.replace("\r\n", "\n").rstrip("\n").encode())


if __name__ == "__main__":
    run(globals())
