"""Conversations against those of notmuch over the same Maildir: 10,000 messages in the shapes of mailing lists and of people's
programs. Every difference is listed and must be one that is meant:

- notmuch knows no subjects: a reply that names nothing known joins the latest message of its subject with us (JWZ's fall-back);
- an address in the free words of an In-Reply-To (RFC 822) is no id to us: "Message from <ann@example.org> of Monday"."""

import json
import random
import re
import sqlite3

from peer import check, program, run, same

MESSAGES = 11_400  # of which the list loses some
LONGEST = 300  # seconds for either to read them all
SEED = 7
FREE_WORDS = "Message from <ann@example.org> of Monday"


class Message:
    def __init__(self, number, subject):
        self.number = number
        self.id = f"{number}.{number * 7919 % 1000}@list.example.org"
        self.subject = subject
        self.references = []
        self.in_reply_to = None

    @property
    def is_reply(self):
        return re.match(r"(re|aw)(\[\d+\])?:", self.subject, re.IGNORECASE) is not None

    @property
    def topic(self):
        return re.sub(r"^((re|aw|fwd?)(\[\d+\])?:\s*)+", "", self.subject, flags=re.IGNORECASE).lower()

    def text(self):
        lines = [f"From: person{self.number % 9}@example.org", "To: list@example.org", f"Message-ID: <{self.id}>",
                 f"Date: Mon, 23 Nov 2026 {self.number // 3600:02}:{self.number // 60 % 60:02}:{self.number % 60:02} +0000",
                 f"Subject: {self.subject}"]
        if self.in_reply_to:
            lines.append(f"In-Reply-To: {self.in_reply_to}")
        if self.references:
            lines.append("References: " + "\n ".join(f"<{one}>" for one in self.references))
        return "\n".join(lines) + "\n\nwords\n"


def reply(chance, number, parent):
    """As programs answer: with both fields, one, the last references alone, none; now and then with another subject."""
    message = Message(number, parent.subject if parent.is_reply else chance.choice(("Re: ", "RE: ", "AW: ", "Re[2]: ")) + parent.subject)
    named = [*parent.references, parent.id]
    form = chance.random()
    if form < 0.5:
        message.references, message.in_reply_to = named, f"<{parent.id}>"
    elif form < 0.6:
        message.in_reply_to = f"<{parent.id}> ({parent.subject})"
    elif form < 0.7:
        message.references = named[-2:]
    elif form < 0.8:
        message.references = named[:1]
    elif form < 0.85:
        message.references = [f"lost-{number}@exchange.example.com"]
    elif form < 0.9:
        message.in_reply_to = FREE_WORDS
    if chance.random() < 0.1 and form < 0.8:
        message.subject = f"topic {number} (was: {parent.topic})"
    return message


def correspondence():
    """In the order of their arrival; what the list lost, and what came late, too."""
    chance = random.Random(SEED)
    written, lost = [], set()
    for number in range(MESSAGES):
        if number % 6 == 0 or not written:
            message = Message(number, f"topic {number}")
            if number % 60 == 0:
                message.in_reply_to = FREE_WORDS
        elif number % 50 == 49:  # a loop
            message = Message(number, f"topic {number}")
            message.references = [written[-1].id]
            written[-1].references.append(message.id)
        else:
            message = reply(chance, number, chance.choice(written[-40:]))
        written.append(message)
        if chance.random() < 0.12:
            lost.add(message)
    came = [one for one in written if one not in lost]
    for place in range(0, len(came) - 5, 17):
        came[place], came[place + 4] = came[place + 4], came[place]
    return came


def keep(messages, maildir):
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True)
    for place, message in enumerate(messages):
        (maildir / "cur" / f"{1_700_000_000 + place}.M{place}P1.elsewhere:2,S").write_text(message.text())


def threads_of_notmuch(bench, maildir):
    config = bench.folder / "notmuch-config"
    config.write_text(f"[database]\npath={maildir}\n[user]\nname=Ann\nprimary_email=ann@example.org\n"
                      "[new]\ntags=\n[search]\nexclude_tags=\n[maildir]\nsynchronize_flags=false\n")
    notmuch = (program("notmuch", "notmuch"), f"--config={config}")
    bench.run(*notmuch, "new", "--quiet", timeout=LONGEST)
    # Not by "notmuch show": it leaves out a loop, which has no first message.
    found = json.loads(bench.run(*notmuch, "search", "--format=json", "*").stdout)
    return [{one.removeprefix("id:") for queries in thread["query"] if queries for one in queries.split()} for thread in found]


def threads_of_ours(bench):
    bench.glasspost("search", "--data", bench.folder / "d", "larger:1", "--limit", "1", timeout=LONGEST)  # waits for the index
    index = sqlite3.connect(f"file:{bench.folder}/d/index.sqlite?mode=ro", uri=True)
    threads = {}
    for message, thread in index.execute("SELECT message_id, coalesce(thread, id) FROM messages"):
        threads.setdefault(thread, set()).add(message.decode())
    return list(threads.values())


def thread_by_id(threads):
    return {one: place for place, thread in enumerate(threads) for one in thread}


def joined_by_address(messages, ours, theirs):
    """Ours, joined where an address was an id to notmuch."""
    named = [one.id for one in messages if one.in_reply_to == FREE_WORDS]
    check(len({thread_by_id(theirs)[one] for one in named}) == 1, "notmuch does not join what names one address any more")
    together = [thread for thread in ours if thread & set(named)]
    check(len(together) > 1, "an address of free words joined messages")
    return [thread for thread in ours if not thread & set(named)] + [set().union(*together)], len(together)


def check_subjects(messages, ours, theirs):
    """Ours are whole threads of notmuch's, put together where a reply that nothing else joins has the subject; and all of those."""
    by_ours, by_theirs = thread_by_id(ours), thread_by_id(theirs)
    for thread in theirs:
        check(len({by_ours[one] for one in thread}) == 1, "notmuch joins what we do not:", sorted(thread))
    expected, last, known, differences = set(), {}, set(), []
    for message in messages:
        before = last.get(message.topic)
        if message.is_reply and by_theirs[message.id] not in known and before:
            expected.add(by_ours[message.id])
            check(by_ours[before.id] == by_ours[message.id], message.subject, "did not join", before.subject)
            differences.append(f"{message.id} \"{message.subject}\" to {before.id} \"{before.subject}\"")
        last[message.topic] = max(before or message, message, key=lambda one: one.number)  # by its date
        known.add(by_theirs[message.id])
    for place, thread in enumerate(ours):
        if len({by_theirs[one] for one in thread}) > 1:
            check(place in expected, "we join what notmuch does not, and no subject says so:", sorted(thread))
    return differences


def test_conversations_are_notmuchs(bench):
    messages = correspondence()
    box = bench.folder / "d" / "mail" / "alice"
    keep(messages, box)
    keep(messages, bench.folder / "notmuch")
    theirs, ours = threads_of_notmuch(bench, bench.folder / "notmuch"), threads_of_ours(bench)
    for threads, whose in ((ours, "ours"), (theirs, "notmuch's")):
        same(sorted(one for thread in threads for one in thread), sorted(one.id for one in messages), whose)
    joined, by_address = joined_by_address(messages, ours, theirs)
    differences = check_subjects(messages, joined, theirs)
    check(differences, "no reply was joined by its subject")
    print(f"{len(messages)} messages: {len(ours)} conversations, notmuch has {len(theirs)} threads.")
    print(f"One thread of notmuch's for an address in free words is {by_address} of ours.")
    print(f"{len(differences)} joined by their subject:")
    for line in differences:
        print(" ", line)


if __name__ == "__main__":
    run(globals())
