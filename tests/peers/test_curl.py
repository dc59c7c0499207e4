"""curl into the listener."""

import pathlib
import shlex

from peer import Authority, check, program, run, same, tried, without_trace

MESSAGE = b"From: a@client.test\r\nTo: b@example.test\r\nSubject: from curl\r\n\r\n.\r\n..\r\nbody\r\n"


def curl(bench, listener, *options, scheme="smtp", code=0):
    (bench.folder / "m.eml").write_bytes(MESSAGE)
    return bench.run(program("curl", "curl"), "-sS", f"{scheme}://127.0.0.1:{listener.port}/client.test", "--mail-from",
                     "a@client.test", "--mail-rcpt", "b@example.test", "--upload-file", "m.eml", *options, code=code)


@tried("curl", "in", "several recipients", "SMTPUTF8", "to the byte")
def test_to_the_byte(bench):
    listener = bench.listen()
    curl(bench, listener, "--mail-rcpt", "jürgen@example.test")
    same(listener.event("stored")["to"], ["b@example.test", "jürgen@example.test"])
    same(without_trace(listener.wait_files(1)[0].read_bytes()), MESSAGE.replace(b"\r\n", b"\n"))


def test_as_the_readme_says(bench):
    """The first command that a newcomer is told to type is answered with 250."""
    readme = pathlib.Path(__file__).resolve().parents[2] / "README.md"
    (line,) = [line for line in readme.read_text().splitlines() if line.startswith("       curl ")]
    listener = bench.listen()
    command = shlex.split(line.replace("127.0.0.1:2525", f"127.0.0.1:{listener.port}"))
    bench.run(program("curl", "curl"), "-sS", *command[1:-1], readme)
    same(listener.event("stored")["to"], ["you@example.org"])


@tried("curl", "in", "STARTTLS", "own authority", "PLAIN", "LOGIN", "wrong password")
def test_sign_in(bench):
    (bench.folder / "users").write_text("bob:secret\n")
    authority = Authority(bench, "127.0.0.1")
    listener = bench.listen("--auth-file", bench.folder / "users", "--tls-cert", authority.certificate, "--tls-key",
                            authority.key)
    for method in ("PLAIN", "LOGIN"):
        curl(bench, listener, "--ssl-reqd", "--cacert", authority.ca, "--user", "bob:secret", "--login-options",
             f"AUTH={method}")
        listener.event("stored")
    refused = curl(bench, listener, "--ssl-reqd", "--cacert", authority.ca, "--user", "bob:wrong", code=67)
    check(b"535" in refused.stderr or b"denied" in refused.stderr, refused.stderr.decode())


if __name__ == "__main__":
    run(globals())
