"""Our client into nodemailer's smtp-server, from npm: each TLS, each way to sign in that both know, LMTP."""

import base64
import json
import pathlib
import subprocess

from apart import npm
from peer import Authority, check, program, run, same, tried

MESSAGE = (b"From: a@client.test\r\nTo: b@example.test\r\nSubject: to Node\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n"
           b"Message-ID: <1@client.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
           b"Content-Transfer-Encoding: 8bit\r\n\r\n.\r\n..dots\r\n" + "äöü 世界\r\n".encode())


class Server:
    def __init__(self, bench, **options):
        (bench.folder / "m.eml").write_bytes(MESSAGE)
        modules = npm(bench, bench.cache, "smtp-server")
        self.bench = bench
        self.process = bench.start(program("node", "nodejs"), pathlib.Path(__file__).parent / "smtpserver.js",
                                   json.dumps(options), stdout=subprocess.PIPE,
                                   env={**bench.environment, "NODE_PATH": str(modules)})
        self.port = self.said()["port"]

    def said(self):
        line = self.process.stdout.readline()
        check(line, "the server ended")
        return json.loads(line)

    def send(self, scheme="smtp", user="", to=("b@example.test",), options=(), **more):
        recipients = [word for one in to for word in ("--to", one)]
        return self.bench.glasspost("send", "--from", "a@client.test", "--message", "m.eml", *recipients, "--via",
                                    f"{scheme}://{user}127.0.0.1:{self.port}", *options, **more)


def tls(bench):
    authority = Authority(bench, "127.0.0.1")
    return authority, {"key": str(authority.key), "cert": str(authority.certificate), "ca": str(authority.ca)}


@tried("smtp-server (npm)", "out", "8BITMIME", "SMTPUTF8", "SIZE", "one recipient refused, one delivered", "to the byte")
def test_message_to_the_byte(bench):
    server = Server(bench, authOptional=True, disabledCommands=["AUTH", "STARTTLS"], size=100000)
    said = server.send(to=("jürgen@example.test", "no@example.test"), code=69).stdout
    check(b"no@example.test: refused, 550" in said, said.decode())
    got = server.said()
    same((got["to"], base64.b64decode(got["octets"])), (["jürgen@example.test"], MESSAGE))
    same(got["arguments"], {"BODY": "8BITMIME", "SMTPUTF8": True, "SIZE": str(len(MESSAGE))})


@tried("smtp-server (npm)", "out", "STARTTLS", "implicit TLS", "own authority", "fingerprint", "certificate that cannot be verified",
       "PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "wrong password", "T75 a password for a server that nobody vouches for")
def test_sign_in(bench):
    """T75: a password goes to no server that nobody vouches for."""
    authority, files = tls(bench)
    secret, wrong = {"GLASSPOST_PASSWORD": "secret"}, {"GLASSPOST_PASSWORD": "wrong"}
    methods = ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"]
    for scheme in ("smtp", "smtps"):
        server = Server(bench, **files, secure=scheme == "smtps", authMethods=methods)
        for method in methods[:3]:
            server.send(scheme, "bob@", options=("--ca", authority.ca, "--auth", method), env=secret)
            got = server.said()
            same((got["user"], got["secure"], base64.b64decode(got["octets"])), ("bob", True, MESSAGE))
        server.send(scheme, "bob@", options=("--ca", authority.ca, "--auth", method), env=wrong, code=77)
        server.send(scheme, "bob@", options=("--ca", authority.ca), env={"GLASSPOST_TOKEN": "token"})
        same(server.said()["user"], "bob")
        said = server.send(scheme, "bob@", options=("--ca", authority.ca), env={"GLASSPOST_TOKEN": "stale"}, code=77)
        check(b"AUTH XOAUTH2" in said.stdout and b"stale" not in said.stdout, said.stdout.decode())
        for doubt in ((), ("--verify",), ("--tls", "required")):  # nobody signed for that certificate
            said = server.send(scheme, "bob@", options=doubt, env=secret, code=77).stdout
            check(b"AUTH" not in said.split(b"STARTTLS", 2)[-1] and b"the password was not sent" in said, said.decode())
        if scheme == "smtp":  # smtps:// asks for a certificate that fits, whatever else is said
            server.send(scheme, "bob@", options=("--auth-in-clear",), env=secret)  # this machine is trusted with it
            same(server.said()["user"], "bob")
        digest = bench.run("openssl", "x509", "-in", authority.certificate, "-noout", "-fingerprint", "-sha256")
        fingerprint = digest.stdout.decode().strip().split("=")[1]
        server.send(scheme, "bob@", options=("--fingerprint", fingerprint), env=secret)
        same(server.said()["user"], "bob")
        server.send(scheme, "bob@", options=("--fingerprint", "00" * 32), env=secret, code=77)


@tried("smtp-server (npm)", "out", "LMTP over TCP", "a reply for each recipient")
def test_lmtp(bench):
    server = Server(bench, lmtp=True, authOptional=True, disabledCommands=["AUTH", "STARTTLS"])
    said = server.send("lmtp", to=("b@example.test", "full@example.test"), code=75).stdout
    check(b"b@example.test: delivered" in said and b"full@example.test: deferred, 452" in said, said.decode())
    got = server.said()
    same((got["hello"], base64.b64decode(got["octets"])), ("LHLO", MESSAGE))


@tried("smtp-server (npm)", "out", "PROXY version 1", "XCLIENT")
def test_announced_client(bench):
    server = Server(bench, useProxy=True, authOptional=True, disabledCommands=["AUTH", "STARTTLS"])
    server.send(options=("--proxy", "v1,192.0.2.7,4711"))
    same(base64.b64decode(server.said()["octets"]), MESSAGE)
    server = Server(bench, useXClient=True, authOptional=True, disabledCommands=["AUTH", "STARTTLS"])
    server.send(options=("--xclient", "ADDR=192.0.2.7", "--xclient", "NAME=other.example"))
    same(base64.b64decode(server.said()["octets"]), MESSAGE)


if __name__ == "__main__":
    run(globals())
