"""The ledger: which messages were begun, which got their 250, and whether each of them is kept, once and whole."""

import collections
import contextlib
import pathlib
import shutil
import sqlite3
import tempfile
import threading

from peer import check, without_trace

HERE = "ledger"  # the local user who gets them
DOMAIN = "example.test"
LARGE = 300_000  # octets; the journal itself carries up to 256 KiB


def message(number):
    """What stands below the trace fields of a message, LF line ends: some longer than the journal carries itself."""
    size = LARGE if number % 97 == 0 else 200 + number % 4000
    line = f"line of message {number}, with a few words in it\n"
    head = f"Message-ID: <{number}@ledger.test>\nFrom: a@ledger.test\nSubject: number {number}\n\n"
    return (head + line * (size // len(line) + 1)).encode()


def number_of(octets):
    return int(octets.split(b"@", 1)[0].removeprefix(b"Message-ID: <"))


class Ledger:
    """What the senders noted. Any thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.count = 0
        self.local = set()  # acknowledged, for a mailbox here
        self.remote = set()  # acknowledged, for the queue
        self.refused = collections.Counter()  # code -> how often

    def begin(self):
        with self.lock:
            self.count += 1
            return self.count

    def note(self, number, is_remote, reply):
        with self.lock:
            if reply.startswith(b"250"):
                (self.remote if is_remote else self.local).add(number)
            else:
                self.refused[reply[:3].decode()] += 1

    def acknowledged(self):
        return len(self.local) + len(self.remote)


class Findings(collections.Counter):
    """Figures by name; the run ends well when none of BAD is above 0."""

    BAD = ("lost", "duplicated in a mailbox", "incomplete", "refused otherwise than 4xx", "left in tmp/",
           "sent twice without a cause", "reports told twice")

    def is_good(self):
        return not any(self[name] for name in self.BAD)


def mail_files(data):
    """Every message file of every mailbox; flags may be set, folders be others."""
    for part in ("new", "cur"):
        yield from data.glob(f"mail/**/{part}/*")


def stored(data, findings):
    """How often each message stands in the mailboxes; those that are not whole are counted as incomplete."""
    count = collections.Counter()
    for file in mail_files(data):
        below = without_trace(file.read_bytes())
        if not below.startswith(b"Message-ID: <") or below != message(number_of(below)):
            findings["incomplete"] += 1
            print(f"      not whole: {file}", flush=True)
            continue
        count[number_of(below)] += 1
    return count


def queued(data):
    """The numbers of the messages that wait in queue/, done ones left out."""
    numbers = set()
    for file in (data / "queue").glob("*.msg"):
        numbers.add(number_of(without_trace(file.read_bytes())))
    return numbers


def check_tmp(data, since, findings):
    """No file in tmp/ older than the last start."""
    old = [file for file in data.glob("mail/**/tmp/*") if file.stat().st_mtime < since]
    findings["left in tmp/"] += len(old)


def index_difference(data):
    """How many messages the index and the files disagree about. A copy is read, the original left alone."""
    with tempfile.TemporaryDirectory(dir=data.parent) as folder:
        for file in data.glob("index.sqlite*"):
            if not file.name.endswith("-shm"):
                with contextlib.suppress(FileNotFoundError):  # a rollback journal goes with its transaction
                    shutil.copy(file, folder)
        index = sqlite3.connect(pathlib.Path(folder) / "index.sqlite")
        try:
            rows = set(index.execute("SELECT uniq FROM messages JOIN words ON words.rowid = messages.id"))
            count = index.execute("SELECT count(*) FROM messages").fetchone()[0]
        except sqlite3.DatabaseError:  # not there yet, or damaged: it is made again
            return -1
        finally:
            index.close()
    files = {(file.name.split(":")[0].encode(),) for file in mail_files(data)}
    return len(rows ^ files) + abs(count - len(rows))


def settle(ledger, data, findings, sent=None):
    """Holds the ledger against the mailboxes and the queue of a listener that has stopped or is quiet."""
    there = stored(data, findings)
    lost = ledger.local - set(there)
    findings["duplicated in a mailbox"] += sum(times - 1 for times in there.values())
    if sent is not None:
        lost |= ledger.remote - set(sent) - queued(data)
    if lost:
        print(f"      lost: {sorted(lost)[:20]}", flush=True)
    findings["lost"] += len(lost)
    findings["acknowledged"] += ledger.acknowledged()
    for code, times in ledger.refused.items():
        findings[f"refused with {code}"] += times
        if not code.startswith("4"):
            findings["refused otherwise than 4xx"] += times
    check(there or not ledger.local, "no message is there at all")
