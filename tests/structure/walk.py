"""Fails when the walk of a received message in docs/ARCHITECTURE.md is longer than eight files, or goes through one that is
not in the tree or does not name what the walk says is there."""

import pathlib
import re
import sys

DOCUMENT = "docs/ARCHITECTURE.md"
TITLE = "## A message that comes in: from the engine to its file"
MOST = 8
STEP = re.compile(r"^\d+\. (.*?)(?=^\d+\. |\Z)", re.M | re.S)
SOURCE = re.compile(r"`((?:smtp|mail|ui|app)/[\w/]+\.(?:cpp|h))`")
NAMED = re.compile(r"`(?:\w+::)*(\w+)(?:\(\))?`")


def section(text):
    """The walk alone: from its title to the next one."""
    begin = text.find(TITLE + "\n")
    end = text.find("\n## ", begin + 1)
    return text[begin:end] if begin >= 0 else ""


def faults(text, read):
    """read gives the text of a source, None when there is none."""
    steps = STEP.findall(section(text))
    files = sorted({name for step in steps for name in SOURCE.findall(step)})
    found = [] if steps else [f"{DOCUMENT} has no walk of the title {TITLE!r}"]
    if len(files) > MOST:
        found.append(f"the walk goes through {len(files)} files, at most {MOST} are allowed: {', '.join(files)}")
    for step in steps:
        sources = SOURCE.findall(step)
        if len(sources) != 1:
            found.append(f"a step goes through one file, this one through {len(sources)}: {step[:60]!r}")
            continue
        content = read(sources[0])
        if content is None:
            found.append(f"{sources[0]} is not in the tree")
        elif not any(re.search(rf"\b{name}\b", content) for name in NAMED.findall(step.replace(f"`{sources[0]}`", ""))):
            found.append(f"nothing that the step of {sources[0]} names is there")
    return found


def can_fail():
    tree = {f"mail/x/a{i}.cpp": f"void take{i}()" for i in range(9)}

    def walk(count, extra=""):
        return TITLE + "\n\n" + "".join(f"{i + 1}. `mail/x/a{i}.cpp`: `Part::take{i}` does it.\n" for i in range(count)) + extra
    return (not faults(walk(8), tree.get) and faults(walk(9), tree.get) and faults("", tree.get)
            and faults(walk(1, "2. `mail/x/gone.cpp`: `take0`\n"), tree.get)
            and faults(walk(1, "2. `mail/x/a1.cpp`: `take7`\n"), tree.get)
            and not faults(walk(8, "\n## Other\n1. `mail/x/gone.cpp`\n"), tree.get))


def main(root):
    assert can_fail()
    root = pathlib.Path(root)

    def read(name):
        return (root / name).read_text(encoding="utf-8") if (root / name).is_file() else None
    found = faults((root / DOCUMENT).read_text(encoding="utf-8"), read)
    print("\n".join(found) or "a received message can be followed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
