"""msmtp into the listener."""

from peer import Authority, check, program, run, same, tried, without_trace

MESSAGE = ("Date: Mon, 23 Nov 2026 10:00:00 +0000\nMessage-ID: <1@client.test>\nFrom: a@client.test\nTo: b@example.test\n"
           "Subject: from msmtp\n\n.\n..\nGrüße\n").encode()


def msmtp(bench, listener, *options, code=0, message=MESSAGE, to="b@example.test", password="secret"):
    return bench.run(program("msmtp", "msmtp"), "--host=127.0.0.1", f"--port={listener.port}", "--from=a@client.test",
                     "--domain=client.test", "--passwordeval=echo " + password, *options, to, code=code, input=message)


@tried("msmtp", "in", "8-bit", "to the byte")
def test_to_the_byte(bench):
    listener = bench.listen()
    msmtp(bench, listener)
    same(listener.event("stored")["to"], ["b@example.test"])
    same(without_trace(listener.wait_files(1)[0].read_bytes()), MESSAGE)


@tried("msmtp", "in", "STARTTLS", "own authority", "PLAIN", "LOGIN", "SCRAM-SHA-256", "wrong password")
def test_sign_in(bench):
    (bench.folder / "users").write_text("bob:secret\n")
    authority = Authority(bench, "127.0.0.1")
    listener = bench.listen("--auth-file", bench.folder / "users", "--tls-cert", authority.certificate, "--tls-key",
                            authority.key)
    options = ("--tls=on", f"--tls-trust-file={authority.ca}", "--user=bob")
    for method in ("plain", "login", "scram-sha-256"):
        msmtp(bench, listener, *options, f"--auth={method}")
        listener.event("stored")
    refused = msmtp(bench, listener, *options, "--auth=plain", password="wrong", code=77)
    check(b"535" in refused.stderr, refused.stderr.decode())


if __name__ == "__main__":
    run(globals())
