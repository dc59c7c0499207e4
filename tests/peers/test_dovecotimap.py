"""Dovecot's IMAP over the mailboxes, with the very lines that docs/POP3.md has: what it shows, and what we see of its changes."""

import grp
import imaplib
import json
import os
import pathlib
import pwd
import re
import smtplib

from peer import accepts, check, free_port, message_to, program, run, same, tried, wait_for, without_trace
from test_sharing import MESSAGES, check_each_soon, check_soon, fill, is_archived, rows, wait_archive

DOCS = pathlib.Path(__file__).parents[2] / "docs" / "POP3.md"


def lines_of_the_docs():
    """The indented block below "## IMAP"."""
    section = DOCS.read_text().split("## IMAP, by Dovecot\n")[1].split("\n## ")[0]
    return "".join(line[4:] + "\n" for line in section.splitlines() if line.startswith("    "))


def whose(bench, data):
    """The user and the group that Dovecot runs as: never root, whose mail it serves nobody."""
    if os.getuid() != 0:
        return (), pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    user = pwd.getpwnam("nobody")
    for folder in (data, data / "mail"):
        folder.chmod(0o755)
    for path in [data / "mail" / "captured", *(data / "mail" / "captured").rglob("*"), bench.folder / "dovecot"]:
        os.chown(path, user.pw_uid, user.pw_gid)
    under = (program("setpriv", "util-linux"), f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
    return under, user.pw_name, grp.getgrgid(user.pw_gid).gr_name


def dovecot(bench, data):
    """Started as the docs say, with this machine's names in the place of the docs' own; its port."""
    folder, port = bench.folder / "dovecot", free_port()
    folder.mkdir()
    under, user, group = whose(bench, data)
    text = lines_of_the_docs()
    for pattern, mine in ((r"/home/me/\.local/share/glasspost", str(data)), (r"/home/me/dovecot", str(folder)),
                          (r"\b1143\b", str(port)), (r"(?<=user = )me\b|(?<=uid=)me\b", user), (r"(?<=group = )me\b|(?<=gid=)me\b", group)):
        text, count = re.subn(pattern, mine, text)
        check(count > 0, pattern, "is not in the lines of docs/POP3.md")
    check("home/me" not in text, text)
    (bench.folder / "imap.conf").write_text(text)
    bench.start(*under, program("dovecot", "dovecot-core"), "-F", "-c", bench.folder / "imap.conf")
    check(pathlib.Path("/usr/lib/dovecot/imap").exists(), "Dovecot's imap is missing: install the package dovecot-imapd")
    wait_for(lambda: accepts(port), "Dovecot")
    return port


@tried("Dovecot IMAP", "in", "over the same Maildir", "to the byte", "flags, removal and moves seen within a second")
def test_same_folders_over_imap(bench):
    listener = bench.listen()
    messages = [message_to("IMAP", lines=2), b"From: a@client.test\nSubject: second\n\nA text.\n"]
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        for message in messages:
            client.sendmail("a@client.test", ["bob@example.test"], message.replace(b"\n", b"\r\n"))
    listener.wait_files(2)
    with imaplib.IMAP4("127.0.0.1", dovecot(bench, listener.data)) as imap:
        imap.login("captured", "any")
        wait_for(lambda: imap.select("INBOX") == ("OK", [b"2"]), "two messages over IMAP")
        got = {}
        for number in (b"1", b"2"):
            octets = imap.fetch(number, "(BODY.PEEK[])")[1][0][1]
            got[without_trace(octets)] = number
        same(set(got), set(messages))
        imap.store(got[messages[0]], "+FLAGS", "\\Flagged")
        imap.store(got[messages[1]], "+FLAGS", "\\Deleted")
        imap.expunge()

    def look(how):
        found = bench.glasspost("search", "--data", listener.data, "--json", "is:flagged").stdout.splitlines()
        same([json.loads(line)["subject"] for line in found], ["to IMAP"], how)
        same(bench.glasspost("search", "--data", listener.data, "--json", "subject:second").stdout, b"", how)

    look("while it listens")
    listener.stop()
    look("without an instance")


class Client:
    """A session that fails where the server does not say OK."""

    def __init__(self, imap):
        self.imap = imap
        imap.login("captured", "any")
        wait_for(lambda: imap.select("INBOX") == ("OK", [str(MESSAGES).encode()]), "all messages over IMAP")
        self.uids = {}
        for line in self.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])"):
            if isinstance(line, tuple):
                subject = line[1].decode().removeprefix("Subject: ").strip()
                self.uids[subject] = re.search(rb"UID (\d+)", line[0]).group(1).decode()

    def uid(self, *words):
        kind, said = self.imap.uid(*words)
        same(kind, "OK", said)
        return said

    def mark(self, subject, how, flag):
        self.uid("STORE", self.uids[subject], how, flag)

    def delete(self, subject):
        self.mark(subject, "+FLAGS", "(\\Deleted)")
        self.imap.expunge()

    def move(self, subject):
        self.uid("MOVE", self.uids[subject], "Archive")


def test_changes_are_seen_soon(bench):
    """In the index of the running program, which nobody asks to look."""
    listener = fill(bench)
    with imaplib.IMAP4("127.0.0.1", dovecot(bench, listener.data)) as imap:
        client = Client(imap)
        here = {str(number) for number in range(MESSAGES)}
        same(set(client.uids), here)
        check_soon(lambda: client.mark("7", "+FLAGS", "(\\Flagged)"), lambda: client.mark("7", "-FLAGS", "(\\Flagged)"),
                   listener, lambda now: now[("", "7")].is_flagged, "flagged over IMAP")
        check_soon(lambda: client.mark("8", "+FLAGS", "(\\Seen)"), lambda: client.mark("8", "-FLAGS", "(\\Seen)"),
                   listener, lambda now: not now[("", "8")].is_unread, "read over IMAP")
        gone, archived = ("10", "11", "12", "13", "14"), ("15", "16", "17", "18", "19")
        check_each_soon(client.delete, gone, listener, lambda now, subject: ("", subject) not in now, "deleted over IMAP")
        wait_archive(listener)
        check_each_soon(client.move, archived, listener, is_archived, "moved over IMAP")
        same(set(rows(listener)), {("", one) for one in here - {*gone, *archived}} | {("Archive", one) for one in archived})
    listener.stop()


if __name__ == "__main__":
    run(globals())
