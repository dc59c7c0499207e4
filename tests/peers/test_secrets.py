"""No secret that a client or a server says is left anywhere: not in a file of the data folder, not in the folder for
temporary files, not in the arguments of a process, not in what it prints. And whoever works on hostile input obeys
SIGTERM."""

import base64
import contextlib
import hashlib
import hmac
import pathlib
import signal
import socket
import ssl
import threading
import time

from peer import check, run, same
from scripted import Scripted

USER = b"alice@example.test"
RIGHT = b"R1ght-0ne-p4ssw0rd"
SETTINGS = """[general]
host-name=mail.example.test
[listener]
auth-file={users}
bindings=1
[listener-limits]
error-delay=none
errors=1000
auth-failures=1000
[binding]
address=127.0.0.1
port=0
tls=opportunistic
"""


def b64(octets):
    return base64.b64encode(octets)


def plain(secret):
    return b64(b"\0" + USER + b"\0" + secret)


def forms(secret):
    """Everything that a file may hold of a secret. Of base64 what does not depend on what stands beside it."""
    wide = secret.decode().encode("utf-16-le")
    inner = {b64(bytes(shift) + octets)[4:-4] for shift in range(3) for octets in (secret, wide)}
    return {secret, secret.upper(), wide, secret.hex().encode(), secret[::-1]} | {one for one in inner if len(one) >= 8}


def keys(password, salt=b"salt-of-16-octet", rounds=4096):
    """A line of the file of users that does not hold the password (RFC 5803)."""
    salted = hashlib.pbkdf2_hmac("sha256", password, salt, rounds)
    client = hmac.digest(salted, b"Client Key", "sha256")
    server = hmac.digest(salted, b"Server Key", "sha256")
    return b"{SCRAM-SHA-256}%d,%s,%s,%s" % (rounds, b64(salt), b64(hashlib.sha256(client).digest()), b64(server))


# What a client may say, and how: the secret differs from way to way, so that what is found names its way.
WAYS = {
    "T87 an initial response": lambda s: [b"AUTH PLAIN " + plain(s)],
    "T87 in mixed case": lambda s: [b"aUtH pLaIn " + plain(s)],
    "T87 with tabs": lambda s: [b"AUTH\tPLAIN\t" + plain(s)],
    "T87 with blanks before": lambda s: [b"  AUTH PLAIN " + plain(s)],
    "T87 with an equals sign": lambda s: [b"AUTH=PLAIN " + plain(s)],
    "T87 with a colon": lambda s: [b"AUTH: PLAIN " + plain(s)],
    "T87 misspelt": lambda s: [b"AUHT PLAIN " + plain(s)],
    "T87 an unknown mechanism": lambda s: [b"AUTH X-OWN " + plain(s)],
    "T87 a known one that is not offered": lambda s: [b"AUTH DIGEST-MD5 " + plain(s)],
    "T87 no mechanism": lambda s: [b"AUTH " + b64(s)],
    "T87 LOGIN": lambda s: [b"AUTH LOGIN", b64(USER), b64(s)],
    "T87 LOGIN with the name": lambda s: [b"AUTH LOGIN " + b64(USER), b64(s)],
    "T87 LOGIN in clear lines": lambda s: [b"AUTH LOGIN", USER, s],
    "T87 LOGIN in UTF-16": lambda s: [b"AUTH LOGIN", b64(USER), b64(s.decode().encode("utf-16-le"))],
    "T87 refused, and said anyway": lambda s: [b"AUTH NTLM", b64(USER), b64(s)],
    "T87 refused, and said in clear": lambda s: [b"AUTH NTLM", USER, s],
    "T87 two steps": lambda s: [b"AUTH PLAIN", plain(s)],
    "T87 cancelled, and said": lambda s: [b"AUTH LOGIN", b"*", b64(s)],
    "T13 a step that is no base64": lambda s: [b"AUTH LOGIN", b"%%%", b64(s)],
    "T13 a name in clear, then the password": lambda s: [b"AUTH LOGIN", USER, b64(s)],
    "T13 SCRAM broken off": lambda s: [b"AUTH SCRAM-SHA-256 " + b64(b"n,,x"), plain(s)],
    "T87 signed in, and said again": lambda s: [b"AUTH PLAIN " + plain(RIGHT), b64(s), s],
    "T87 in a transaction": lambda s: [b"MAIL FROM:<a@client.test>", b"AUTH PLAIN " + plain(s), b64(s)],
    "T87 with a verb without arguments": lambda s: [b"AUTH X", b"DATA " + s, b"QUIT " + s],
    "T87 with a verb with any argument": lambda s: [b"AUTH X", b"NOOP " + s, b"HELP " + s, b"VRFY " + s],
    "T87 too long": lambda s: [b"AUTH PLAIN " + plain(s) + b"A" * 20000],
    "T87 a bare line feed": lambda s: [b"AUTH LOGIN\n" + b64(USER) + b"\n" + b64(s)],
    "T87 OAUTHBEARER": lambda s: [b"AUTH OAUTHBEARER " + b64(b"n,a=" + USER + b",\1auth=Bearer " + s + b"\1\1")],
    "T87 XOAUTH2": lambda s: [b"AUTH XOAUTH2 " + b64(b"user=" + USER + b"\1auth=Bearer " + s + b"\1\1")],
    "T87 XCLIENT": lambda s: [b"XCLIENT LOGIN=alice PASSWORD=" + s],
    "T87 POP3": lambda s: [b"USER alice", b"PASS " + s],
    "T87 IMAP": lambda s: [b"a1 LOGIN alice " + s],
    "T87 HTTP": lambda s: [b"Proxy-Authorization: Basic " + b64(USER + b":" + s)],
}
ENDINGS = (b"RSET", b"NOOP", b"QUIT")


def secret_of(name, variant):
    return b"Sx" + hashlib.sha256(f"{name}/{variant}".encode()).hexdigest()[:18].encode() + b"!q"


def talk(stream, octets, step):
    with contextlib.suppress(OSError):
        for at in range(0, len(octets), step):
            stream.sendall(octets[at:at + step])
        stream.settimeout(20)
        while stream.recv(65536):
            pass


def say(port, lines, step, greeting=True, tls=False):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        check(client.recv(1000).startswith(b"220 "), "greeted")
        if tls:
            client.sendall(b"EHLO client.test\r\nSTARTTLS\r\n")
            said = b""
            while b"220 2.0.0" not in said:
                said += client.recv(65536)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            client = context.wrap_socket(client)
        talk(client, b"".join(line + b"\r\n" for line in ([b"EHLO client.test"] if greeting else []) + lines), step)


def left_behind(folders, secrets, further=()):
    """(what, where) for each secret that is found below the folders, or in further octets."""
    places = [(str(path), path.read_bytes()) for folder in folders for path in pathlib.Path(folder).rglob("*")
              if path.is_file() and not path.is_symlink()]
    places += [(str(path), str(path).encode()) for folder in folders for path in pathlib.Path(folder).rglob("*")]
    places += list(further)
    found = []
    for where, octets in places:
        lower = octets.lower()
        found += [(name, where) for name, secret in secrets.items() for form in forms(secret) if form.lower() in lower]
    return found


def arguments(process):
    return pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()


def test_listener_keeps_no_secret(bench):
    """T13 T87: a client says its password in every way, and no file of the data folder holds it."""
    users = bench.folder / "users"
    users.write_bytes(b"alice@example.test:" + keys(RIGHT) + b"\n")
    temporary = bench.folder / "tmp"
    temporary.mkdir()
    bench.environment["TMPDIR"] = str(temporary)
    secrets = {"the right password": RIGHT}
    listeners = [bench.listen_as_set(SETTINGS.format(users=users), data="signing"), bench.listen(data="capturing")]
    threads = []
    for number, listener in enumerate(listeners):
        for name, way in WAYS.items():
            for variant, options in {"joined": {"step": 1 << 20}, "cut": {"step": 7}, "early": {"step": 1 << 20, "greeting": False},
                                     "over TLS": {"step": 1 << 20, "tls": True}}.items():
                if number == 1 and variant == "over TLS":
                    continue  # a capturing listener does not speak it unasked
                secret = secret_of(name, f"{variant} {number}")
                secrets[f"{name} ({variant}, listener {number})"] = secret
                words = (listener.port, way(secret) + list(ENDINGS))
                threads.append(threading.Thread(target=say, args=words, kwargs=options, daemon=True))
    for at in range(0, len(threads), 20):
        for thread in threads[at:at + 20]:
            thread.start()
        for thread in threads[at:at + 20]:
            thread.join(60)
            check(not thread.is_alive(), "a session did not end")
    further = [("arguments", arguments(listener.process)) for listener in listeners]
    for listener in listeners:
        listener.stop()
        further.append(("events", repr(listener.events).encode() + repr(list(listener.said.queue)).encode()))
        further.append(("errors", listener.error_text().encode()))
    said = b"".join(path.read_bytes() for path in bench.folder.rglob("*.jsonl"))
    check(said.count(b"AUTH PLAIN ***") > 10 and b"signed in with PLAIN" in said, "the transcripts are there")
    same(left_behind([listener.data for listener in listeners] + [temporary], secrets, further), [])


# What a server may do with what it was told: the reply, once the secret is known to it.
ECHOES = {
    "T87 echoed raw": lambda s, line: b"535 5.7.8 wrong: " + s,
    "T87 echoed as it came": lambda s, line: b"535 5.7.8 " + line,
    "T87 echoed in base64": lambda s, line: b"435 4.7.8 <" + b64(s) + b">",
    "T87 echoed, and refused for good": lambda s, line: b"554 5.7.0 " + line + b"\r\n",
    "T87 echoed in lines": lambda s, line: b"535-5.7.8 " + s + b"\r\n535 5.7.8 " + line,
    "T87 echoed when it closes": lambda s, line: b"421 4.7.0 " + s,
    "T87 echoed as no reply": lambda s, line: b"what is " + s,
    "T87 echoed in a challenge": lambda s, line: b"334 " + b64(s),
    "T87 echoed later": lambda s, line: b"235 2.7.0 ok",
}


def test_client_keeps_no_secret(bench):
    """T87: a server echoes the password in every way, and no file holds it."""
    (bench.folder / "m.eml").write_bytes(b"From: a@client.test\nTo: b@example.test\nSubject: x\n\ntext\n")
    temporary = bench.folder / "tmp"
    temporary.mkdir()
    secrets, further, folders = {}, [], []
    for mechanism in (b"PLAIN", b"LOGIN"):
        for number, (name, echo) in enumerate(ECHOES.items()):
            secret = secret_of(name, mechanism.decode())
            secrets[f"{name} ({mechanism.decode()})"] = secret
            seen = []

            def answer(line, session, secret=secret, echo=echo, mechanism=mechanism, seen=seen):
                if line.startswith(b"AUTH LOGIN"):
                    return b"334 VXNlcm5hbWU6"
                if line == b64(b"alice"):
                    return b"334 UGFzc3dvcmQ6"
                if line.startswith(b"AUTH") or line == b64(secret):
                    seen.append(line)
                    return echo(secret, line)
                if line.startswith((b"MAIL", b"QUIT")):
                    return (b"550 5.7.1 not you, " if line.startswith(b"MAIL") else b"221 bye, ") + secret
                return None

            server = Scripted(bench, answer, offered=b"250-mx.test\r\n250 AUTH " + mechanism)
            for shown in ("text", "json"):
                data = bench.folder / f"{mechanism.decode()}-{number}-{shown}"
                folders.append(data)
                process = bench.start(
                    bench.program, "send", "--data", data, "--from", "a@client.test", "--to", "b@example.test", "--message",
                    "m.eml", "--via", f"smtp://alice@127.0.0.1:{server.port}", "--auth-in-clear", "--transcript", shown,
                    env={**bench.environment, "GLASSPOST_PASSWORD": secret.decode(), "TMPDIR": str(temporary)},
                    stdout=-1, stderr=-1)
                line = arguments(process)
                out, err = process.communicate(timeout=60)
                check(process.returncode in (69, 75, 76, 77), name, process.returncode, out.decode(), err.decode())
                further += [(f"{name}: arguments", line), (f"{name}: output", out), (f"{name}: errors", err)]
            check(seen, name, "never signed in")
    same(left_behind(folders + [temporary], secrets, further), [])


def flood(port, opening, octets):
    """Says the octets without end; gives back how to stop."""
    stopped = threading.Event()

    def work():
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.recv(1000)
            client.sendall(opening)
            client.setblocking(False)
            while not stopped.is_set():
                with contextlib.suppress(BlockingIOError):
                    client.recv(65536)
                with contextlib.suppress(BlockingIOError):
                    client.send(octets)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    return stopped, threads


TO_DATA = b"EHLO a.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n"
HOSTILE = {
    "T94 NOOP without end": (b"EHLO a.test\r\n", b"NOOP\r\n" * 5000),
    "T94 MAIL and RSET without end": (b"EHLO a.test\r\n", b"MAIL FROM:<a@a.test>\r\nRSET\r\n" * 2000),
    "T110 a faulty message without end": (TO_DATA + b"x\nx\r\n", b"0123456789\r\n" * 5000),
    "T85 passwords without end": (b"EHLO a.test\r\n", b"AUTH PLAIN " + plain(b"p" * 1000) + b"\r\n"),
}


def test_sigterm_amid_floods(bench):
    """T85 T94 T110: the listener still ends at once, and in order."""
    users = bench.folder / "users"
    users.write_bytes(b"alice@example.test:" + keys(RIGHT) + b"\n")
    for number, (name, (opening, octets)) in enumerate(HOSTILE.items()):
        listener = bench.listen_as_set(SETTINGS.format(users=users), data=f"data{number}")
        stopped, threads = flood(listener.port, opening, octets)
        with socket.create_connection(("127.0.0.1", listener.port), timeout=20) as other:
            check(other.recv(1000).startswith(b"220 "), name, "others are greeted")
        began = time.monotonic()
        listener.process.send_signal(signal.SIGTERM)
        listener.process.wait(20)
        took = time.monotonic() - began
        stopped.set()
        for thread in threads:
            thread.join(20)
        check(took < 6, name, f"ended after {took:.1f} s")  # 3 s, doubled for the sanitizers and tests beside this one


def test_sigterm_amid_a_derivation(bench):
    """T86: a server asks for a million rounds, again and again."""
    (bench.folder / "m.eml").write_bytes(b"From: a@client.test\nTo: b@example.test\nSubject: x\n\ntext\n")
    asked = threading.Event()

    def answer(line, session):
        if line.startswith(b"AUTH"):
            first = base64.b64decode(line.split()[-1])
            asked.set()
            return b"334 " + b64(b"r=" + first.split(b",r=")[1] + b"x,s=c2FsdHNhbHQ=,i=1000000")
        return None

    server = Scripted(bench, answer, offered=b"250-mx.test\r\n250 AUTH SCRAM-SHA-256")
    process = bench.start(bench.program, "send", "--data", bench.folder / "data", "--from", "a@client.test", "--to",
                          "b@example.test", "--message", "m.eml", "--via", f"smtp://alice@127.0.0.1:{server.port}",
                          env={**bench.environment, "GLASSPOST_PASSWORD": "secret"}, stdout=-1, stderr=-1)
    check(asked.wait(60), "the server was reached")
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    check(time.monotonic() - began < 3, "T86 SIGTERM amid a derivation")


if __name__ == "__main__":
    run(globals())
