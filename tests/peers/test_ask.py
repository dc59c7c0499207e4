"""Any program can ask, on the command line: a message shown, waited for, watched, marked, tagged, deleted."""

import email.message
import email.policy
import hashlib
import json
import os
import resource
import select
import signal
import smtplib
import socket
import subprocess
import threading
import time

from peer import WAIT, check, run, same


def message(subject="Hello", to="ann@b.test", sender="Shop <shop@a.test>", text="Text\n", html=None, attachment=None, **fields):
    built = email.message.EmailMessage(policy=email.policy.SMTP)
    built["From"] = sender
    built["To"] = to
    built["Subject"] = subject
    for name, value in fields.items():
        built[name.replace("_", "-")] = value
    built.set_content(text)
    if html:
        built.add_alternative(html, subtype="html")
    if attachment:
        built.add_attachment(attachment, maintype="application", subtype="pdf", filename="Rechnung für März.pdf")
    return built.as_bytes()


def deliver(listener, octets, to=("ann@b.test",), sender="bounces@a.test"):
    """Its ID, as the 250 tells."""
    with smtplib.SMTP("127.0.0.1", listener.port, timeout=WAIT) as session:
        session.ehlo()
        session.mail(sender)
        for one in to:
            session.rcpt(one)
        code, said = session.data(octets)
        same(code, 250)
        return said.decode().rsplit(" ", 1)[1]


def shown(bench, *words, code=0):
    done = bench.glasspost(*words, "--json", "--data", "d", code=code)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_show(bench):
    """One message in all its forms, by a running instance and without one."""
    (bench.folder / "tmp").mkdir()
    bench.environment["TMPDIR"] = str(bench.folder / "tmp")
    listener = bench.listen(data="d")
    pdf = bytes(range(256)) * 2000
    octets = message("Your code", text="Your code is 482 913.\nSee https://a.test/help.\n",
                     html='<p>Your code is <b>482 913</b>. <a href="https://a.test/reset?t=1&amp;u=2">Reset it</a></p>',
                     attachment=pdf, X_Order="4711")
    first = deliver(listener, octets, to=("ann@b.test", "hidden@b.test"))
    latest = deliver(listener, message("Later"))

    def look(how):
        (one,) = shown(bench, "show", first)
        same((one["id"], one["mailbox"], one["folder"], one["subject"]), (first, "captured", "Inbox", "Your code"), how)
        same(one["from"], [{"name": "Shop", "address": "shop@a.test"}], how)
        same((one["returnPath"], one["deliveredTo"]), ("bounces@a.test", ["ann@b.test", "hidden@b.test"]), how)
        same(one["codes"], ["482913"], how)
        same([(link["url"], link["text"]) for link in one["links"]],
             [("https://a.test/reset?t=1&u=2", "Reset it"), ("https://a.test/help", "")], how)
        check("<b>482 913</b>" in one["html"] and "Your code is 482 913." in one["text"], how, one["html"], one["text"])
        check({"name": "X-Order", "value": "4711"} in one["headers"], how, one["headers"])
        (attached,) = one["attachments"]
        same((attached["fileName"], attached["contentType"], attached["size"]),
             ("Rechnung für März.pdf", "application/pdf", len(pdf)), how)
        same((one["session"]["role"], one["session"]["address"], one["truncated"]), ("server", "127.0.0.1", False), how)
        part = bench.glasspost("show", first, "--part", attached["part"], "--data", "d").stdout
        same(hashlib.sha256(part).hexdigest(), hashlib.sha256(pdf).hexdigest(), how)
        raw = bench.glasspost("show", first, "--raw", "--data", "d").stdout
        check(raw.startswith(b"Return-Path: <bounces@a.test>\n"), how, raw[:200])
        check(raw.endswith(octets.replace(b"\r\n", b"\n")), how, "the message itself")
        text = bench.glasspost("show", first, "--data", "d").stdout.decode()
        for line in ("From: Shop <shop@a.test>", "Subject: Your code", "  482913", "  https://a.test/reset?t=1&u=2  (Reset it)"):
            check(line in text.split("\n"), how, line, text)
        same(shown(bench, "show", "latest")[0]["id"], latest, how)
        same(shown(bench, "show", "latest", "--mailbox", "captured")[0]["id"], latest, how)
        for words in (("nosuch",), ("1700000000.M1P1Q1.host",), (first, "--mailbox", "captured/Junk"),
                      ("latest", "--mailbox", "nobody"), (first, "--part", "99"), (first, "--raw", "--mailbox", "nobody")):
            done = bench.glasspost("show", *words, "--data", "d", code=66)
            same((done.stdout, len(done.stderr.decode().strip().split("\n"))), (b"", 1), f"{how} {words}")

    look("while it listens")
    listener.stop()
    look("without an instance")
    same(os.listdir(bench.folder / "tmp"), [], "what is left behind")


def test_show_a_hostile_message(bench):
    """Nothing of a message rules the terminal that shows it."""
    listener = bench.listen(data="d")
    one = deliver(listener, b"From: a@b.test\r\nSubject: =?utf-8?q?x=1B=5B2Jy?=\r\n\r\n\x1b]0;title\x07text\r\n")
    for words in ((), ("--json",)):
        done = bench.glasspost("show", one, *words, "--data", "d").stdout
        check(b"\x1b" not in done and b"\x07" not in done and b"text" in done, done)


def test_check(bench):
    """What is wrong with a message, by a running instance and without one; an error is an exit code."""
    listener = bench.listen(data="d")
    good = deliver(listener, message("Fine", Date="Mon, 23 Nov 2026 10:00:00 +0100", Message_ID="<1@a.test>"))
    wrong = deliver(listener, message("Wrong", html='<p>Hello <img src="cid:none"></p>'))  # nor has it a Date

    def look(how):
        (checks,) = shown(bench, "check", wrong, code=1)
        found = {finding["check"]: finding for finding in checks["findings"]}
        same((checks["id"], found["date-missing"]["severity"], "line" in found["date-missing"]), (wrong, "error", False), how)
        source = bench.glasspost("show", wrong, "--raw", "--data", "d").stdout.splitlines()
        check(b"cid:none" in source[found["picture-missing"]["line"] - 1], how, found["picture-missing"])
        same([(one["kind"], one["target"]) for one in checks["references"]], [("picture", "cid:none")], how)
        same(checks["errors"], sum(finding["severity"] == "error" for finding in checks["findings"]), how)
        (checks,) = shown(bench, "check", good)
        same(checks["errors"], 0, how)
        done = bench.glasspost("check", "latest", "--mailbox", "captured", "--data", "d", code=1)
        check(b"There is no Date field" in done.stdout, how, done.stdout)
        bench.glasspost("check", "none", "--data", "d", code=66)

    look("running")
    listener.stop()
    look("on its own")


def test_mark_and_delete(bench):
    listener = bench.listen(data="d")
    ids = [deliver(listener, message(f"Number {number}")) for number in range(4)]

    def look(how, one):
        for word, key, value in (("read", "seen", True), ("unread", "seen", False), ("flagged", "flagged", True),
                                 ("unflagged", "flagged", False)):
            same(shown(bench, "mark", word, one), [{"count": 1, "missing": []}], how)
            same(shown(bench, "show", one)[0][key], value, f"{how} {word}")
        same(shown(bench, "mark", "read", "nosuch", one, code=66), [{"count": 1, "missing": ["nosuch"]}], how)
        check(shown(bench, "show", one)[0]["seen"], how, "the other one is marked")
        same(shown(bench, "delete", one), [{"count": 1, "missing": []}], how)
        bench.glasspost("show", one, "--data", "d", code=66)
        same(shown(bench, "delete", one, code=66), [{"count": 0, "missing": [one]}], how)

    look("while it listens", ids[0])
    listener.stop()
    look("without an instance", ids[1])
    same(len(list((bench.folder / "d/mail/captured").glob("*/*,S=*"))), 2, "files")
    same(shown(bench, "mark", "read", "ALL", "--mailbox", "captured"), [{"count": 2, "missing": []}])
    check(bench.glasspost("delete", "ALL", "--mailbox", "captured", "--data", "d").stdout == b"2 messages deleted\n")
    same(list((bench.folder / "d/mail/captured").glob("*/*,S=*")), [], "files")


def test_tag(bench):
    listener = bench.listen(data="d")
    one, other = (deliver(listener, message(f"Number {number}")) for number in range(2))

    def rows(query):
        done = bench.glasspost("search", "--json", "--data", "d", "--", query)
        return {row["id"]: row["tags"] for row in map(json.loads, done.stdout.splitlines())}

    def found(query):
        return set(rows(query))

    def look(how):
        same(shown(bench, "tag", one, other, "+work", "+to do"), [{"count": 2, "missing": []}], how)
        same(shown(bench, "tag", one, "-WORK", "+Später 😀"), [{"count": 1, "missing": []}], how)
        same(shown(bench, "show", one)[0]["tags"], ["to do", "Später 😀"], how)
        same(rows("in:captured "), {one: ["to do", "Später 😀"], other: ["work", "to do"]}, how)
        same((found("tag:work "), found('tag:"to do"'), found("tag:spä"), found("tag:wor "), found("-tag:* ")),
             ({other}, {one, other}, {one}, set(), set()), how)
        same(shown(bench, "tag", "nosuch", one, "+x", code=66), [{"count": 1, "missing": ["nosuch"]}], how)
        same(shown(bench, "tag", "ALL", "--mailbox", "captured", "-x"), [{"count": 2, "missing": []}], how)
        same(found("tag:x "), set(), how)
        check(b"Tags: to do" in bench.glasspost("show", one, "--data", "d").stdout, how)

    look("while it listens")
    listener.stop()
    (bench.folder / "d/index.sqlite").unlink()
    same((found("tag:work "), found('tag:"to do"')), ({other}, {one, other}), "what the index was rebuilt from")
    look("without an instance")


class Background:
    """A command of ours that runs beside the test."""

    def __init__(self, bench, *words):
        self.process = bench.start(bench.program, *words, "--data", "d", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   bufsize=0)

    def end(self, code=0):
        out, err = self.process.communicate(timeout=WAIT)
        same(self.process.returncode, code, (out + err).decode(errors="replace"))
        return [json.loads(line) for line in out.splitlines()]

    def line(self):
        return json.loads(self.process.stdout.readline())


def test_wait_finds(bench):
    """By each condition, what came before and what comes later; another message never."""
    listener = bench.listen(data="d")
    wanted = message("Order 4711", text="Total 12\n", html="<p class='sum'>Total 12</p>", X_Order="47-11")
    envelope = ("ann@b.test", "Hidden@B.test")
    conditions = {
        "to in the header": ("--to", "ANN@b.test"),
        "to in the envelope alone": ("--to", "hidden@b.test"),
        "from in the header": ("--from", "shop@A.test"),
        "from in the envelope": ("--from", "bounces@a.test"),
        "subject": ("--subject", "^Order \\d+$"),
        "any case": ("--subject", "(?i)^ORDER"),
        "body as text": ("--body", "Total 1\\d"),
        "body as HTML": ("--body", "class='sum'"),
        "a field": ("--header", "x-order=^47-"),
        "mailbox": ("--mailbox", "captured", "--subject", "Order"),
        "all together": ("--to", "ann@b.test", "--from", "shop@a.test", "--subject", "Order", "--body", "Total",
                         "--header", "X-Order=11$", "--header", "subject=4711"),
    }
    misses = {
        "to": ("--to", "bob@b.test"),
        "to a part of it": ("--to", "nn@b.test"),
        "from": ("--from", "ann@b.test"),
        "subject": ("--subject", "^order"),
        "body": ("--body", "Total 2"),
        "a field": ("--header", "X-Order=^11"),
        "another field": ("--header", "X-Other=."),
        "mailbox": ("--mailbox", "captured/Junk"),
        "one of two": ("--to", "ann@b.test", "--subject", "Bill"),
    }
    live = {name: Background(bench, "wait", "--json", "--since", "-1h", "--timeout", WAIT, *words)
            for name, words in conditions.items()}
    deliver(listener, message("Else", to="carl@b.test", sender="x@c.test"), to=("carl@b.test",), sender="x@c.test")
    one = deliver(listener, wanted, to=envelope)
    for name, waiting in live.items():
        same([each["id"] for each in waiting.end()], [one], name)
    for name, words in conditions.items():
        same([each["id"] for each in shown(bench, "wait", "--since", "-1h", *words)], [one], "afterwards: " + name)
    for name, words in misses.items():
        bench.glasspost("wait", "--since", "all", "--timeout", "0", *words, "--data", "d", code=124)


def test_wait_since(bench):
    listener = bench.listen(data="d")
    first, second = deliver(listener, message("1")), deliver(listener, message("2"))

    def ids(*words, code=0):
        return [one["id"] for one in shown(bench, "wait", "--to", "ann@b.test", "--timeout", "0", *words, code=code)]

    same(ids("--since", "all"), [first])
    same(ids("--since", "all", "--count", "2"), [first, second])
    same(ids("--since", "all", "--count", "3", code=124), [first, second], "those that came are printed")
    same(ids("--since", first), [second])
    same(ids("--since", second, code=124), [])
    same(ids(code=124), [], "now")
    same(ids("--since", "-1h", "--count", "2"), [first, second])
    same(ids("--since", "2030-01-01T00:00:00Z", code=124), [])
    bench.glasspost("delete", first, "--data", "d")
    same(ids("--since", first), [second], "since one that is deleted")
    waiting = Background(bench, "wait", "--json", "--since", second, "--count", "2", "--timeout", WAIT)
    same([deliver(listener, message(str(number))) for number in (3, 4)], [one["id"] for one in waiting.end()])


def test_wait_times_out(bench):
    bench.listen(data="d")
    began = time.monotonic()
    done = bench.glasspost("wait", "--timeout", "1", "--data", "d", code=124)
    check(time.monotonic() - began >= 1, "not before its time")
    same((done.stdout, b"0 of 1" in done.stderr), (b"", True))


def test_wait_for_a_glasspost(bench):
    """One that starts later answers, and the next one when it ends."""
    done = bench.glasspost("wait", "--timeout", "0", "--data", "d", code=124)
    check(b"no Glasspost runs" in done.stderr, done.stderr)
    waiting = Background(bench, "wait", "--json", "--to", "ann@b.test", "--count", "3", "--timeout", WAIT)
    check(b"no Glasspost runs" in waiting.process.stderr.readline(), "says that it waits")
    listener = bench.listen(data="d")
    ids = [deliver(listener, message("1"))]
    same(waiting.line()["id"], ids[0])
    listener.stop()
    listener = bench.listen(data="d")
    ids += [deliver(listener, message("2"))]
    listener.kill()
    listener = bench.listen(data="d")
    ids += [deliver(listener, message("3"))]
    same([one["id"] for one in waiting.end()], ids[1:])


def test_wait_ends_with_its_command(bench):
    """Nothing is kept of those who went away."""
    listener = bench.listen(data="d")
    for _ in range(20):
        gone = Background(bench, "wait", "--since", "all")
        gone.process.kill()
        gone.process.wait()
    path = control_socket(bench)
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(path)
        raw.sendall(b'{"request":"wait","to":"ann@b.test","count":1}\n')
    one = deliver(listener, message("1"))
    same(shown(bench, "wait", "--since", "all")[0]["id"], one)


def test_watch(bench):
    listener = bench.listen(data="d")
    before = deliver(listener, message("0"))
    watching = Background(bench, "watch", "--json", "--since", before)
    ids = [deliver(listener, message("1"))]
    row = watching.line()
    same((row["id"], row["subject"], row["from"]), (ids[0], "1", "shop@a.test"))
    listener.stop()
    listener = bench.listen(data="d")
    ids = [deliver(listener, message(str(number))) for number in range(50)]
    same([watching.line()["id"] for _ in ids], ids)
    watching.process.send_signal(signal.SIGTERM)
    same(watching.end(), [])


def control_socket(bench):
    (path,) = (bench.folder / "run").glob("glasspost-*.socket")
    return str(path)


WAITS = 2000  # at once, and as many arrivals
RACES = 5


def test_waits_race_with_arrivals(bench):
    """Ten thousand waits, each for a message of its own, a part of which came before: none misses it, none gets another's."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    check(hard >= WAITS + 200, "too few files may be open:", hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, WAITS + 1000), hard))
    listener = bench.listen("--max-connections", "10", data="d")
    for race in range(RACES):
        race_waits(bench, listener, race * WAITS)
    same(len(listener.files()), WAITS * RACES)


def race_waits(bench, listener, first):
    """Of the messages from that number on."""
    path, since = control_socket(bench), time.time_ns() // 1000
    sent = threading.Semaphore(0)

    def send_all():
        for begin in range(first, first + WAITS, 50):
            with smtplib.SMTP("127.0.0.1", listener.port, timeout=WAIT) as session:
                for number in range(begin, begin + 50):
                    session.sendmail("shop@a.test", f"user{number}@b.test",
                                     f"From: shop@a.test\r\nTo: user{number}@b.test\r\nSubject: For {number}\r\n\r\nx\r\n")
                    sent.release()

    sender = threading.Thread(target=send_all, daemon=True)
    sender.start()
    # Each wait is asked as one message was sent, from both ends: what it waits for came long ago, comes now, or comes last.
    order = [first + number for pair in zip(range(WAITS // 2), range(WAITS - 1, WAITS // 2 - 1, -1)) for number in pair]
    waiting, answers = {}, {}
    poll = select.epoll()
    for number in order:
        check(sent.acquire(timeout=WAIT), "a message was sent")
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        wanted = {"request": "wait", "to": f"user{number}@b.test", "count": 1, "sinceMicros": since}
        if number % 4 == 0:
            wanted["subject"] = f"^For {number}$"
        connection.sendall(json.dumps(wanted).encode() + b"\n")
        waiting[connection.fileno()] = (number, connection, bytearray())
        poll.register(connection.fileno(), select.EPOLLIN)
        read_some(poll, waiting, answers, 0)
    end = time.monotonic() + WAIT * 2
    while len(answers) < WAITS:
        check(time.monotonic() < end, len(answers), "of", WAITS, "were answered, not", sorted(set(order) - set(answers))[:20])
        read_some(poll, waiting, answers, 1)
    sender.join(WAIT)
    same({number: subjects for number, subjects in answers.items() if subjects != [f"For {number}"]}, {}, "each its own")


def read_some(poll, waiting, answers, timeout):
    for descriptor, _ in poll.poll(timeout):
        number, connection, octets = waiting[descriptor]
        piece = connection.recv(65536)
        check(piece, "hung up on", number, "after", bytes(octets))
        octets += piece
        found = [json.loads(line) for line in bytes(octets).split(b"\n")[:-1]]
        subjects = [one["message"]["subject"] for one in found if "message" in one]
        if subjects:
            answers[number] = subjects
            poll.unregister(descriptor)
            connection.close()


if __name__ == "__main__":
    run(globals())
