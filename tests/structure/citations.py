"""Fails on a comment, document or test row that cites what a reader cannot find in this tree.

Looked at are comments (C++, Python, CMake, shell), the titles and comments of scripted sessions, docstrings, the rows of tests,
and every .md file. A catalogue number (S44, C28, F12, T7) needs its row in docs/catalogue, a path of the tree must exist, and
so must a document; a task tracker's numbers lead nowhere.
"""

import ast
import glob
import io
import pathlib
import re
import sys
import tokenize

from sources import sources

CATALOGUE = "docs/catalogue"
DEFINED = re.compile(r"^\| \*\*([SCFT]\d+)\*\* \|", re.M)
NUMBER = re.compile(r"(?<![\w#+&.])[SCFT][1-9]\d{0,2}(?!\w)")
ROW = re.compile(r'"((?:[SCFT][1-9]\d{0,2}[ :,]+)+)\w')  # "C57 F34 SERVFAIL"; one alone may be a session's id
PATH = re.compile(r"(?<![\w/.<>~$*-])(?:(?:smtp|mail|ui|app|docs|resources|cmake|\.ci|tests"
                  r"|peers|bench|fuzz|structure|reliability|conformance|dialogues)/(?!NAME)[\w.*{},/-]*[\w*}])")
DOCUMENT = re.compile(r"(?<![\w/.*-])(?:[\w-]+/)*[\w-]+\.md\b")
DIALOGUE = re.compile(r"(?<![\w/-])[scft]\d{3}(?![\w.])(?:-[\w-]+)?")
# sysexits.h and the headers in <> are the system's.
SOURCE = re.compile(r"(?<![\w/.*<-])(?!sysexits\.h)[a-z_]+\.(?:cpp|h|py|js|sh)\b")
TRACKER = re.compile(r"\b[Ii]ssues? \d+\b")
CPP = re.compile(r"""R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\d'\d|'(?:\\.|[^'\\\n])*'|(//[^\n]*|/\*.*?\*/)""", re.S)
HASHED = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.M)
# Mailboxes of the data folder, which comments show as examples: not folders of the room.
MAILBOX = re.compile(r"mail/(?:alice|bob|captured|user)\b")


def cpp_comments(text):
    return [(m.start(2), m[2]) for m in CPP.finditer(text) if m[2]]


def python_comments(text):
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = [(starts[token.start[0] - 1] + token.start[1], token.string)
             for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.COMMENT]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            string = node.body[0]
            found.append((starts[string.lineno - 1], "".join(text.splitlines(keepends=True)[string.lineno - 1:string.end_lineno])))
    return found


def prose(name, text):
    """(offset, words) of everything in the file that is written for a reader."""
    if name.endswith((".md", "met.txt", "waiting.txt")):
        return [(0, text)]
    if name.endswith((".cpp", ".h", ".c", ".js")):
        return cpp_comments(text)
    if name.endswith(".py"):
        return python_comments(text)
    return [(m.start(), m[0]) for m in HASHED.finditer(text)]


class Tree:
    """What the citations may name: the files of the tree, and the rows of its catalogue."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        folders = ["smtp", "mail", "ui", "app", "tests", "docs", "cmake", "resources"]
        files = ["README.md", "CONTRIBUTING.md", "CMakeLists.txt"]
        self.files = [n for n in sources(root, folders + files, ("",)) if not n.startswith("tests/fuzz/corpus/")]
        self.names = {name.rsplit("/", 1)[-1] for name in self.files}
        self.defined = [number for path in sorted((self.root / CATALOGUE).glob("*.md")) for number in DEFINED.findall(path.read_text())]

    def read(self):
        for name in self.files:
            if name.endswith((".md", ".cpp", ".h", ".c", ".js", ".py", ".txt", ".cmake", ".supp", "/run")):
                yield name, (self.root / name).read_text(encoding="utf-8", errors="replace")

    def exists(self, pattern):
        return bool(glob.glob(str(self.root / pattern)))

    def has_path(self, path):
        """A file or folder, with or without its ending, or the name that ctest gives to a test's file."""
        room, _, rest = path.partition("/")
        forms = [path, f"{path}.*", f"tests/{path}", f"tests/{path}.*", f"tests/{room}/tst_{rest}.cpp", f"tests/{room}/test_{rest}.py"]
        if room == "fuzz":
            forms.append(f"tests/fuzz/corpus/{rest}")
        return any(self.exists(form) for form in forms)

    def has_document(self, path, citing):
        return self.exists(path) or self.exists(str(pathlib.PurePosixPath(citing).parent / path))


def expanded(path):
    """tests/dialogues/{server,client} is two paths."""
    if braces := re.search(r"\{([^{}]*)\}", path):
        return [one for word in braces[1].split(",") for one in expanded(path[:braces.start()] + word + path[braces.end():])]
    return [path]


def wrong_in_prose(tree, name, words):
    for m in NUMBER.finditer(words):
        if m[0] not in tree.defined:
            yield m.start(), f"{m[0]} has no row in {CATALOGUE}"
    for m in PATH.finditer(words):
        for path in expanded(m[0].rstrip(".,")):
            if not MAILBOX.match(path) and not tree.has_path(path):
                yield m.start(), f"{path} is not in the tree"
    for m in DOCUMENT.finditer(words):
        if not tree.has_document(m[0], name):
            yield m.start(), f"{m[0]} is not in the tree"
    for m in SOURCE.finditer(words):
        if m[0] not in tree.names:
            yield m.start(), f"{m[0]} is not in the tree"
    for m in DIALOGUE.finditer(words) if name.endswith(".md") else ():
        if not tree.exists(f"tests/dialogues/*/{m[0]}*"):
            yield m.start(), f"{m[0]} is no scripted session"
    for m in TRACKER.finditer(words):
        yield m.start(), f"{m[0]} cannot be looked up here"


def wrong_rows(tree, name, text):
    """Tests that bear a number: rows in quotes, and the files of scripted sessions."""
    if name.startswith("tests/") and name.endswith((".cpp", ".py")):
        for m in ROW.finditer(text):
            for number in re.findall(r"[SCFT]\d+", m[1]):
                if number not in tree.defined:
                    yield m.start(), f"a row bears {number}, which {CATALOGUE} lacks"
    if m := re.match(r"tests/dialogues/\w+/([scft])0*(\d+)-", name):
        if f"{m[1].upper()}{m[2]}" not in tree.defined:
            yield 0, f"the file bears a number that {CATALOGUE} lacks"


def faults(tree, name, text):
    found = [(offset + at, fault) for offset, words in prose(name, text) for at, fault in wrong_in_prose(tree, name, words)]
    return [f"{name}:{text.count(chr(10), 0, at) + 1}: {fault}" for at, fault in sorted({*found, *wrong_rows(tree, name, text)})]


def can_fail(tree):
    """Each kind of fault is seen where it is planted, and the right citations beside it are not."""
    right = "// S44 and RFC 5321, mail/journal/journal.h, tests/peers/, `docs/catalogue/faults.md`, statefile.cpp, statefile.h\n"
    wrong = ["// S999\n", "/* mail/store/nothing.h */\n", "// DESIGN.md\n", "// faults.md\n", "// nosuchfile.cpp\n", "// see nosuchheader.h\n",
             "// nosuchscript.js\n", "// nosuchscript.sh\n", "// Issue 3\n"]
    row = 'QTest::newRow("%s refused");\n'
    return (not faults(tree, "mail/x.cpp", right) and all(len(faults(tree, "mail/x.cpp", text)) == 1 for text in wrong)
            and not faults(tree, "mail/x.cpp", "".join(f'f("{text.strip()}");\n' for text in wrong))
            and not faults(tree, "tests/smtp/tst_x.cpp", row % "S17") and faults(tree, "tests/smtp/tst_x.cpp", row % "C99")
            and faults(tree, "docs/x.md", "tests/dialogues/{server,nowhere}/") and len(faults(tree, "docs/x.md", "s003, s998-x")) == 1
            and faults(tree, "tests/x.py", '"""S999"""\n# DESIGN.md\n')
            and not faults(tree, "tests/dialogues/server/s017-x.txt", "") and faults(tree, "tests/dialogues/server/s121-x.txt", "# t\n"))


def main(root):
    tree = Tree(root)
    found = [fault for name, text in tree.read() for fault in faults(tree, name, text)]
    found += [f"{CATALOGUE}: {number} has two rows" for number in sorted(set(tree.defined)) if tree.defined.count(number) > 1]
    assert can_fail(tree)
    print("\n".join(found) or "whatever is cited is in the tree")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
