"""Fails when the walk of a received message in docs/ARCHITECTURE.md is longer than eight files or names more than three values,
goes through a file that is not in the tree or does not name what the walk says is there, or when a function that it names
takes the message in a value that it does not name."""

import pathlib
import re
import sys

DOCUMENT = "docs/ARCHITECTURE.md"
TITLE = "## A message that comes in: from the engine to its file"
MOST_FILES = 8
MOST_VALUES = 3
STEP = re.compile(r"^\d+\. (.*?)(?=^\d+\. |^\n|\Z)", re.M | re.S)
SOURCE = re.compile(r"`((?:smtp|mail|ui|app)/[\w/]+\.(?:cpp|h))`")
NAMED = re.compile(r"`(?:\w+::)*(\w+)(?:\(\))?`")
VALUES = re.compile(r"values that go through them: (.*?)\.", re.S)
WRAPPERS = re.compile(r"wrappers: (.*?)\.", re.S)
DECLARED = re.compile(r"^ *(?:struct (\w+)\n *\{|using (\w+) = )", re.M)
# What a message's octets lie in, and the step that writes them: whatever holds one of these holds the message.
SEEDS = {"MessageOctets", "FileStep"}


def section(text):
    """The walk alone: from its title to the next one."""
    begin = text.find(TITLE + "\n")
    end = text.find("\n## ", begin + 1)
    return text[begin:end] if begin >= 0 else ""


def types(text):
    return set(re.findall(r"\b[A-Z]\w+", re.sub(r"//.*", "", text)))


def holders(headers):
    """Each value that holds the message, itself or in a member, with the types that its members name."""
    members = {}
    for match in DECLARED.finditer(headers):
        name = match.group(1) or match.group(2)
        end = headers.find("\n" + " " * (len(match.group(0)) - len(match.group(0).lstrip())) + "}", match.end()) \
            if match.group(1) else headers.find(";", match.end())
        members[name] = types(headers[match.end():end])
    holding = set(SEEDS)
    while more := {name for name, named in members.items() if named & holding} - holding:
        holding |= more
    return {name: members.get(name, set()) for name in holding}


def taken(name, content):
    """The types that the function's definitions in a source take."""
    heads = re.findall(rf"\b{name}\(([^(){{}};]*)\)[\w\s]*\{{", content)
    return types(" ".join(heads))


def value_faults(walk, steps, read, headers):
    listed = VALUES.search(walk)
    values = NAMED.findall(listed.group(1)) if listed else []
    wrappers = [name for one in WRAPPERS.findall(walk) for name in NAMED.findall(one)]
    found = [] if values else ["the walk does not list the values that go through the files"]
    if len(values) > MOST_VALUES:
        found.append(f"{len(values)} values are on the way, at most {MOST_VALUES} are allowed: {', '.join(values)}")
    holding = holders(headers)
    known = set(values) | set(wrappers)
    parts = set().union(*(holding.get(name, set()) for name in known), SEEDS)
    on_the_way = set()
    for step in steps:
        for source in SOURCE.findall(step):
            for name in NAMED.findall(step.replace(f"`{source}`", "")):
                on_the_way |= taken(name, read(source) or "")
    found += [f"{name} holds the message on its way, and the walk does not name it"
              for name in sorted(on_the_way & set(holding) - known - parts)]
    found += [f"no function of the walk takes {name}" for name in sorted(known - on_the_way)]
    return found


def faults(text, read, headers):
    """read gives the text of a source, None when there is none; headers is the text of all headers of mail/."""
    walk = section(text)
    steps = STEP.findall(walk)
    files = sorted({name for step in steps for name in SOURCE.findall(step)})
    found = [] if steps else [f"{DOCUMENT} has no walk of the title {TITLE!r}"]
    if len(files) > MOST_FILES:
        found.append(f"the walk goes through {len(files)} files, at most {MOST_FILES} are allowed: {', '.join(files)}")
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
    return found + value_faults(walk, steps, read, headers)


def can_fail():
    headers = "struct One\n{\n    MessageOctets octets;\n};\nstruct Two\n{\n    QList<One> ones;\n};\nstruct Rules\n{\n    int most;\n};\n"
    tree = {f"mail/x/a{i}.cpp": f"void Part::take{i}(const One &one, Rules rules)\n{{\n}}\n" for i in range(9)}
    tree["mail/x/two.cpp"] = "void Part::take(const Two &two)\n{\n}\n"

    def check(count, extra="", values="`One`"):
        steps = "".join(f"{i + 1}. `mail/x/a{i}.cpp`: `Part::take{i}` does it.\n" for i in range(count))
        return faults(f"{TITLE}\n\nvalues that go through them: {values}.\n\n{steps}{extra}", tree.get, headers)
    return (not check(8) and check(9) and faults("", tree.get, headers)
            and check(1, "2. `mail/x/gone.cpp`: `take0`\n")
            and check(1, "2. `mail/x/a1.cpp`: `take7`\n")
            and check(1, "2. `mail/x/two.cpp`: `take`\n")
            and not check(1, "2. `mail/x/two.cpp`: `take`\n\nBeside it two wrappers: `Two` has more.\n")
            and check(1, values="`One`, `Two`") and check(1, values="`One`, `A`, `B`, `C`") and check(1, values="")
            and not check(8, "\n## Other\n1. `mail/x/gone.cpp`\n"))


def main(root):
    assert can_fail()
    root = pathlib.Path(root)

    def read(name):
        return (root / name).read_text(encoding="utf-8") if (root / name).is_file() else None
    headers = "".join(path.read_text(encoding="utf-8") for path in sorted((root / "mail").rglob("*.h")))
    found = faults((root / DOCUMENT).read_text(encoding="utf-8"), read, headers)
    print("\n".join(found) or "a received message can be followed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
