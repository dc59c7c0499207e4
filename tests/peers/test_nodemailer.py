"""nodemailer, from npm, into the listener."""

import json
import pathlib

from apart import npm
from peer import Authority, check, program, run, same, tried


def send(bench, listener, transport, message, code=0):
    done = bench.run(program("node", "nodejs"), pathlib.Path(__file__).parent / "nodemailer.js",
                     json.dumps({"host": "127.0.0.1", "port": listener.port, "name": "client.test", **transport}),
                     json.dumps({"from": "a@client.test", "to": "b@example.test", "subject": "from Node", **message}),
                     env={"NODE_PATH": str(npm(bench, bench.cache, "nodemailer"))}, code=code)
    return json.loads(done.stdout)


@tried("nodemailer (npm)", "in", "PIPELINING", "8BITMIME", "SMTPUTF8", "attachment")
def test_message(bench):
    listener = bench.listen()
    send(bench, listener, {},
         {"to": "jürgen@example.test", "text": "Grüße\n", "attachments": [{"filename": "a.txt", "content": "x" * 5000}]})
    same(listener.event("stored")["to"], ["jürgen@example.test"])
    octets = listener.wait_files(1)[0].read_bytes()
    check(b"Subject: from Node" in octets and b"a.txt" in octets, octets.decode())


@tried("nodemailer (npm)", "in", "STARTTLS", "PLAIN", "LOGIN", "wrong password")
def test_sign_in(bench):
    (bench.folder / "users").write_text("bob:secret\n")
    authority = Authority(bench, "127.0.0.1")
    listener = bench.listen("--auth-file", bench.folder / "users", "--tls-cert", authority.certificate, "--tls-key",
                            authority.key)
    trust = {"requireTLS": True, "tls": {"ca": [authority.ca.read_text()]}}
    for method in ("PLAIN", "LOGIN"):
        send(bench, listener, {**trust, "authMethod": method, "auth": {"user": "bob", "pass": "secret"}}, {"text": method})
        listener.event("stored")
    failed = send(bench, listener, {**trust, "auth": {"user": "bob", "pass": "wrong"}}, {"text": "x"}, code=1)
    same(failed["code"], "EAUTH")
    check(failed["reply"].startswith("535 5.7.8"), failed)


if __name__ == "__main__":
    run(globals())
