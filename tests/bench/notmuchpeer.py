"""notmuch over a Maildir that stays as it is: its database lies elsewhere, and flags are not written back."""

import shutil
import time

from peer import program

PATIENCE = 1800  # seconds


class Notmuch:
    def __init__(self, bench, maildir):
        self.bench = bench
        self.database = bench.folder / "notmuch-database"
        shutil.rmtree(self.database, ignore_errors=True)
        self.database.mkdir()
        config = bench.folder / "notmuch-config"
        config.write_text(f"[database]\npath={self.database}\nmail_root={maildir}\n[user]\nname=Bob\n"
                          "primary_email=bob@example.test\n[new]\ntags=new\n[maildir]\nsynchronize_flags=false\n")
        self.command = (program("notmuch", "notmuch"), f"--config={config}")

    def took(self, *words):
        """Seconds."""
        began = time.monotonic()
        self.run(*words)
        return time.monotonic() - began

    def run(self, *words):
        return self.bench.run(*self.command, *words, timeout=PATIENCE).stdout.decode()

    def forget(self):
        shutil.rmtree(self.database)
