"""Fails on what product code may not hold: blocking calls, words of unfinished work, a file of more than 400 lines (a test
may be longer: its rows are as many as its subject has); on skipped tests; and on a test of ui that emits a signal of an
object which is not its own fake."""

import pathlib
import re
import sys

from sources import ROOMS, sources

BLOCKING = re.compile(
    r"\bwaitFor(Connected|ReadyRead|BytesWritten|Disconnected|Encrypted|Finished|Done|NewConnection)\b"
    r"|\bprocessEvents\b|\bQEventLoop\b|\bQThread::(m|u)?sleep\b|\bQDialog::exec\b|\.exec\(\)(?=.*[Dd]ialog)")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|not implemented")
SKIPPED = re.compile(r"\bQ" r"SKIP\b|QEXPECT_" r"FAIL")
# A fake (tests/support/fake*.h) emits its signals itself, in a method that says what happens: "Q_EMIT changed(...)".
# A signal that is called without Q_EMIT, or emitted by a subclass that a test makes of a widget, is not seen here.
BORROWED = re.compile(r"\bQ_EMIT\s+[^;(]*(\.|->)")
LONGEST = 400


def faults_in(name, text):
    is_product = not name.startswith("tests/")
    lines = text.split("\n")
    rules = [UNFINISHED, SKIPPED] + ([BLOCKING] if is_product else [])
    faults = [f"{name}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) for rule in rules if rule.search(line)]
    if name.startswith("tests/ui/"):
        faults += [f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]}... is another object's signal: use a fake"
                   for found in BORROWED.finditer(text)]
    if is_product and len(lines) - 1 > LONGEST:
        faults.append(f"{name}: {len(lines) - 1} lines, {LONGEST} at most: split it by subject")
    return faults


def checks_can_fail():
    emits = "    Q_EMIT system->outbox().changed({});\n"
    return (faults_in("ui/x.cpp", "socket.waitForReadyRead()\n") and not faults_in("tests/x.cpp", "socket.waitForReadyRead()\n")
            and faults_in("tests/x.cpp", "Q" "SKIP(1)\n") and faults_in("ui/x.cpp", "// TO" "DO\n")
            and faults_in("ui/x.cpp", "\n" * (LONGEST + 1)) and not faults_in("ui/x.cpp", "\n" * LONGEST)
            and faults_in("tests/ui/x.cpp", emits) and faults_in("tests/ui/x.cpp", "Q_EMIT\n    m_queue.changed(1);\n")
            and not faults_in("tests/ui/x.cpp", "Q_EMIT changed(a.b());\n") and not faults_in("tests/mail/x.cpp", emits))


def main(root):
    faults = []
    assert checks_can_fail()
    for name in sources(root, ROOMS + ["tests"]):
        faults += faults_in(name, (pathlib.Path(root) / name).read_text(encoding="utf-8"))
    print("\n".join(faults) or "nothing that blocks, nothing left behind, nothing skipped, nothing too long, no signal borrowed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
