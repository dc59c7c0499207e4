"""What one large message costs in memory, in each direction that the command line has, beyond what a small one costs."""

import os
import subprocess

from peer import check
from report import Row

LIMIT = 100  # MB, for a message of 300


def peak(bench, *words):
    """The most that the program held, in megabytes."""
    process = bench.start(bench.program, *words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    check(process.returncode == 0, "exit code", process.returncode, "from", *words)
    return usage.ru_maxrss / 1024


def write_files(bench, name, megabytes):
    block = os.urandom(1024 * 1024)
    text = b"a line of a letter that goes on and on and on, as letters do\n" * 17000
    with open(bench.folder / f"{name}.bin", "wb") as file, open(bench.folder / f"{name}.eml", "wb") as message:
        message.write(b"From: a@client.test\nTo: b@here.test\nSubject: large\n\n")
        for _ in range(megabytes):
            file.write(block)
            message.write(text)


def directions(bench, port, megabytes):
    for name, size in (("small", 1), ("large", megabytes)):
        write_files(bench, name, size)
    send = ("send", "--from", "a@client.test", "--to", "b@here.test", "--via", f"smtp://127.0.0.1:{port}")
    commands = {
        "attached and sent": lambda name: (*send, "--attach", f"{name}.bin"),
        "attached and queued": lambda name: (*send, "--attach", f"{name}.bin", "--queue", "--data", "queued"),
        "sent as it is": lambda name: (*send, "--message", f"{name}.eml"),
        "imported": lambda name: ("import", f"{name}.eml", "--data", f"kept-{name}"),
        "exported": lambda name: ("export", f"{name}.mbox", "--data", f"kept-{name}"),
    }
    for what, words in commands.items():
        grown = peak(bench, *words("large")) - peak(bench, *words("small"))
        Row(f"{megabytes} MB {what}, memory more", grown, "limit", LIMIT, 1, less_is_better=True, unit=" MB")
