"""The listener under test: started, killed, started again on the same data folder."""

import json
import pathlib
import time

from ledger import DOMAIN, HERE
from peer import WAIT, check, wait_for

ENVIRONMENT = {"ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}


class Listener:
    """One run of `glasspost listen`; its events go to a file. prefix is what it is run under (strace, faketime)."""

    def __init__(self, bench, data, prefix=(), environment=None, ready=True, options=()):
        self.data = pathlib.Path(data)
        self.started = time.time()
        self.output = bench.folder / f"listener-{time.monotonic_ns()}"
        with open(self.output, "wb") as output, open(bench.folder / "listener.err", "ab") as errors:
            self.process = bench.start(*prefix, bench.program, "listen", "--json", "--policy", "mailboxes", "--user",
                                       HERE, "--domain", DOMAIN, "--bind", "127.0.0.1:0", "--data", data, *options,
                                       stdout=output, stderr=errors,
                                       env={**bench.environment, **ENVIRONMENT, **(environment or {})})
        self.port = self.wait_port() if ready else None

    def wait_port(self, or_ended=False):
        """The port once it listens; None when it ended before and that is allowed."""
        def said():
            for line in self.output.read_bytes().splitlines():
                if b'"listening"' in line:
                    return json.loads(line)["port"]
            if self.process.poll() is not None:
                check(or_ended, "the listener ended with", self.process.returncode)
                return -1
            return None
        port = wait_for(said, "the listener")
        return None if port < 0 else port

    def kill(self):
        self.process.kill()
        self.process.wait(WAIT)

    def stop(self):
        self.process.terminate()
        check(self.process.wait(WAIT) == 0, "exit code after SIGTERM", self.process.returncode)


def route_to(data, port):
    """Settings by which mail for other domains goes to the sink."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "settings.ini").write_text(
        f"[general]\nhost-name = here.test\n\n[route]\nkind = smarthost\nhost = 127.0.0.1\nport = {port}\n"
        "tls = none\n\n[retry]\nwait = 1s\n")

