"""Messages to search, and what a search of them should find by the words of `glasspost search --help`: read with Python's email
package, compared one after another, nothing shared with the program but the files."""

import datetime
import email
import email.header
import email.policy
import email.utils
import functools
import html.parser
import multiprocessing
import random
import re
import time
import unicodedata
import urllib.parse

FOLDERS = {("alice", "Inbox"): "alice", ("alice", "Sent"): "alice/.Sent", ("alice", "Lists.qt"): "alice/.Lists.qt",
           ("captured", "Inbox"): "captured", ("captured", "Entwürfe"): "captured/.Entw&APw-rfe"}
PEOPLE = (("Ann Müller", "ann@example.org"), ("Bob", "bob@mail.example.net"), ("", "carol+tag@example.com"),
          ("山田 太郎", "taro@example.jp"), ("O'Neill, Eve", "eve@example.org"), ("Mallory", "m.o@deep.sub.example.test"))
HIDDEN = ("hidden@example.org", "blind@example.net")
WORDS = ("invoice", "Rechnung", "lunch", "café", "Größe", "naïve", "report", "quarterly", "budget", "release", "x86", "2026",
         "not", "or", "and", "from:ann", "C++", "e-mail", "größer", "日本", "メール", "邮件", "done😀", "résumé", "invoices")
LISTS = ("Qt Development <development.qt.example>", "<announce.example.org>")
FILES = ("report.pdf", "Größe 7.png", "budget-2026.xlsx")
SESSIONS = ("1J1B9AUMIJ5GHHBMQ", "1J1B9AUMIJ5GHHBMR", "1J2C0AUMIJ5GHHBMS")
FLAGS = {"draft": "D", "flagged": "F", "forwarded": "P", "answered": "R", "read": "S"}
TAGS = ("work", "Work shop", "to do", "Später", "100%", "done😀")
# The same fields are in many messages.
POLICY = email.policy.default.clone(header_factory=functools.cache(email.policy.default.header_factory))
FIELDS = ("from", "to", "cc", "bcc", "subject", "body", "filename", "list", "envelope-from", "envelope-to")


# What is written

def encoded(text):
    return email.header.Header(text, "utf-8").encode() if not text.isascii() else text


def address(person):
    name, where = person
    if not name:
        return where
    return f"{encoded(name)} <{where}>" if not name.isascii() else f"\"{name}\" <{where}>"


def sentence(chance, most):
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(0, most)))


def text_part(chance, text):
    kind = chance.choice(("plain", "plain", "html"))
    content = text if kind == "plain" else "<html><body><p>" + text.replace(" ", " <b>x</b> ", 1) + "</p></body></html>"
    field = f"Content-Type: text/{kind}; charset=utf-8\n"
    if chance.random() < 0.5:
        lines = email.base64mime.body_encode(content.encode())
        return field + "Content-Transfer-Encoding: base64\n\n" + lines + "\n"
    return field + "Content-Transfer-Encoding: 8bit\n\n" + content + "\n"


def file_part(chance, name):
    stored = name if name.isascii() else email.header.Header(name, "utf-8").encode()
    octets = email.base64mime.body_encode(chance.randbytes(chance.choice((30, 30, 3000, 3000, 3000, 60_000))))
    return ("Content-Type: application/octet-stream\n"
            f"Content-Disposition: attachment; filename=\"{stored}\"\nContent-Transfer-Encoding: base64\n\n{octets}\n")


def field_of_people(chance, name, most):
    people = chance.sample(PEOPLE, chance.randint(0, most))
    return f"{name}: " + ",\n ".join(address(one) for one in people) + "\n" if people else ""


def message(chance, number):
    """A message as it lies in a mailbox."""
    fields = []
    if chance.random() < 0.6:
        fields.append(f"Return-Path: <{chance.choice(PEOPLE)[1]}>\n")
        fields += [f"Delivered-To: {one}\n" for one in
                   chance.sample([person[1] for person in PEOPLE] + list(HIDDEN), chance.randint(1, 3))]
        fields.append(f"Received: from a.example ([192.0.2.1]) by b.example with ESMTP id {chance.choice(SESSIONS)};\n"
                      " Mon, 23 Nov 2026 10:00:00 +0000\n")
    if chance.random() < 0.95:
        fields.append(f"From: {address(chance.choice(PEOPLE))}\n")
    fields += [field_of_people(chance, "To", 3), field_of_people(chance, "Cc", 2)]
    if chance.random() < 0.2:
        fields.append(field_of_people(chance, "Bcc", 2))
    fields.append(f"Subject: {encoded(sentence(chance, 5))}\n")
    if chance.random() < 0.95:
        moment = 1_735_000_000 + chance.randrange(75_000_000)
        fields.append(f"Date: {email.utils.formatdate(moment)}\n")
    fields.append(f"Message-ID: <{number}.x@example.org>\nMIME-Version: 1.0\n")
    if chance.random() < 0.2:
        fields.append(f"List-Id: {chance.choice(LISTS)}\n")
    head = "".join(fields)
    text = text_part(chance, sentence(chance, 12))
    names = chance.sample(FILES, chance.choice((0, 0, 0, 1, 2)))
    if not names:
        return (head + text).encode()
    parts = [text] + [file_part(chance, name) for name in names]
    return (head + "Content-Type: multipart/mixed; boundary=\"=b=\"\n\n--=b=\n" + "\n--=b=\n".join(parts)
            + "\n--=b=--\n").encode()


def write(mail, count, seed):
    """So many messages in a few mailboxes, as another program leaves them; gives what they are."""
    chance = random.Random(seed)
    for path in FOLDERS.values():
        for part in ("cur", "new", "tmp"):
            (mail / path / part).mkdir(parents=True, exist_ok=True)
        if "/" in path:
            (mail / path / "maildirfolder").touch()
    written = []
    tagged = {}
    for number in range(count):
        mailbox, path = chance.choice(list(FOLDERS.items()))
        flags = "".join(sorted(flag for flag in FLAGS.values() if chance.random() < 0.3))
        unique = f"{1_700_000_000 + number}.M{number}P1Q{number}.elsewhere"
        where = f"new/{unique}" if not flags and chance.random() < 0.5 else f"cur/{unique}:2,{flags}"
        octets = message(chance, number)
        (mail / path / where).write_bytes(octets)
        tags = chance.sample(TAGS, chance.choice((0, 0, 0, 1, 2)))
        written.append((mailbox, unique, flags, octets, tags))
        if tags:
            words = " ".join([unique, *(urllib.parse.quote(tag) for tag in tags)])
            tagged.setdefault(mailbox[0], []).append(words + "\n")
    (mail.parent / "tags").mkdir()
    for user, lines in tagged.items():
        (mail.parent / "tags" / user).write_text("".join(lines))
    return read(written)


def read(written):
    """What each of them is, by the arguments of Message; on all cores, since Python's parser takes its time."""
    with multiprocessing.Pool() as pool:
        return pool.starmap(Message, written, chunksize=100)


# What is read

class Text(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.text = ""

    def handle_data(self, data):
        self.text += data


def stands_alone(character):
    return unicodedata.category(character) == "So" or re.match("[\u3040-\u30ff\u3400-\u9fff]", character)


def tokens(text):
    """Words: letters and digits without their marks, each character of a script without spaces and each symbol for itself."""
    found, word = [], ""
    for character in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(character)
        is_alone = stands_alone(character)
        if is_alone or not (category[0] in "LN" or category == "Co"):
            found, word = found + [word] * bool(word), ""
        if is_alone:
            found.append(character)
        elif category[0] in "LN" or category == "Co":
            word += unicodedata.normalize("NFD", character)[0].lower()
    return found + [word] * bool(word)


class Message:
    def __init__(self, mailbox, unique, flags, octets, tags):
        self.id = (*mailbox, unique)
        self.mailbox = mailbox
        self.flags = flags
        self.tags = tags
        self.size = len(octets) + octets.count(b"\n")
        parsed = email.message_from_bytes(octets, policy=POLICY)
        people = {name: [f"{one.display_name} {one.addr_spec}" for field in parsed.get_all(name, [])
                         for one in field.addresses] for name in ("From", "To", "Cc", "Bcc")}
        envelope_from = str(parsed.get("Return-Path", "")).strip("<> ")
        envelope_to = [str(one) for one in parsed.get_all("Delivered-To", [])]
        named = " ".join(people["To"] + people["Cc"] + people["Bcc"]).split()
        hidden = [one for one in envelope_to if one not in named]
        parts = [part for part in parsed.walk() if not part.is_multipart()]
        texts = [part for part in parts if part.get_content_maintype() == "text"]
        self.has_attachment = len(texts) < len(parts)
        columns = {"from": " ".join(people["From"]) or envelope_from, "to": " ".join(people["To"]),
                   "cc": " ".join(people["Cc"]), "bcc": " ".join(people["Bcc"] + hidden),
                   "subject": str(parsed.get("Subject", "")), "body": " ".join(self._text(part) for part in texts),
                   "filename": " ".join(part.get_filename() for part in parts if part.get_filename()),
                   "list": str(parsed.get("List-Id", "")), "envelope-from": envelope_from,
                   "envelope-to": " ".join(envelope_to)}
        self.columns = {name: tokens(text) for name, text in columns.items()}
        self.message_id = str(parsed["Message-ID"]).strip("<> ")
        received = re.search(r" id (\w+);", str(parsed.get("Received", "")))
        self.session = received.group(1) if received else ""
        date = parsed.get("Date")
        # Python takes the zone -0000 for none, which RFC 5322 3.3 has as UTC.
        moment = int(unique.split(".")[0])
        if date:
            zone = date.datetime.tzinfo or datetime.timezone.utc
            moment = date.datetime.replace(tzinfo=zone).timestamp()
        self.day = datetime.date(*time.localtime(moment)[:3])

    @staticmethod
    def _text(part):
        text = part.get_content()
        if part.get_content_subtype() == "html":
            parser = Text()
            parser.feed(text)
            parser.close()
            text = parser.text
        return text

    def has_words(self, columns, text, is_prefix):
        """All of its tokens one after another in one of the columns."""
        wanted = tokens(text)
        for column in columns:
            there = self.columns[column]
            for at in range(len(there) - len(wanted) + 1):
                piece = there[at:at + len(wanted)]
                if piece[:-1] == wanted[:-1] and (piece[-1] == wanted[-1] or (is_prefix and piece[-1].startswith(wanted[-1]))):
                    return True
        return False

    def has_tag(self, text, is_prefix):
        keys = [tag.casefold() for tag in self.tags]
        return any(key.startswith(text.casefold()) if is_prefix else key == text.casefold() for key in keys)

    def is_in(self, name):
        user, folder = (word.casefold() for word in self.mailbox)
        name = name.casefold().replace("/", ".")
        return name in (user, folder, f"{user}.{folder}") or folder.startswith(name + ".")
