"""Fails on what product code may not hold: blocking calls, words of unfinished work, and on skipped tests."""

import pathlib
import re
import sys

from sources import ROOMS, sources

BLOCKING = re.compile(
    r"\bwaitFor(Connected|ReadyRead|BytesWritten|Disconnected|Encrypted|Finished|Done|NewConnection)\b"
    r"|\bprocessEvents\b|\bQEventLoop\b|\bQThread::(m|u)?sleep\b|\bQDialog::exec\b|\.exec\(\)(?=.*[Dd]ialog)")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|not implemented")
SKIPPED = re.compile(r"\bQ" r"SKIP\b|QEXPECT_" r"FAIL")


def main(root):
    faults = []
    for name in sources(root, ROOMS + ["tests"]):
        text = (pathlib.Path(root) / name).read_text(encoding="utf-8")
        rules = [UNFINISHED, SKIPPED] + ([] if name.startswith("tests/") else [BLOCKING])
        for number, line in enumerate(text.split("\n"), 1):
            faults += [f"{name}:{number}: {line.strip()}" for rule in rules if rule.search(line)]
    assert BLOCKING.search("socket.waitForReadyRead()")
    print("\n".join(faults) or "nothing that blocks, nothing left behind, nothing skipped")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
