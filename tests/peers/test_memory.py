"""Memory does not grow with a message, whatever the command line does with it: the most that a process held (VmHWM), with
a large message against a small one. What the window does is measured by tests/mail/tst_largemessages.cpp."""

import os
import subprocess

from peer import check, run, wait_for

# 300 MB may cost 100 MB. A sixth of both, so that the test is over soon; what is held whole even once costs more.
SIZE = 50 * 1024 * 1024
MOST = 16 * 1024
# A sanitizer keeps what was freed, 256 MB of it unless it is told otherwise.
SANITIZER = {"ASAN_OPTIONS": "quarantine_size_mb=1:thread_local_quarantine_size_kb=16"}


def peak(bench, *words, stdin=subprocess.DEVNULL):
    """Kilobytes."""
    process = bench.start(bench.program, *words, stdin=stdin, stdout=subprocess.DEVNULL,
                          env={**bench.environment, **SANITIZER})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    check(process.returncode == 0, "exit code", process.returncode, "from", *words)
    return usage.ru_maxrss


def high_water(process):
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def grown(name, small, large):
    print(f"      {name}: {(large - small) // 1024} MB")
    check(large - small < MOST, name, f"{(large - small) // 1024} MB more than a small one")


def write_files(bench, name, size):
    block = os.urandom(1024 * 1024)
    text = b"a line of a letter that goes on and on and on, as letters do\n"
    with open(bench.folder / f"{name}.bin", "wb") as file:
        for _ in range(max(1, size // len(block))):
            file.write(block)
    with open(bench.folder / f"{name}.eml", "wb") as message, open(bench.folder / f"{name}.mbox", "wb") as box:
        box.write(b"From a@client.test Mon Nov 23 10:00:00 2026\n")
        for file in (message, box):
            file.write(b"From: a@client.test\nTo: b@example.test\nSubject: large\n\n")
            for _ in range(max(1, size // len(text) // 1000)):
                file.write(text * 1000)


def test_a_large_message(bench):
    """T21 T109: sending, importing and exporting a large message takes no more memory than a small one, but for a bound."""
    for name, size in (("small", 1), ("large", SIZE)):
        write_files(bench, name, size)
    listener = bench.listen("--max-size", str(4 * SIZE))
    via = ("--via", f"smtp://127.0.0.1:{listener.port}")
    send = ("send", "--from", "a@client.test", "--to", "b@example.test")
    commands = {
        "T21 send --attach": lambda name: (*send, "--attach", f"{name}.bin", *via),
        "T21 send --attach --queue": lambda name: (*send, "--attach", f"{name}.bin", *via, "--queue", "--data", "q"),
        "T21 send --message": lambda name: (*send, "--message", f"{name}.eml", *via),
        "T21 send --message --queue": lambda name: (*send, "--message", f"{name}.eml", *via, "--queue", "--data", "q"),
        "T109 import of an mbox": lambda name: ("import", f"{name}.mbox", "--data", f"box-{name}"),
        "T109 import of a message": lambda name: ("import", f"{name}.eml", "--data", f"message-{name}"),
        "T109 export into an mbox": lambda name: ("export", f"out-{name}.mbox", "--data", f"box-{name}"),
        "T109 export into a Maildir": lambda name: ("export", f"out-{name}", "--format", "maildir", "--data", f"box-{name}"),
    }
    for name, words in commands.items():
        grown(name, peak(bench, *words("small")), peak(bench, *words("large")))
    with open(bench.folder / "small.eml") as small, open(bench.folder / "large.eml") as large:
        words = (*send, "--message", "-", *via)
        grown("T21 send --message -", peak(bench, *words, stdin=small), peak(bench, *words, stdin=large))
    listener.stop()


def test_receiving_a_large_message(bench):
    """T21: nor does receiving one."""
    write_files(bench, "small", 1)
    write_files(bench, "large", SIZE)
    bench.environment.update(SANITIZER)
    listener = bench.listen("--max-size", str(4 * SIZE))

    def receive(name):
        bench.glasspost("send", "--from", "a@client.test", "--to", "b@example.test", "--message", f"{name}.eml", "--via",
                        f"smtp://127.0.0.1:{listener.port}", timeout=120)
        listener.event("stored")
        return high_water(listener.process)

    grown("T21 receiving", receive("small"), receive("large"))
    wait_for(lambda: len(listener.files()) == 2, "two messages")
    listener.stop()


if __name__ == "__main__":
    run(globals())
