"""What others do to the data folder, and what a disk does: F12, F30, F31."""

import contextlib
import datetime
import os
import pathlib
import shutil
import smtplib
import sqlite3
import stat

from peer import WAIT, Failure, Listener, check, free_port, program, run, same, wait_for, without_trace

OPTIONS = ("--policy", "mailboxes", "--user", "alice", "--domain", "here.test")
# What a database that somebody edited may hold in any column.
VALUES = (None, -1, 2 ** 63 - 1, 1e300, "", "x'); DROP TABLE messages; --", "it's \"quoted\" `so` [and] so", b"\xff\0'\"",
          "../../../../etc/passwd", "x" * 1_000_000, b"\xfe" * 1_000_000)


def deliver(listener, *numbers, size=100):
    with smtplib.SMTP("127.0.0.1", listener.port, local_hostname="client.test", timeout=WAIT) as session:
        for number in numbers:
            session.sendmail("a@client.test", ["alice@here.test"], text(number, size).replace(b"\n", b"\r\n"))


def text(number, size=100):
    return f"From: \"it's {number}\" <a@client.test>\nSubject: number {number}\n\n".encode() + b"words\n" * (size // 6)


def exported(bench, data):
    """Every message, as the command gives them out."""
    folder = bench.folder / "out"
    shutil.rmtree(folder, ignore_errors=True)
    bench.glasspost("export", folder, "--format", "maildir", "--mailbox", "alice", "--data", data)
    return sorted(without_trace(file.read_bytes()) for file in folder.glob("*/*") if file.is_file() and file.stat().st_size)


class Edited:
    """A data folder with a few messages, of whose index copies are edited."""

    def __init__(self, bench):
        self.bench = bench
        self.data = bench.folder / "data"
        self.count = len(VALUES)
        listener = Listener(bench, self.data, OPTIONS)
        deliver(listener, *range(self.count))
        listener.wait_files(self.count, "alice")
        wait_for(lambda: self.search("words") == self.count, "the index")
        listener.stop()
        self.index = self.data / "index.sqlite"
        self.original = self.index.read_bytes()

    def search(self, words):
        return len(self.bench.glasspost("search", words, "--limit", 1000, "--json", "--data", self.data).stdout.splitlines())

    def restore(self):
        for suffix in ("-wal", "-shm"):
            pathlib.Path(f"{self.index}{suffix}").unlink(missing_ok=True)
        self.index.write_bytes(self.original)

    def check(self, what):
        """It starts, takes mail, finds and gives out all of it; nothing of it came from elsewhere."""
        listener = Listener(self.bench, self.data, OPTIONS)
        deliver(listener, self.count)
        self.count += 1
        for words in ("words subject:number", "from:client.test before:2100-01-01 after:1990-01-01"):
            self.bench.glasspost("search", words, "--json", "--data", self.data)
        wait_for(lambda: self.search("subject:number") == self.count, f"the index to be right again: {what}", 20)
        whole = sorted(text(number) for number in range(self.count))
        wait_for(lambda: exported(self.bench, self.data) == whole, f"all mail to be given out: {what}", 20)
        listener.stop()


def edit_rows(index, table, column):
    """Each row gets another of the values in that column, as far as the schema lets it."""
    key = {"words_idx": "segid", "words_config": "k", "thread_ids": "message_id"}.get(table, "rowid")
    with contextlib.closing(sqlite3.connect(index)) as database:
        for place, (row,) in enumerate(database.execute(f"SELECT {key} FROM {table}").fetchall()):
            with contextlib.suppress(sqlite3.IntegrityError):
                database.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (VALUES[place % len(VALUES)], row))
        database.commit()


def edit_schema(index, *statements):
    with contextlib.closing(sqlite3.connect(index)) as database:
        database.execute("PRAGMA writable_schema = 1")
        for statement in statements:
            database.execute(statement)
        database.commit()


def columns(index):
    tables = ("folders", "messages", "words_content", "words_data", "words_docsize", "words_idx", "words_config",
              "sqlite_sequence", "thread_ids")
    with contextlib.closing(sqlite3.connect(index)) as database:
        return [(table, row[1]) for table in tables for row in database.execute(f"PRAGMA table_info({table})")]


def test_edited_index(bench):
    """F12: wrong types, NULL, quotes and a megabyte in every column of the index, its schema as it was."""
    edited = Edited(bench)
    for table, column in columns(edited.index):
        edited.restore()
        edit_rows(edited.index, table, column)
        edited.check(f"{table}.{column}")


def test_edited_schema(bench):
    """F12: the same in tables that lost their types and NOT NULL, a trigger, a table that is gone, no database at all."""
    edited = Edited(bench)
    loose = "UPDATE sqlite_schema SET sql = replace(replace(sql, ' NOT NULL', ''), ' STRICT', '') WHERE type = 'table'"
    edits = {"loose": (loose,), "a trigger": ("CREATE TRIGGER t AFTER INSERT ON messages BEGIN DELETE FROM messages; END",),
             "no words": ("DROP TABLE words",), "no messages": ("DROP TABLE messages",),
             "no order": ("DROP INDEX by_date",), "another version": ("PRAGMA user_version = 99",)}
    for what, statements in edits.items():
        edited.restore()
        edit_schema(edited.index, *statements)
        if what == "loose":
            for table, column in columns(edited.index):
                if table in ("folders", "messages", "thread_ids"):
                    edit_rows(edited.index, table, column)
        edited.check(what)
    whole = edited.original
    damaged = {"nothing": b"", "no database": b"text\n" * 9000, "cut short": whole[:len(whole) // 2],
               "a page of noise": whole[:8192] + os.urandom(4096) + whole[12288:], "zeros": bytes(len(whole))}
    for what, octets in damaged.items():
        edited.restore()
        edited.index.write_bytes(octets)
        edited.check(what)


def modes(folder):
    """Path below the folder -> its mode, links left out."""
    return {str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode)
            for path in [folder, *folder.rglob("*")] if not path.is_symlink()}


def test_umask_of_nothing(bench):
    """F30: started with umask 000, every file is 0600 and every folder 0700, from the first moment to the last."""
    before = os.umask(0)
    try:
        (bench.folder / "a.txt").write_text("attached")
        bench.glasspost("send", "--from", "alice@here.test", "--to", "b@far.test", "--subject", "queued", "--attach", "a.txt",
                        "--via", f"smtp://127.0.0.1:{free_port()}", "--queue", "--data", "data")
        data = bench.folder / "data"
        listener = Listener(bench, data, OPTIONS)
        deliver(listener, 1)
        deliver(listener, 2, size=600_000)  # past the journal, by spool/
        with contextlib.closing(smtplib.SMTP("127.0.0.1", listener.port)) as open_one:
            open_one.docmd("EHLO client.test")
            for command in ("MAIL FROM:<a@client.test>", "RCPT TO:<alice@here.test>", "DATA"):
                open_one.docmd(command)
            open_one.send(b"half a message\r\n" * 100_000)
            listener.wait_files(2, "alice")
            wait_for(lambda: (data / "index.sqlite-wal").exists() and list((data / "sessions").glob("*")), "all kinds of files")
            while_running = modes(data)
        bench.glasspost("queue", "run", "--data", data)
        bench.glasspost("queue", "remove", "ALL", "--data", data)
        listener.stop()
    finally:
        os.umask(before)
    for found in (while_running, modes(data)):
        kinds = {path.split("/")[0] for path in found}
        check({"mail", "queue", "journal", "spool", "sessions", "tls", "drafts", "lock", "settings.ini"} <= kinds, kinds)
        same({path: oct(mode) for path, mode in found.items()
              if mode != (0o700 if (data / path).is_dir() else 0o600) and (data / path).exists()}, {})


def test_planted_links(bench):
    """F30: a link in the data folder under a name that Glasspost will write is not followed: what it leads to stays as it
    is, and no message that was answered with 250 is lost."""
    victims = {"empty": b"", "text": b"somebody's text\n" * 300}
    names = ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "tls/key.pem", "tls/certificate.pem", "lock",
             *(f"journal/{number:016x}.wal" for number in range(3)), "spool/large-1-1", "spool/in-1", "spool/swept-1",
             "mail/alice/.Sent/maildirfolder", f"sessions/{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}.jsonl"]
    for turn, name in enumerate(names):
        for kind, octets in victims.items():
            for plant in (os.symlink, os.link):
                victim = bench.folder / f"victim-{turn}-{kind}-{plant.__name__}"
                victim.write_bytes(octets)
                victim.chmod(0o644)
                data = bench.folder / f"data-{turn}-{kind}-{plant.__name__}"
                (data / name).parent.mkdir(parents=True)
                plant(victim, data / name)
                visit(bench, data, f"{plant.__name__} {name} to {kind}")
                same((victim.read_bytes(), oct(victim.stat().st_mode & 0o777)), (octets, "0o644"), f"{plant.__name__} {name}")
                shutil.rmtree(data)


def visit(bench, data, what):
    """A start with mail small and large; whether it is taken or refused for now, what got its 250 is there."""
    try:
        listener = Listener(bench, data, OPTIONS)
    except Failure:
        return  # it refuses to start, and says so
    taken = 0
    for size in (100, 600_000):
        try:
            deliver(listener, taken, size=size)
            taken += 1
        except smtplib.SMTPResponseException as no:
            check(no.smtp_code == 451, what, no)
    same(len(wait_for(lambda: len(files := listener.files("alice")) >= taken and [files], what)[0]), taken, what)
    listener.stop()


class SmallDisk:
    """A data folder on a tmpfs of its own that only the listener sees, in a mount namespace that needs no rights; from
    outside it is looked at through /proc."""

    def __init__(self, bench, options):
        inside = bench.folder / "disk"
        inside.mkdir()
        script = f'mount -t tmpfs -o {options} tmpfs {inside} && exec "$@"'
        self.listener = Listener(bench, inside / "data", (*OPTIONS, "--max-size", "400000"), under=(
            program("unshare", "util-linux"), "--map-root-user", "--user", "--mount", "sh", "-c", script, "sh"))
        self.disk = pathlib.Path(f"/proc/{self.listener.process.pid}/root{inside}")

    def files(self, *parts):
        folder = self.disk / "data" / "mail" / "alice"
        return [file for part in parts for file in (folder / part).glob("*")]

    def refused(self, number, size, in_the_middle=lambda: None):
        """Whether that message is refused, which has to be by a reply that asks to come again."""
        with smtplib.SMTP("127.0.0.1", self.listener.port, local_hostname="client.test", timeout=WAIT) as session:
            session.ehlo()
            for command in ("MAIL FROM:<a@client.test>", "RCPT TO:<alice@here.test>", "DATA", "."):
                if command == ".":
                    in_the_middle()
                    session.send(text(number, size).replace(b"\n", b"\r\n"))
                code, words = session.docmd(command)
                if code >= 400:
                    check((code, words[:5]) in ((452, b"4.3.1"), (451, b"4.3.0")), command, "refused with", code, words)
                    return True
        return False

    def check(self, what, kept):
        """Room is back: it takes mail again, all of what got its 250 is there whole, and nothing else."""
        numbers = list(kept)
        number = max(numbers, default=0) + 1000

        def takes_again():
            return not self.refused(number, 100)

        wait_for(takes_again, f"mail to be taken again: {what}")
        wanted = sorted([text(one, size) for one, size in kept.items()] + [text(number)])
        wait_for(lambda: sorted(without_trace(file.read_bytes()) for file in self.files("new", "cur")) == wanted,
                 f"what got its 250, whole and once: {what}")
        same(self.files("tmp"), [], what)
        kept[number] = 100


def test_disk_in_trouble(bench):
    """F31: no room, no inode: 451 or 452 and no half file, and it goes on as soon as there is room. A quota, EIO and a disk
    that became read-only are tests/reliability's."""
    small = SmallDisk(bench, "size=24m,nr_inodes=400")
    kept = {}
    check(not small.refused(1, 1000), "an empty disk")
    kept[1] = 1000

    def until_refused(size):
        for number in range(max(kept) + 1, max(kept) + 4000):
            if small.refused(number, size):
                return
            kept[number] = size
        raise Failure("never full")

    ballast = small.disk / "ballast"

    def fill_up():
        with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(4096)):
                pass

    check(small.refused(100, 300_000, fill_up), "taken on a full disk")
    for number, size in ((101, 100), (102, 3000), (103, 60_000)):
        if not small.refused(number, size):  # the journal has made room ahead: then it is a 250 like any other
            kept[number] = size
    ballast.unlink()
    small.check("no room", kept)

    fill = small.disk / "fill"
    fill.mkdir()
    with contextlib.suppress(OSError):
        for number in range(400):
            (fill / str(number)).touch()
    until_refused(300_000)
    shutil.rmtree(fill)
    small.check("no inode", kept)
    small.listener.stop()


if __name__ == "__main__":
    run(globals())
