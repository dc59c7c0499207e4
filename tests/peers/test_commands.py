"""The command line as scripts use it: exit codes, sentences, JSON."""

import codecs
import email
import email.policy
import json
import mailbox
import os
import pathlib
import signal
import smtplib
import socket
import subprocess
import threading

from peer import check, free_port, run, same, wait_for
from scripted import HANG_UP, OFFERED, Scripted


def sentence(done):
    lines = done.stderr.decode().strip().split("\n")
    same(len(lines), 1, "one sentence on standard error: " + done.stderr.decode())
    return lines[0]


def test_usage(bench):
    for words in (["nonsense"], ["listen", "--bind", "nowhere"], ["send", "--from", "a@b.test"], ["queue"],
                  ["search"], ["listen", "--tls-cert", "x"], ["send", "--frm", "x"]):
        sentence(bench.glasspost(*words, code=64))
    check(b"glasspost listen" in bench.glasspost("--help").stdout, "help")
    check(bench.glasspost("--version").stdout.startswith(b"glasspost "), "version")


# How a session ends: what the server answers to a command, options of send, exit code.
ENDINGS = {
    "T73 a message that is taken": ({}, (), 0),
    "T73 a recipient refused, then RSET": ({b"RCPT": b"550 5.1.1 no"}, (), 69),
    "T73 a sender refused": ({b"MAIL": b"451 4.7.1 later"}, (), 75),
    "T73 EHLO and HELO refused": ({b"EHLO": b"550 no", b"HELO": b"550 no"}, (), 69),
    "T73 no STARTTLS where it is required": ({}, ("--tls", "required"), 75),
    "T73 DATA refused": ({b"DATA": b"554 5.7.1 no"}, (), 69),
    "T73 the message refused": ({b".": b"554 5.6.0 no"}, (), 69),
    "T73 the server hangs up at QUIT": ({b"QUIT": HANG_UP}, (), 0),
    "T73 the server hangs up at MAIL": ({b"MAIL": HANG_UP}, (), 75),
}


def test_transcript_tells_what_left(bench):
    """T73: QUIT is sent (RFC 5321 4.1.1.10), and the transcript has the lines that the server heard, no other."""
    (bench.folder / "m.eml").write_text("Subject: x\n\ntext\n")
    for name, (answers, options, code) in ENDINGS.items():
        # Who hangs up in the middle of a pipelined group has not read its rest, which was sent all the same.
        offered = b"250-mx.test\r\n250 8BITMIME" if HANG_UP in answers.values() else OFFERED
        server = Scripted(bench, lambda line, session: answers.get(line[:4].upper()), offered=offered)
        said = bench.send(f"smtp://127.0.0.1:{server.port}", "--to", "b@example.test", "--transcript", "json", *options,
                          code=code).stdout
        lines = [json.loads(line) for line in said.splitlines()]
        ours = [line["text"].encode() for line in lines if line.get("speaker") == "client" and "data" not in line]
        (session,) = server.sessions
        left = [line for line in ours if line != b"."]
        # A server that hangs up reads no more of the group that was pipelined to it.
        same(left[:len(session.lines)] if answers.get(b"MAIL") == HANG_UP else left, session.lines, name)
        check(b"hangs up at MAIL" in name.encode() or session.lines[-1] == b"QUIT", name, session.lines)


WORDS = "Grüße – 5 €\n"
BOM = codecs.BOM_UTF16_LE

# What an editor saved, and what arrives; None: it is refused.
TEXTS = {
    "T23 UTF-8": (WORDS.encode(), WORDS),
    "T23 UTF-8 with a byte order mark": (codecs.BOM_UTF8 + WORDS.encode(), WORDS),
    "T23 UTF-16, little end first": (BOM + WORDS.encode("utf-16-le"), WORDS),
    "T23 UTF-16, big end first": (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), WORDS),
    "T23 UTF-16 beyond its first plane": (BOM + "\U0001F600 x\n".encode("utf-16-le"), "\U0001F600 x\n"),
    "T23 UTF-32": (codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"), WORDS),
    "T23 windows-1252": (WORDS.encode("cp1252"), WORDS),
    "T23 lines that end in CRLF": (BOM + WORDS.replace("\n", "\r\n").encode("utf-16-le"), WORDS),
    "T23 a byte order mark alone": (BOM, ""),
    "T23 UTF-16 without a byte order mark": (WORDS.encode("utf-16-le"), None),
    "T23 UTF-16 with half a character": (BOM + b"\x3d\xd8x\0", None),
    "T23 UTF-16 with half a unit": (BOM + b"x\0y", None),
    "T23 a program": (b"\x7fELF\0\0\x01\xff", None),
}


def test_texts_of_other_editors(bench):
    """T23: --text and --html take what editors write: the words arrive, or it is refused with 65."""
    listener = bench.listen()
    via = f"smtp://127.0.0.1:{listener.port}"
    for name, (octets, words) in TEXTS.items():
        (bench.folder / "t").write_bytes(octets)
        for options, kind in ((("--text", "t"), "plain"), (("--text", "good.txt", "--html", "t"), "html")):
            (bench.folder / "good.txt").write_text("plain\n")
            done = bench.glasspost("send", "--from", "a@client.test", "--to", "b@example.test", *options, "--via", via,
                                   code=65 if words is None else 0)
            if words is None:
                check(b"is not valid text" in done.stderr or b"is not text in a known" in done.stderr, name, kind, done.stderr)
                continue
            stored = email.message_from_bytes(
                pathlib.Path(listener.event("stored")["file"]).read_bytes(), policy=email.policy.default)
            part = stored.get_body((kind,))
            same(part.get_content().strip() if part else "", words.strip(), f"{name}, {kind}")
    listener.stop()


def test_a_killed_send_leaves_no_file(bench):
    """What it spooled goes when the next send begins, and what a running one has stays."""
    temporary = bench.folder / "temporary"
    temporary.mkdir()
    environment = {**bench.environment, "TMPDIR": str(temporary)}
    (bench.folder / "m.eml").write_bytes(b"Subject: x\n\n" + b"text of some length\n" * 50000)
    go_on = threading.Event()
    server = Scripted(bench, lambda line, session: None if not line.startswith(b"RCPT") or go_on.wait(60) else b"451 late")

    def start(count):
        process = bench.start(bench.program, "send", "--from", "a@client.test", "--to", "b@example.test", "--message",
                              "m.eml", "--via", f"smtp://127.0.0.1:{server.port}", env=environment,
                              stdout=subprocess.DEVNULL)
        wait_for(lambda: sum(bool(session.said(b"RCPT")) for session in server.sessions) == count, "a session")
        return process

    killed, running = start(1), start(2)
    same(len(list(temporary.glob("*/*"))), 2, "files of two sends")
    killed.kill()
    killed.wait()
    listener = bench.listen()
    bench.send(f"smtp://127.0.0.1:{listener.port}", "--to", "b@example.test", env=environment)
    same(len(list(temporary.glob("*/*"))), 1, "the file of the one that runs")
    go_on.set()
    same(running.wait(60), 0, "it ends in order")
    same([path for path in temporary.rglob("*") if not path.is_socket()], [], "nothing is left")
    listener.stop()


def test_sends_a_report_of_the_sign_in_that_is_missing(bench):
    """A smarthost that wants a sign-in at MAIL alone: not refused for good, and the exit code says what it is about."""
    (bench.folder / "m.eml").write_text("Subject: x\n\ntext\n")
    server = Scripted(bench, lambda line, session: b"530 5.7.0 Authentication required" if line.startswith(b"MAIL") else None)
    said = bench.send(f"smtp://127.0.0.1:{server.port}", "--to", "b@example.test", code=77).stdout
    check(b"530 5.7.0 Authentication required" in said, said.decode())


def test_recipients_as_they_are_given(bench):
    """T18 T19: what a server may take is tried, and its answer counts; marks that nobody sees are not part of an address."""
    (bench.folder / "m.eml").write_text("Subject: x\n\ntext\n")
    lengthy = "l" * 65 + "@far.test"
    server = Scripted(bench)
    for row, given, local_part in (("T18 a local-part of 65", lengthy, "l" * 65),
                                   ("T18 a rewritten sender's", f"SRS0={'h' * 60}=ab=example.org=bob@far.test",
                                    f"SRS0={'h' * 60}=ab=example.org=bob"),
                                   ("T19 marks around it", "\u202abob@far.test\u202c", "bob"),
                                   ("T19 a byte order mark", "\ufeffbob@far.test", "bob")):
        bench.send(f"smtp://127.0.0.1:{server.port}", "--to", given)
        same(server.said(b"RCPT")[-1], f"RCPT TO:<{local_part}@far.test>".encode(), row)
    taken = len(server.messages)
    said = bench.send(f"smtp://127.0.0.1:{server.port}", "--to", "bo\u202eb@far.test", code=64)
    check("[U+202E]" in sentence(said), "T19 a mark inside is named", said.stderr.decode())
    same(len(server.messages), taken)
    strict = Scripted(bench, lambda line, session: b"553 5.1.3 too long" if line.startswith(b"RCPT") else None)
    said = bench.send(f"smtp://127.0.0.1:{strict.port}", "--to", lengthy, code=69).stdout
    check(b"553 5.1.3 too long" in said, "T18 the server's answer", said.decode())


def test_mailbox_line_before_a_message(bench):
    """T20: the line that mbox and git put before a message is no part of it, sent at once or by the queue."""
    server = Scripted(bench)
    (bench.folder / "d").mkdir()
    (bench.folder / "d" / "settings.ini").write_text(f"[route]\nkind = smarthost\nhost = 127.0.0.1\nport = {server.port}\n")
    for row, first in (("T20 git's line", "From 2f3ac60aa0b5 Mon Sep 17 00:00:00 2001"),
                       ("T20 an mbox's line", "From a@b.test Tue Nov 24 21:36:36 2026")):
        (bench.folder / "m.eml").write_text(f"{first}\nFrom: a@client.test\nSubject: x\n\ntext\n")
        bench.send(f"smtp://127.0.0.1:{server.port}", "--to", "b@far.test")
        bench.glasspost("send", "--from", "a@client.test", "--to", "b@far.test", "--message", "m.eml", "--queue", "--data", "d")
        bench.glasspost("queue", "run", "--data", "d")
        for octets in server.messages[-2:]:
            check(b"Subject: x\r\n\r\ntext\r\n" in octets and b"From 2f3a" not in octets and b"From a@b" not in octets, row, octets)
    same(len(server.messages), 4)


def test_no_display(bench):
    check("glasspost listen" in sentence(bench.glasspost("--data", "d", code=69)), "names the way out")


def test_listen_ends_in_order(bench):
    for how in (signal.SIGTERM, signal.SIGINT):
        listener = bench.listen()
        listener.process.send_signal(how)
        same(listener.process.wait(60), 0, "exit code")


def test_listen_twice_on_one_folder(bench):
    bench.listen(data="d")
    sentence(bench.glasspost("listen", "--data", "d", "--bind", "127.0.0.1:0", code=75))


def test_port_in_use(bench):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        place = f"127.0.0.1:{other.getsockname()[1]}"
        check(place in sentence(bench.glasspost("listen", "--data", "d", "--bind", place, code=69)), "names it")


def test_several_bindings(bench):
    listener = bench.listen("--bind", "127.0.0.1:0", "--bind", "[::1]:0")
    second = listener.event("listening")
    same(second["address"], "::1")
    for address, port in (("127.0.0.1", listener.port), ("::1", second["port"])):
        with socket.create_connection((address, port), timeout=60) as client:
            check(client.recv(100).startswith(b"220 "), "greeting at", address)


def test_unreadable_data_folder(bench):
    (bench.folder / "file").write_text("not a folder")
    sentence(bench.glasspost("listen", "--data", "file", "--bind", "127.0.0.1:0", code=73))


def test_damaged_settings(bench):
    (bench.folder / "d").mkdir()
    (bench.folder / "d" / "settings.ini").write_text("[listener]\nmaxMessageSize=many\n")
    sentence(bench.glasspost("listen", "--data", "d", "--bind", "127.0.0.1:0", code=78))


def test_options_are_not_saved(bench):
    bench.listen(data="d").stop()
    before = (bench.folder / "d" / "settings.ini").read_bytes()
    bench.listen("--user", "zoe", "--domain", "zoo.test", "--policy", "mailboxes", data="d").stop()
    same((bench.folder / "d" / "settings.ini").read_bytes(), before, "settings.ini")


def test_bad_addresses_and_messages(bench):
    (bench.folder / "bad.eml").write_bytes(b"\0\1 this is no header\n")
    (bench.folder / "good.eml").write_bytes(b"Subject: x\n\nx\n")
    to = ["--from", "a@b.test", "--to", "c@d.test"]
    sentence(bench.glasspost("send", "--from", "a@b.test", "--to", "no address", "--direct", code=64))
    sentence(bench.glasspost("send", *to, "--message", "bad.eml", code=65))
    sentence(bench.glasspost("send", *to, "--message", "missing.eml", code=65))
    sentence(bench.glasspost("send", *to, "--attach", "missing.pdf", code=65))
    sentence(bench.glasspost("send", "--from", "a\r\nb@c.test", "--to", "c@d.test", code=64))


def test_queue_search_transcript(bench):
    """Against a running instance and without one, with the same result."""
    listener = bench.listen(data="d")
    bench.glasspost("send", "--from", "a@b.test", "--to", "c@d.test", "--subject", "Sought and found", "--via",
                    f"smtp://127.0.0.1:{listener.port}")
    stored = listener.event("stored")
    same((stored["from"], stored["to"]), ("a@b.test", ["c@d.test"]))
    check(os.path.exists(stored["file"]), "the file stands in its mailbox:", stored)

    def found():
        rows = bench.glasspost("search", "--json", "sought", "--data", "d").stdout.splitlines()
        return [json.loads(row) for row in rows]

    same([row["subject"] for row in wait_for(found, "the index")], ["Sought and found"])
    lines = [json.loads(line) for line in
             bench.glasspost("transcript", stored["session"], "--json", "--data", "d").stdout.splitlines()]
    check(any(line.get("text") == "MAIL FROM:<a@b.test>" or line.get("text", "").startswith("MAIL FROM:<a@b.test> ")
              for line in lines), "the transcript holds MAIL:", lines)
    same(bench.glasspost("queue", "list", "--json", "--data", "d").stdout, b"")
    listener.stop()
    same([row["subject"] for row in wait_for(found, "the index")], ["Sought and found"])
    sessions = bench.glasspost("transcript", "--json", "--data", "d").stdout.splitlines()
    same(json.loads(sessions[0])["session"], stored["session"])
    bench.glasspost("transcript", "nosuchsession", "--data", "d", code=69)


def test_search_of_all_mail(bench):
    """T44: at once, whatever state the index is in: all that lies in the mailboxes, or an exit code that says otherwise."""
    count = 200
    with open(bench.folder / "in.mbox", "wb") as file:
        for number in range(count):
            file.write(b"From a@b.test Mon Nov 23 10:00:00 2026\nSubject: Sought %d\n\nx\n\n" % number)
    inbox = bench.folder / "d" / "mail" / "alice"

    def bring_in():
        bench.glasspost("import", "in.mbox", "--mailbox", "alice", "--data", "d")

    def remove_index():
        for file in (bench.folder / "d").glob("index.sqlite*"):
            file.unlink()

    def add_by_hand():
        (inbox / "new" / "1700000000.M1P1.elsewhere").write_bytes(b"Subject: Sought by hand\n\nx\n")

    def remove_by_hand():
        (inbox / "new" / "1700000000.M1P1.elsewhere").unlink()

    (bench.folder / "d").mkdir()
    (bench.folder / "d" / "settings.ini").write_text("[user]\nname = alice\n")
    for row, change, expected in (
            ("T44 right after an import", bring_in, count), ("T44 with a complete index", lambda: None, count),
            ("T44 right after a second import", bring_in, 2 * count), ("T44 the index deleted", remove_index, 2 * count),
            ("T44 a file that another program put there", add_by_hand, 2 * count + 1),
            ("T44 a file that another program removed", remove_by_hand, 2 * count)):
        change()
        found = bench.glasspost("search", "sought", "--limit", "1000", "--json", "--data", "d").stdout.splitlines()
        same(len(found), expected, row)

    listener = bench.listen(data="d")
    for number in range(20):
        with smtplib.SMTP("127.0.0.1", listener.port, timeout=60) as client:
            client.sendmail("a@b.test", "c@d.test", f"Subject: Instant {number}\r\n\r\nx\r\n")
        found = bench.glasspost("search", "instant", "--data", "d").stdout.splitlines()
        same(len(found), number + 1, "T44 right after the 250, while the listener runs")
    listener.stop()

    remove_index()
    (bench.folder / "d" / "index.sqlite").mkdir()
    done = bench.glasspost("search", "sought", "--data", "d", code=74)
    same(done.stdout, b"", "T44 an index that cannot be made")
    check("incomplete" in sentence(done), "T44 says so")


def test_queue_life(bench):
    """Queued without an instance, listed, held, tried against nothing, tried against somebody, gone."""
    target = bench.listen(data="target")
    bench.glasspost("send", "--from", "a@b.test", "--to", "c@far.test", "--queue", "--data", "d")

    def entries():
        return [json.loads(line) for line in
                bench.glasspost("queue", "list", "--json", "--data", "d").stdout.splitlines()]

    def route_through(port):
        settings = bench.folder / "d" / "settings.ini"
        head, tail = settings.read_text().split("[route]")
        _, rest = tail.split("[listener]")
        settings.write_text(f"{head}[route]\nkind = smarthost\nhost = 127.0.0.1\nport = {port}\n\n[listener]{rest}")

    (entry,) = entries()
    same([one["address"] for one in entry["recipients"]], ["c@far.test"])
    bench.glasspost("queue", "hold", entry["id"], "--data", "d")
    check(entries()[0]["held"], "held")
    route_through(free_port())
    bench.glasspost("queue", "release", entry["id"], "--data", "d")
    check(not entries()[0]["held"], "released")
    bench.glasspost("queue", "hold", "nosuch", "--data", "d", code=69)
    bench.glasspost("queue", "run", "--data", "d")  # nobody listens there
    same([one["state"] for one in entries()[0]["recipients"]], ["deferred"])
    route_through(target.port)
    bench.glasspost("queue", "run", "--data", "d")
    same(target.event("stored")["to"], ["c@far.test"])
    same(entries(), [])


def test_import_and_export(bench):
    """An mbox that Python wrote goes in, and what comes out is read by Python: first alone, then by a running instance."""
    def written(path, kind):
        box = kind(bench.folder / path)
        for number in (1, 2):
            message = mailbox.mboxMessage(f"From: a@b.test\nSubject: Number {number}\n\nText\n\nFrom me, with love\n")
            message.set_flags("RO" if number == 1 else "")
            box.add(message)
        box.close()

    written("in.mbox", mailbox.mbox)
    check(b"2 messages imported" in bench.glasspost("import", "in.mbox", "--data", "d").stdout, "a count")
    bench.glasspost("export", "out.mbox", "--data", "d")
    out = mailbox.mbox(bench.folder / "out.mbox")
    same(sorted((m["Subject"], m.get_flags()) for m in out), [("Number 1", "RO"), ("Number 2", "")], "the mbox")
    sentence(bench.glasspost("export", "out.mbox", "--data", "d", code=73))

    listener = bench.listen(data="d")
    written("in", mailbox.Maildir)
    check(b"2 messages imported into captured/Kept" in bench.glasspost(
        "import", "in", "--mailbox", "captured/Kept", "--data", "d").stdout, "a folder of its own")
    bench.glasspost("export", "kept", "--format", "maildir", "--mailbox", "captured/Kept", "--data", "d")
    kept = mailbox.Maildir(bench.folder / "kept", create=False)
    same(sorted(m["Subject"] for m in kept), ["Number 1", "Number 2"], "the Maildir")
    check(all(m.get_payload().endswith("From me, with love\n") for m in kept), "the text as it was")

    (bench.folder / "text.txt").write_text("no message\n")
    for words, code in ((["import", "text.txt"], 65), (["import", "missing"], 69),
                        (["import", "in.mbox", "--mailbox", "nobody"], 69)):
        sentence(bench.glasspost(*words, "--data", "d", code=code))
    listener.stop()


if __name__ == "__main__":
    run(globals())
