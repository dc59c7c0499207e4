"""A search against a model in Python (searchmodel.py) over the same messages: each operator alone, and combinations of up to
four at random with NOT, OR and brackets, and while the index is rebuilt; and searches while mail comes in without an end. With --many it makes more than ten times the searches, in
10,000 messages."""

import concurrent.futures
import contextlib
import datetime
import json
import os
import random
import smtplib
import sqlite3
import sys
import threading
import time

import searchmodel
from peer import WAIT, Listener, check, run, same, wait_for

MANY = "--many" in sys.argv
MESSAGES = 10_000 if MANY else 2_000
SEARCHES = 500 if MANY else 40
WHILE_REBUILT = 8  # all at once, since each waits for the end
INCOMPLETE = 74  # exit code
SEED = 13


class Term:
    """One term: its text, and whether a message has it."""

    def __init__(self, text, has):
        self.text = text
        self.has = has


class Not:
    def __init__(self, chance, inner):
        self.inner = inner
        bare = isinstance(inner, Term)
        self.text = chance.choice(("-", "NOT ")) + (inner.text if bare else f"({inner.text})")

    def has(self, message):
        return not self.inner.has(message)


class Joined:
    def __init__(self, chance, kind, parts):
        self.parts = parts
        self.is_any = kind == "any"
        word = " OR " if self.is_any else chance.choice((" ", " AND "))
        # All binds tighter than any: the brackets of an "all" inside of an "any" may stay away.
        self.text = word.join(part.text if isinstance(part, (Term, Not)) or (self.is_any and not part.is_any)
                              else f"({part.text})" for part in parts)

    def has(self, message):
        return (any if self.is_any else all)(part.has(message) for part in self.parts)


# What may well be found in a field; capitals, marks and scripts as people type them, and not as they were written.
NAMES = ("Müller", "muller", "ANN", "bob", "example", "example.org", "deep.sub", "太郎", "eve@example.org", "O'Neill", "tag",
         "hidden", "blind@example.net", "山", "absent")
TEXTS = (*(word for word in searchmodel.WORDS if ":" not in word), "CAFE", "grosse", "Größe", "groesse", "resume", "日", "mail")
TYPED = {"": NAMES + TEXTS, "subject": TEXTS, "body": TEXTS, "filename": ("report", "PDF", "grosse", "budget-2026", "7.png", "doc"),
         "list": ("qt", "development", "announce.example.org", "none"), "bcc": (*NAMES, "hidden", "blind")}


def words(chance, field):
    """A word, a phrase or the beginning of a word, as it is typed: the text, whether it is a beginning."""
    word = chance.choice(TYPED.get(field, NAMES))
    form = chance.random()
    if form < 0.2 and field in ("", "subject", "body"):
        return f"\"{chance.choice(TEXTS)} {chance.choice(TEXTS)}\"", False
    if form < 0.4 and len(word) > 2 and word.isascii() and word.isalnum():
        return f"{word[:chance.randint(1, len(word) - 1)]}*", True
    return (f"\"{word}\"" if form < 0.6 or word in ("not", "or", "and") else word), False


def word_term(chance, field):
    text, is_prefix = words(chance, field)
    columns = {"": searchmodel.FIELDS, "to": ("to", "cc", "bcc", "envelope-to")}.get(field, (field,))
    bare = text.strip("\"*")
    return Term((f"{field}:" if field else "") + text, lambda message: message.has_words(columns, bare, is_prefix))


def some_days(chance):
    """A day, month or year as it is typed, its first day, and the day after it."""
    day = datetime.date(2024, 12, 20) + datetime.timedelta(chance.randrange(900))
    month = day.replace(day=1)
    form = chance.randrange(3)
    if form == 0:
        return f"{day:%Y-%m-%d}", day, day + datetime.timedelta(1)
    if form == 1:
        return f"{day:%Y-%m}", month, (month + datetime.timedelta(31)).replace(day=1)
    return f"{day:%Y}", day.replace(month=1, day=1), day.replace(year=day.year + 1, month=1, day=1)


def date_term(chance, operator):
    text, first, end = some_days(chance)
    if operator == "before":
        return Term(f"before:{text}", lambda message: message.day < first)
    if operator == "after":
        return Term(f"after:{text}", lambda message: message.day >= first)
    form = chance.randrange(4)
    if form == 0:
        return Term(f"date:{text}..", lambda message: message.day >= first)
    if form == 1:
        return Term(f"date:..{text}", lambda message: message.day < end)
    if form == 2:
        other, _, last = some_days(chance)
        return Term(f"date:{text}..{other}", lambda message: first <= message.day < last)
    return Term(f"date:{text}", lambda message: first <= message.day < end)


def age_term(chance):
    days = chance.choice((0, 1, 2, 30))
    text = {0: "today", 1: "yesterday"}.get(days, f"{days}d")
    day = datetime.date.today() - datetime.timedelta(days)
    return Term(f"after:{text}", lambda message: message.day >= day)


def state_term(chance):
    state = chance.choice(["unread", *searchmodel.FLAGS])
    flag = searchmodel.FLAGS.get(state, "S")
    return Term(f"is:{state}", lambda message: (flag in message.flags) != (state == "unread"))


def size_term(chance, operator):
    text, size = chance.choice((("1k", 1000), ("600", 600), ("0.005M", 5000), ("80kb", 80_000)))
    if operator == "larger":
        return Term(f"larger:{text}", lambda message: message.size > size)
    return Term(f"smaller:{text}", lambda message: message.size < size)


def folder_term(chance):
    name = chance.choice(("inbox", "Sent", "lists", "Lists/qt", "alice", "ALICE/sent", "captured/inbox", "entwürfe", "nowhere"))
    return Term(f"in:{name}", lambda message: message.is_in(name))


def tag_term(chance):
    tag = chance.choice((*searchmodel.TAGS, "WORK", "absent", ""))
    if not tag or (chance.random() < 0.4 and " " not in tag):
        begin = tag[:chance.randint(1, len(tag))] if tag else ""
        return Term(f"tag:{begin}*", lambda message: message.has_tag(begin, True))
    return Term(f'tag:"{tag}"', lambda message: message.has_tag(tag, False))


def id_term(chance):
    number = chance.randrange(MESSAGES * 2)
    text = chance.choice((f"id:{number}.x@example.org", f"id:<{number}.x@example.org>"))
    return Term(text, lambda message: message.message_id == f"{number}.x@example.org")


def session_term(chance):
    session = chance.choice((*searchmodel.SESSIONS, "1J1B9AUMIJ5GHHBM"))
    return Term(f"session:{session}", lambda message: message.session == session)


# Everything that --help names.
KINDS = {"": lambda chance: word_term(chance, ""),
         **{name: lambda chance, name=name: word_term(chance, name) for name in searchmodel.FIELDS},
         **{name: lambda chance, name=name: date_term(chance, name) for name in ("date", "before", "after")},
         "age": age_term, "is": state_term, "in": folder_term, "tag": tag_term, "id": id_term, "session": session_term,
         "has": lambda chance: Term("has:attachment", lambda message: message.has_attachment),
         "larger": lambda chance: size_term(chance, "larger"), "smaller": lambda chance: size_term(chance, "smaller")}


def combined(chance, count):
    """So many terms under operators at random."""
    if count == 1:
        node = KINDS[chance.choice(list(KINDS))](chance)
    else:
        left = chance.randint(1, count - 1)
        node = Joined(chance, chance.choice(("all", "any")), [combined(chance, left), combined(chance, count - left)])
    return Not(chance, node) if chance.random() < 0.2 else node


def search(bench, data, text):
    """Exit code, and (mailbox, folder, id) of each message found."""
    # What ends in a blank does not go on.
    done = bench.glasspost("search", "--json", "--limit", 1_000_000, "--data", data, "--", text + " ", code=None)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    found = {(row["mailbox"], row["folder"], row["id"]) for row in rows}
    same(len(found), len(rows), f"each message once: {text}")
    if done.returncode != INCOMPLETE:
        same((done.returncode, done.stderr), (0, b""), text)
    return done.returncode, found


class Searched:
    def __init__(self, bench):
        os.environ["TZ"] = bench.environment["TZ"] = "Europe/Berlin"
        time.tzset()
        self.bench = bench
        self.data = bench.folder / "data"
        self.messages = searchmodel.write(self.data / "mail", MESSAGES, SEED)
        self.listener = Listener(bench, self.data)

    def restart_without_index(self):
        self.listener.stop()
        for file in self.data.glob("index.sqlite*"):
            file.unlink()
        self.listener = Listener(self.bench, self.data)

    def indexed(self):
        """How many messages are in the index now, read beside the program."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.data}/index.sqlite?mode=ro", uri=True)) as index:
                return index.execute("SELECT count(*) FROM messages").fetchone()[0]
        except sqlite3.OperationalError:
            return 0  # not there yet

    def expected(self, node):
        return {message.id for message in self.messages if node.has(message)}

    def compare(self, nodes, at_once=2, codes=(0,)):
        """Each search finds what the model does, or nothing, with a code that says so. Gives those of which it found some but not
        all: a comparison of nothing with nothing shows little."""
        telling = []
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            for node, (code, found) in zip(nodes, pool.map(lambda node: search(self.bench, self.data, node.text), nodes)):
                check(code in codes, node.text, "ended with", code)
                expected = self.expected(node) if code == 0 else set()
                check(found == expected, f"{node.text}\n  found {len(found)} in place of {len(expected)};"
                      f"\n  too many: {sorted(found - expected)[:3]}\n  missing: {sorted(expected - found)[:3]}")
                if 0 < len(expected) < len(self.messages):
                    telling.append(node)
        return telling


def test_finds_what_the_model_finds(bench):
    searched = Searched(bench)
    chance = random.Random(SEED)
    same(len(search(bench, searched.data, "-absent")[1]), MESSAGES)
    alone = [make(chance) for make in KINDS.values() for _ in range(3 if MANY else 2)]
    mixed = [combined(chance, chance.randint(2, 4)) for _ in range(SEARCHES)]
    telling = searched.compare(alone + mixed)
    check(len(telling) > len(alone + mixed) / 2, len(telling), "of", len(alone + mixed), "found some but not all")
    print(f"{len(searched.messages)} messages, {len(alone + mixed)} searches, {len(telling)} found some but not all")
    searched.restart_without_index()
    before = searched.indexed()
    check(before < MESSAGES, "the index was whole again before anything was asked")
    answered = searched.compare(telling[-WHILE_REBUILT:], WHILE_REBUILT, (0, INCOMPLETE))
    print(f"asked when {before} were in the new index: {len(answered)} of {WHILE_REBUILT} searches answered")
    same(searched.compare(telling[-1:]), telling[-1:], "in the end it is complete")


class Pouring:
    """Sends mail from threads of its own until it is told to stop; knows which message has had its 250."""

    SENDERS = 3

    def __init__(self, port):
        self.port = port
        self.lock = threading.Lock()
        self.begun = 0
        self.acknowledged = set()
        self.errors = []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._send) for _ in range(self.SENDERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join(WAIT)

    def _send(self):
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=WAIT) as session:
                while not self.stopping.is_set():
                    with self.lock:
                        self.begun += 1
                        number = self.begun
                    session.sendmail("a@client.test", ["bob@example.test"],
                                     f"From: a@client.test\r\nTo: bob@example.test\r\nSubject: pouring {number}\r\n\r\nx\r\n")
                    with self.lock:
                        self.acknowledged.add(number)
        except (OSError, smtplib.SMTPException) as error:
            self.errors.append(error)

    def so_far(self):
        with self.lock:
            return set(self.acknowledged)


def poured(bench, data):
    """The numbers of the messages that a search finds, each once."""
    done = bench.glasspost("search", "--json", "--limit", 1_000_000, "--data", data, "subject:pouring ", timeout=WAIT)
    numbers = [int(json.loads(line)["subject"].split()[1]) for line in done.stdout.splitlines()]
    same(len(set(numbers)), len(numbers), "each message once")
    return set(numbers)


def test_finds_what_came_while_mail_pours_in(bench):
    listener = Listener(bench, bench.folder / "data")
    with Pouring(listener.port) as pouring:
        for _ in range(5):
            wait_for(lambda had=len(pouring.so_far()): len(pouring.so_far()) > had + 20 or pouring.errors, "more mail")
            before = pouring.so_far()
            missing = before - poured(bench, listener.data)
            same(sorted(missing)[:5], [], f"{len(missing)} of {len(before)} acknowledged messages were not found")
            check(all(thread.is_alive() for thread in pouring.threads), "mail came no more:", pouring.errors)
    same(pouring.errors, [])
    same(poured(bench, listener.data), pouring.so_far())
    print(f"{pouring.begun} messages came in while 5 searches were answered")


def test_ends_while_mail_comes_and_goes(bench):
    """Where the oldest mail is removed for each that comes, a change of the mailbox is always on its way to the files."""
    kept = 100
    listener = Listener(bench, bench.folder / "data", ("--keep-messages", kept))
    with Pouring(listener.port) as pouring:
        wait_for(lambda: len(pouring.so_far()) > 2 * kept or pouring.errors, "more mail than is kept")
        for _ in range(3):
            check(poured(bench, listener.data), "a search found nothing")
            check(all(thread.is_alive() for thread in pouring.threads), "mail came no more:", pouring.errors)
    same(pouring.errors, [])
    wait_for(lambda: len(poured(bench, listener.data)) == kept, f"the newest {kept} alone")


def test_says_what_it_did_not_understand(bench):
    listener = Listener(bench, bench.folder / "data")
    for query, said in (("sender:ann", "sender:"), ("before:soon", "before:soon"), ("is:pretty x ", "is:pretty")):
        done = bench.glasspost("search", query, "--data", listener.data)
        check(said.encode() in done.stderr, query, done.stderr)


if __name__ == "__main__":
    run(globals())
