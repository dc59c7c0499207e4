"""A mailbox of a million messages, made cheaply: hard links to a few files, and rows written straight into the index."""

import os
import sqlite3

from glasspost import Glasspost
from peer import wait_for
from receiving import blast

LINKS = 60_000  # ext4 takes 65,000 a file
UNIQUE = "{seconds}.M{micros}P1Q{number}.host,S={size},W={wire}"
MESSAGE = ("Return-Path: <a@client.test>\nFrom: Ann Example <a@client.test>\nTo: bob@example.test\n"
           "Subject: one of a million\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n\nA short text.\n")
ARRIVED = 1_700_000_000

ROWS = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
INSERT INTO messages (folder, uniq, file, flags, unread, date, arrived, size, attachments, from_name, from_address,
    recipients, subject, from_key, subject_key, message_id, session, queue, preview)
SELECT :folder, CAST(unique_of(n) AS BLOB), CAST('new/' || unique_of(n) AS BLOB), 0, 1, :arrived + n, :arrived + n, :wire, 0, 'Ann Example',
    'a@client.test', 'bob@example.test', 'one of a million', 'ann example', 'one of a million', x'', x'', x'', 'A short text.'
FROM numbers
"""
WORDS = """
INSERT INTO words (rowid, sender, recipients, subject, body)
SELECT id, 'Ann Example a@client.test', 'bob@example.test', 'one of a million', 'A short text.' FROM messages
WHERE id > :before
"""


def unique_of(number):
    size = len(MESSAGE)
    return UNIQUE.format(seconds=ARRIVED + number, micros=number % 1_000_000, number=number, size=size,
                         wire=size + MESSAGE.count("\n"))


def fill(bench, data, count):
    """Makes the data folder with so many messages in "captured", all of them indexed."""
    ours = Glasspost(bench, data)
    blast(bench, ours.port, 10, "kept")
    new = data / "mail" / "captured" / "new"
    wait_for(lambda: len(list(new.glob("*"))) == 10, "the first messages")
    ours.stop()
    folder = os.open(new, os.O_RDONLY)
    for number in range(1, count + 1):
        if number % LINKS == 1:
            source = f"source-{number}"
            with open(data / source, "w") as file:
                file.write(MESSAGE)
        os.link(data / source, unique_of(number), dst_dir_fd=folder)
    os.close(folder)
    index = sqlite3.connect(data / "index.sqlite")
    index.create_function("unique_of", 1, unique_of, deterministic=True)
    inbox = index.execute("SELECT id FROM folders WHERE user = 'captured' AND name = ''").fetchone()[0]
    before = index.execute("SELECT max(id) FROM messages").fetchone()[0] or 0
    index.execute("PRAGMA cache_size = -400000")
    index.execute(ROWS, {"count": count, "folder": inbox, "arrived": ARRIVED, "wire": len(MESSAGE) + 7})
    index.execute(WORDS, {"before": before})
    index.commit()
    index.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    index.close()
