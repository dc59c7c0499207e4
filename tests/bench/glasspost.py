"""Glasspost as the bench starts it, and what can be read of a running one."""

import contextlib
import json
import pathlib
import sqlite3
import time

from peer import WAIT, accepts, check, wait_for


class Glasspost:
    """glasspost listen, its events in a file."""

    def __init__(self, bench, data, *options):
        self.data = pathlib.Path(data)
        self.output = bench.folder / f"events-{time.monotonic_ns()}"
        with open(self.output, "wb") as output:
            self.process = bench.start(bench.program, "listen", "--json", "--data", data, "--bind", "127.0.0.1:0",
                                       *options, stdout=output)
        self.port = self._said_port("listening")

    @property
    def http_port(self):
        return self._said_port("http")

    def _said_port(self, event):
        def said():
            check(self.process.poll() is None, "the listener ended")
            lines = [json.loads(line) for line in self.output.read_bytes().splitlines(keepends=True)
                     if line.endswith(b"\n") and b'"%s"' % event.encode() in line]
            return next((line["port"] for line in lines if line["event"] == event), None)
        return wait_for(said, f"the listener to say its port: {event}", 120)

    def stop(self):
        self.process.terminate()
        self.process.wait(WAIT)


def with_settings(data, text):
    data.mkdir(parents=True, exist_ok=True)
    (data / "settings.ini").write_text("[general]\nhost-name = here.test\n\n" + text)


def memory(process, what="VmRSS"):
    """Megabytes. VmHWM: the most it ever had."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) / 1024
    return 0


def indexed(data):
    """How many messages a search can find. Reads beside the writer."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{data}/index.sqlite?mode=ro", uri=True)) as index:
            return index.execute("SELECT count(*) FROM words_docsize").fetchone()[0]
    except sqlite3.OperationalError:
        return 0  # not there yet, or not with its tables


def wait_port(port):
    wait_for(lambda: accepts(port), "the window's listener", 120)
