"""What the tests against real peers share: processes that end with the test, free ports, the listener, Maildirs.

A test is a function test_*(glasspost) in a test_*.py; run() calls each with a fresh folder. A peer that is not
installed fails the test with the name of its Debian package. Nothing sleeps for luck: every wait polls for what it
waits for, and has an end."""

import contextlib
import ctypes
import email
import json
import os
import pathlib
import queue
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback

WAIT = 60  # seconds that anything may take on a busy machine
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


class Failure(AssertionError):
    pass


def check(condition, *words):
    if not condition:
        raise Failure(" ".join(str(word) for word in words))


def same(actual, expected, what=""):
    check(actual == expected, what, f"\n  is       {actual!r}\n  expected {expected!r}")


def wait_for(condition, what, seconds=WAIT, pause=0.01):
    """Polls until condition() is true, and gives back what it gave."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        check(time.monotonic() < end, "waited in vain for", what)
        time.sleep(pause)


def program(name, package):
    path = shutil.which(name, path=PATH)
    check(path, f"{name} is missing: install the package {package}")
    return path


def free_port(address="127.0.0.1"):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def accepts(port, address="127.0.0.1"):
    with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=1):
        return True
    return False


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def tried(peer, direction, *what):
    """Says what a test tries with whom, for TABLE.md: direction is "out" (our client into the peer) or "in"."""
    def mark(test):
        test.tried = (peer, direction, what)
        return test
    return mark


class Authority:
    """A certificate authority of the test's own, and what it signed: files in the bench's folder."""

    def __init__(self, bench, *names, folder="tls"):
        self.folder = bench.folder / folder
        self.folder.mkdir()
        self.bench = bench
        self.ca = self.folder / "ca.pem"
        self._openssl("req", "-x509", *self._new("ca.key"), "-out", self.ca, "-days", 2, "-subj", "/CN=Peers' authority")
        self.certificate, self.key = self.sign("server", *names)

    def _openssl(self, *words):
        self.bench.run(program("openssl", "openssl"), *words)

    def _new(self, key):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.folder / key)

    def sign(self, name, *names):
        """A certificate for addresses and host names, and its key."""
        kinds = ",".join(("IP:" if one[0].isdigit() else "DNS:") + one for one in names)
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        self._openssl("req", "-new", *self._new(f"{name}.key"), "-out", request, "-subj", f"/CN={names[0]}")
        extensions.write_text(f"subjectAltName={kinds}\n")
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.folder / "ca.key", "-CAcreateserial",
                      "-out", certificate, "-days", 2, "-extfile", extensions)
        key.chmod(0o644)  # a peer that dropped its rights reads it
        return certificate, key

    def context(self):
        """For a server of the test's own."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


class Bench:
    """A folder, and the processes that were started in it; all of them end with it."""

    def __init__(self, glasspost, cache=None):
        self.program = glasspost
        self.cache = pathlib.Path(cache or "build/peers")  # what was fetched and installed lies there for the next run
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="glasspost-peers-"))
        self.folder.chmod(0o755)
        (self.folder / "run").mkdir(mode=0o700)
        self.processes = []
        self.endings = []
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": str(self.folder / "run"), "HOME": str(self.folder),
                            "PATH": PATH, "LC_ALL": "C.UTF-8"}
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "GLASSPOST_PASSWORD"):
            self.environment.pop(name, None)

    def start(self, *command, **more):
        process = subprocess.Popen([str(word) for word in command], preexec_fn=die_with_parent,
                                   **{"cwd": self.folder, "env": self.environment, **more})
        self.processes.append(process)
        return process

    def run(self, *command, code=0, timeout=WAIT * 2, env=None, **more):
        """Runs to the end and checks the exit code; gives the finished process with its output."""
        done = subprocess.run([str(word) for word in command], capture_output=True, timeout=timeout,
                              env={**self.environment, **(env or {})}, preexec_fn=die_with_parent,
                              **{"cwd": self.folder, "stdin": None if "input" in more else subprocess.DEVNULL,
                                 **more})
        check(code is None or done.returncode == code, "exit code", done.returncode, "in place of", code, "from",
              *command, "\n" + done.stdout.decode(errors="replace")[-4000:],
              "\n" + done.stderr.decode(errors="replace")[:4000])
        return done

    def glasspost(self, *words, **more):
        return self.run(self.program, *words, **more)

    def send(self, via, *options, **more):
        """Our client, with the message that lies in m.eml."""
        return self.glasspost("send", "--from", "a@client.test", "--message", "m.eml", "--via", via, *options, **more)

    def listen(self, *options, data="data"):
        return Listener(self, self.folder / data, options)

    def listen_as_set(self, settings, data="data"):
        """With this settings.ini; its first binding is the one that port names."""
        folder = self.folder / data
        folder.mkdir()
        (folder / "settings.ini").write_text(settings)
        return Listener(self, folder, bind=())

    def end(self):
        for ending in reversed(self.endings):
            with contextlib.suppress(Exception):
                ending()
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Listener:
    """glasspost listen --json on a free port, under another program if need be; its events as they come."""

    def __init__(self, bench, data, options=(), bind=("--bind", "127.0.0.1:0"), environment=None,
                 under=()):
        self.data = data
        self.events = []
        self.said = queue.Queue()
        binding = () if "--bind" in options else bind
        self.errors = open(bench.folder / "listen.err", "ab+")
        self.process = bench.start(*under, bench.program, "listen", "--json", "--data", data, *binding, *options,
                                   stdout=subprocess.PIPE, stderr=self.errors,
                                   env={**bench.environment, **(environment or {})})
        threading.Thread(target=self._read, daemon=True).start()
        self.port = self.event("listening")["port"]

    def _read(self):
        for line in self.process.stdout:
            self.said.put(json.loads(line))
        self.said.put(None)

    def event(self, kind, seconds=WAIT):
        """The next event of that kind."""
        while True:
            try:
                event = self.said.get(timeout=seconds)
            except queue.Empty:
                raise Failure(f"no event {kind!r} came") from None
            check(event is not None, "the listener ended:", self.error_text())
            self.events.append(event)
            if event["event"] == kind:
                return event

    def error_text(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")[-4000:]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        same(self.process.wait(WAIT), 0, "exit code after SIGTERM: " + self.error_text())

    def kill(self):
        self.process.kill()
        self.process.wait(WAIT)

    def files(self, mailbox="captured"):
        folder = self.data / "mail" / mailbox
        return [path for sub in ("new", "cur") for path in sorted((folder / sub).glob("*"))]

    def wait_files(self, count, mailbox="captured"):
        def there():
            files = self.files(mailbox)
            check(len(files) <= count, len(files), "messages in place of", count)
            return files if len(files) == count else None
        return wait_for(there, f"{count} messages in {mailbox}")


def message_to(peer, lines):
    """Text in UTF-8, with lines that begin with a dot."""
    return (f"From: a@client.test\nTo: bob@example.test\nSubject: to {peer}\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n"
            "Message-ID: <1@client.test>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
            "Content-Transfer-Encoding: 8bit\n\n.\n..dots\n" + "äöü 世界\n" * lines).encode()


BINARY = bytes(range(256)) + b"\n\r\n\r\r\n.\r\n..\n--no boundary\r" + bytes(range(255, -1, -1)) + b"\r"


def with_binary_part(line_end=b"\n"):
    """A message with BINARY in a part that says so (RFC 2045 6.2)."""
    before = (b"From: a@client.test", b"To: bob@example.test", b"Subject: binary", b"Date: Mon, 23 Nov 2026 10:00:00 +0000",
              b"Message-ID: <2@client.test>", b"MIME-Version: 1.0", b"Content-Type: multipart/mixed; boundary=b", b"", b"--b",
              b"Content-Type: text/plain", b"", b"Text", b"--b", b"Content-Type: application/octet-stream",
              b"Content-Transfer-Encoding: binary", b"", b"")
    return line_end.join(before) + BINARY + line_end + b"--b--" + line_end


def same_binary_part(octets, row):
    """What arrived of such a message over lines of seven bits: the part in base64, octet for octet."""
    check(b"\0" not in octets and max(octets) < 128, row, octets)
    part = email.message_from_bytes(octets).get_payload()[1]
    same((part["Content-Transfer-Encoding"], part.get_payload(decode=True)), ("base64", BINARY), row)


def delivered(maildir, count=1):
    """The messages new in a Maildir once there are so many, without what the delivery put on top."""
    files = wait_for(lambda: len(files := list((maildir / "new").glob("*"))) == count and files,
                     f"{count} messages in {maildir}")
    return [without_trace(file.read_bytes()) for file in files]


def came_by_tls(listener, recipient, message):
    """The listener had the message from a peer's queue, over TLS and to the byte."""
    same(listener.event("stored")["to"], [recipient])
    octets = listener.wait_files(1)[0].read_bytes()
    same(without_trace(octets), message)
    check(b"ESMTPS" in octets, octets[:600])


def queue_recipients(state):
    """Of a message's state file in the queue; none while that is being written, which is done in place."""
    try:
        return json.loads(state.read_text())["recipients"]
    except (ValueError, FileNotFoundError):
        return []


def without_trace(octets):
    """The message below the trace fields that a delivery put on top (RFC 5321 4.4), with LF line ends."""
    lines = octets.replace(b"\r\n", b"\n").split(b"\n")
    trace = (b"return-path:", b"delivered-to:", b"x-original-to:", b"received:",
             b"x-glasspost-")
    while lines and lines[0].lower().startswith(trace):
        lines.pop(0)
        while lines and lines[0][:1] in (b" ", b"\t"):
            lines.pop(0)
    return b"\n".join(lines)


def run(names):
    """Runs the test_* functions of a module; the last line counts them."""
    tests = [(name, test) for name, test in names.items() if name.startswith("test_")]
    failed = 0
    for name, test in tests:
        bench = Bench(*sys.argv[1:3])
        began = time.monotonic()
        try:
            test(bench)
            print(f"ok    {name} ({time.monotonic() - began:.1f} s)", flush=True)
        except Exception:  # noqa: a test that breaks off is a test that failed
            failed += 1
            print(f"FAIL  {name}\n{traceback.format_exc()}", flush=True)
        finally:
            bench.end()
    print(f"{len(tests) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not tests else 0)
