"""Other programs at work in our Maildirs while we are: what they read is what we have, and what they change is in our index, which
the window shows, within a second."""

import contextlib
import smtplib
import sqlite3
import time

from peer import check, program, run, same, wait_for

SOON = 1.0  # seconds
MESSAGES = 30


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
    """(folder, subject) -> whether it is unread."""
    return {(folder, subject): bool(unread) for folder, subject, unread in selected(
        listener, "SELECT f.name, m.subject, m.unread FROM messages m JOIN folders f ON f.id = m.folder WHERE f.user = 'captured'")}


def notmuch_of(bench, listener):
    (bench.folder / "notmuch").mkdir()
    config = bench.folder / "notmuch-config"
    config.write_text(f"[database]\npath={bench.folder / 'notmuch'}\nmail_root={listener.data / 'mail' / 'captured'}\n"
                      "[user]\nname=Bob\nprimary_email=bob@example.test\n"
                      "[new]\ntags=unread\n[maildir]\nsynchronize_flags=true\n")
    notmuch = (program("notmuch", "notmuch"), f"--config={config}")
    bench.run(*notmuch, "new", "--quiet")
    return notmuch


def shown_soon(listener, is_shown, what):
    began = time.monotonic()
    wait_for(lambda: is_shown(rows(listener)), what)
    took = time.monotonic() - began
    print(f"{what}: {took:.2f} s")
    return took


def check_soon(change, back, listener, is_changed, what):
    """The middle of five times: a machine that is busy may be late once."""
    took = []
    for _ in range(5):
        change()
        took.append(shown_soon(listener, is_changed, what))
        back()
        shown_soon(listener, lambda now: not is_changed(now), f"{what}, taken back")
    check(sorted(took)[2] < SOON, what, "took", took)


def test_flags_of_notmuch(bench):
    listener = fill(bench)
    notmuch = notmuch_of(bench, listener)
    same(bench.run(*notmuch, "count", "*").stdout.strip(), str(MESSAGES).encode())
    check_soon(lambda: bench.run(*notmuch, "tag", "-unread", "id:7@client.test"),
               lambda: bench.run(*notmuch, "tag", "+unread", "id:7@client.test"),
               listener, lambda now: not now[("", "7")], "read by notmuch")
    listener.stop()


def test_moves_of_others(bench):
    listener = fill(bench)
    inbox = listener.data / "mail" / "captured"
    archive = inbox / ".Archive"
    for part in ("cur", "new", "tmp"):
        (archive / part).mkdir(parents=True, exist_ok=True)
    wait_for(lambda: ("captured", "Archive") in selected(listener, "SELECT user, name FROM folders"), "the folder")
    message = listener.files()[3]
    moved = archive / "cur" / message.name
    subject = next(line[9:] for line in message.read_text().splitlines() if line.startswith("Subject: "))
    check_soon(lambda: message.rename(moved), lambda: moved.rename(message),
               listener, lambda now: ("Archive", subject) in now and ("", subject) not in now, "moved")
    listener.stop()


if __name__ == "__main__":
    run(globals())
