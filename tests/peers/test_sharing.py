"""Other programs at work in our Maildirs while we are: what they read is what we have, and what they change is in our index, which
the window shows, within a second.

Sylpheed and Claws Mail are not among them: neither reads Maildir (Debian builds no plugin for it), and both reach these mailboxes by
Dovecot's IMAP, of which test_dovecotimap.py shows the same."""

import collections
import contextlib
import json
import os
import pty
import select
import smtplib
import sqlite3
import time

from peer import check, program, run, same, tried, wait_for

SOON = 1.0  # seconds
MESSAGES = 30
FLAGGED = 2  # mail::MessageFlag
# Asks nothing (without its folder it would ask at the start whether to make it), and pipes the messages as they are.
MUTTRC = "set folder={} quit=yes delete=yes confirmappend=no wait_key=no pipe_decode=no pipe_split=no sleep_time=0\n"

State = collections.namedtuple("State", "is_unread is_flagged")


def fill(bench):
    listener = bench.listen()
    with contextlib.closing(smtplib.SMTP("127.0.0.1", listener.port)) as client:
        for number in range(MESSAGES):
            client.sendmail("a@client.test", ["b@example.test"],
                            f"From: a@client.test\r\nMessage-ID: <{number}@client.test>\r\nSubject: {number}\r\n\r\nbody\r\n")
        client.quit()
    listener.wait_files(MESSAGES)
    wait_for(lambda: len(rows(listener)) == MESSAGES, "the index")
    return listener


def selected(listener, statement):
    """Of the index as it is now: what asks the program for it would have it look first."""
    index = sqlite3.connect(f"file:{listener.data}/index.sqlite?mode=ro", uri=True)
    with contextlib.closing(index):
        return index.execute(statement).fetchall()


def rows(listener):
    """(folder, subject) -> its state."""
    return {(folder, subject): State(bool(unread), bool(flags & FLAGGED)) for folder, subject, unread, flags in selected(
        listener, "SELECT f.name, m.subject, m.unread, m.flags FROM messages m JOIN folders f ON f.id = m.folder "
        "WHERE f.user = 'captured'")}


def wait_archive(listener):
    wait_for(lambda: ("captured", "Archive") in selected(listener, "SELECT user, name FROM folders"), "the folder")


def archive_of(listener):
    """A folder that another program makes, once it is known here."""
    archive = listener.data / "mail" / "captured" / ".Archive"
    for part in ("cur", "new", "tmp"):
        (archive / part).mkdir(parents=True, exist_ok=True)
    wait_archive(listener)
    return archive


def notmuch_of(bench, listener):
    (bench.folder / "notmuch").mkdir()
    config = bench.folder / "notmuch-config"
    config.write_text(f"[database]\npath={bench.folder / 'notmuch'}\nmail_root={listener.data / 'mail' / 'captured'}\n"
                      "[user]\nname=Bob\nprimary_email=bob@example.test\n"
                      "[new]\ntags=unread\n[maildir]\nsynchronize_flags=true\n")
    notmuch = (program("notmuch", "notmuch"), f"--config={config}")
    bench.run(*notmuch, "new", "--quiet")
    return notmuch


class Mutt:
    """mutt over the inbox, in a terminal of its own, with the keys that a person presses."""

    def __init__(self, bench, listener):
        self.bench = bench
        self.maildir = listener.data / "mail" / "captured"
        self.rc = bench.folder / "muttrc"
        self.rc.write_text(MUTTRC.format(self.maildir))
        self.seen = bench.folder / "seen"

    def change(self, pattern, keys):
        """Those that the pattern names; written back when it ends."""
        self._run(f"<tag-pattern>{pattern}<enter><tag-prefix>{keys}<sync-mailbox><quit>")

    def sees(self, pattern):
        """The subjects of those that the pattern names."""
        self.seen.write_bytes(b"")
        self._run(f"<tag-pattern>{pattern}<enter><tag-prefix-cond><pipe-message>cat > {self.seen}<enter><end-cond><exit>")
        return sorted(line[9:] for line in self.seen.read_text().splitlines() if line.startswith("Subject: "))

    def _run(self, keys):
        ours, theirs = pty.openpty()
        process = self.bench.start(program("mutt", "mutt"), "-n", "-F", self.rc, "-f", self.maildir, "-e", f"push '{keys}'",
                                   stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
                                   env={**self.bench.environment, "TERM": "xterm"})
        os.close(theirs)
        screen = bytearray()

        def has_ended():
            with contextlib.suppress(OSError):  # the other end is closed
                while select.select([ours], [], [], 0)[0]:
                    screen.extend(os.read(ours, 65536))
            return process.poll() is not None

        with contextlib.closing(os.fdopen(ours, "rb", buffering=0)):
            wait_for(has_ended, f"mutt to end, after {keys}")
        same(process.returncode, 0, f"{keys}\n{screen.decode(errors='replace')}")


def shown_soon(listener, is_shown, what):
    began = time.monotonic()
    wait_for(lambda: is_shown(rows(listener)), what)
    took = time.monotonic() - began
    print(f"{what}: {took:.2f} s")
    return took


def check_times(took, what):
    """The middle of five: a machine that is busy may be late once."""
    same(len(took), 5)
    check(sorted(took)[2] < SOON, what, "took", took)


def check_soon(change, back, listener, is_changed, what):
    took = []
    for _ in range(5):
        change()
        took.append(shown_soon(listener, is_changed, what))
        back()
        shown_soon(listener, lambda now: not is_changed(now), f"{what}, taken back")
    check_times(took, what)


def check_each_soon(change, subjects, listener, is_changed, what):
    """What cannot be taken back, of one message after another."""
    took = []
    for subject in subjects:
        change(subject)
        took.append(shown_soon(listener, lambda now: is_changed(now, subject), what))
    check_times(took, what)


def test_flags_of_notmuch(bench):
    listener = fill(bench)
    notmuch = notmuch_of(bench, listener)
    same(bench.run(*notmuch, "count", "*").stdout.strip(), str(MESSAGES).encode())
    check_soon(lambda: bench.run(*notmuch, "tag", "-unread", "id:7@client.test"),
               lambda: bench.run(*notmuch, "tag", "+unread", "id:7@client.test"),
               listener, lambda now: not now[("", "7")].is_unread, "read by notmuch")
    listener.stop()


def is_archived(now, subject):
    return ("Archive", subject) in now and ("", subject) not in now


def test_moves_of_others(bench):
    listener = fill(bench)
    archive = archive_of(listener)
    message = listener.files()[3]
    moved = archive / "cur" / message.name
    subject = next(line[9:] for line in message.read_text().splitlines() if line.startswith("Subject: "))
    check_soon(lambda: message.rename(moved), lambda: moved.rename(message),
               listener, lambda now: is_archived(now, subject), "moved")
    listener.stop()


@tried("mutt", "in", "over the same Maildir", "flags, removal and moves seen within a second", "flags set here")
def test_mutt(bench):
    listener = fill(bench)
    mutt = Mutt(bench, listener)
    here = {str(number) for number in range(MESSAGES)}
    same(mutt.sees("~A"), sorted(here), "what mutt reads")
    check_soon(lambda: mutt.change("~s ^7$", "<set-flag>!"), lambda: mutt.change("~s ^7$", "<clear-flag>!"),
               listener, lambda now: now[("", "7")].is_flagged, "flagged by mutt")
    gone, archived = ("10", "11", "12", "13", "14"), ("15", "16", "17", "18", "19")
    check_each_soon(lambda subject: mutt.change(f"~s ^{subject}$", "<delete-message>"), gone,
                    listener, lambda now, subject: ("", subject) not in now, "deleted by mutt")
    archive = archive_of(listener)
    check_each_soon(lambda subject: mutt.change(f"~s ^{subject}$", f"<save-message>{archive}<enter>"), archived,
                    listener, is_archived, "moved by mutt")
    same(set(rows(listener)), {("", one) for one in here - {*gone, *archived}} | {("Archive", one) for one in archived})
    same(mutt.sees("~F"), [], "flagged, as mutt sees it")
    (found,) = bench.glasspost("search", "subject:20", "--json", "--data", listener.data).stdout.splitlines()
    bench.glasspost("mark", "flagged", json.loads(found)["id"], "--data", listener.data)
    wait_for(lambda: mutt.sees("~F") == ["20"], "what was flagged here, in mutt")
    same(mutt.sees("~A"), sorted(here - {*gone, *archived}), "what mutt reads in the end")
    listener.stop()


if __name__ == "__main__":
    run(globals())
