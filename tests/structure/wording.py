"""Fails on wording in what people read (translated texts, help texts, further literals of several words, every document) that
is not a native engineer's English: phrases that were found there once, each with what is said instead."""

import pathlib
import re
import sys

from sources import ROOMS, sources

INSTEAD = {
    r"for good\b": "permanently",
    r"\b(could|can|to) (not )?be had\b|not to be had": "obtained, unavailable",
    r"\bstands?\b(?! for)": "is, is shown, is stored",
    r"\banew\b": "again",
    r"\bin vain\b": "without success",
    r"\b(is|was|are|were|be) told\b|\btells? (the|its|their)\b(?! difference)": "is notified",
    r"\b(must|does not|do not|did not) fit\b": "must match, could not be verified",
    r"\bthrown? away\b": "discarded",
    r"\b[Ww]ho(ever)? (asks|shows|signs)\b": "clients that",
    r"\b[Hh]and(s|ed|ing)? on\b": "forward",
    r"\bknock": "connect",
    r"\bgood until\b": "valid until",
    r"\bleads nowhere\b": "has no targets",
    r"\bmakes? no sense\b": "is invalid",
    r"\bit lies\b|\bmail lies\b": "is stored",
    r"\b[Gg]o(es|ing)? on (writing|trying)\b": "continue, still",
    r"\b(a )?post one can\b": "mail you can",
    r"\bdot of unread\b": "unread",
    r"\bsigned by itself\b|\bissued by itself\b|\bself-made\b": "self-signed",
    r"\bto be aware of\b": "note",
    r"\bby another way\b": "by another route",
    r"\bas (the )?\w+ (has|have|say|says) it\b": "same as",
    r"\bthere twice\b": "is listed twice",
    r"\bnone of (your|the) \w+\.": "is not one of, no matching",
}
TEXT = re.compile(
    r'\b(?:tr|translate|QT_TR(?:ANSLATE)?_(?:N_)?NOOP|\w+Help\s*=\s*R)\(\s*((?:(?:"(?:[^"\\]|\\.)*"|//[^\n]*\n)[\s,]*)+)'
    r'|\w+Help\s*=\s*R"\((.*?)\)"', re.S)
COMMENT_OR_LITERAL = re.compile(r"""//[^\n]*|/\*.*?\*/|\bR"(\w*)\(.*?\)\1"|\d'\d|'(?:\\.|[^'\\\n])*'|"((?:[^"\\\n]|\\.)*)\"""", re.S)
CODE = re.compile(r"`[^`]*`")
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def texts(source):
    for match in TEXT.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        yield line, match[2] if match[2] is not None else "".join(LITERAL.findall(match[1]))


def literals(source):
    """Those of several words that are not translated: errors, replies, reports. One word alone is a name."""
    translated = [match.span() for match in TEXT.finditer(source)]
    for match in COMMENT_OR_LITERAL.finditer(source):
        if match[2] and " " in match[2] and not any(begin <= match.start() < end for begin, end in translated):
            yield source.count("\n", 0, match.start()) + 1, match[2]


def paragraphs(document):
    """The prose of a document, without what is code: a paragraph, a row of a table or a point of a list, with its line."""
    number = 1
    for text in re.split(r"(\n\s*\n|\n(?=\s*(?:[-|]|\d+\.) ))", document):
        if text.strip():
            yield number, CODE.sub("", text)
        number += text.count("\n")


def wrong(text):
    text = " ".join(text.split())
    for phrase, instead in INSTEAD.items():
        for found in re.finditer(phrase, text):
            yield f"“{found[0]}” in “{text[:100]}”: {instead}"


def main(root):
    root = pathlib.Path(root)
    faults = []
    for name in sources(root, ROOMS):
        source = (root / name).read_text(encoding="utf-8")
        for line, text in [*texts(source), *literals(source)]:
            faults += [f"{name}:{line}: {fault}" for fault in wrong(text)]
    for name in sources(root, ["."], (".md",)):
        for line, text in paragraphs((root / name).read_text(encoding="utf-8")):
            faults += [f"{name}:{line}: {fault}" for fault in wrong(text)]
    # The check must be able to fail, over literals that are joined and over help texts.
    assert [text for _, text in texts('x = tr("a "\n   "b", "about it");')] == ["a babout it"]
    assert list(wrong("Refused for " "good")) and list(wrong("“%1” is there twice.")) and not list(wrong("%1 is listed twice."))
    assert [text for _, text in texts('const char *const sendHelp\n    = R"(not to be had)";')] == ["not to be had"]
    assert [text for _, text in literals('f("good until", tr("for good"));// "a b"\ng("anew", \'"\', R"(a b)", "x y");')] == ["good until", "x y"]
    assert list(paragraphs("a `b\nc` d\n\n| e |\n| f |\n")) == [(1, "a  d"), (4, "| e |"), (5, "| f |\n")]
    assert not list(wrong("stands for")) and list(wrong("nobody is\ntold"))
    print("\n".join(faults) or "wording as a native engineer has it")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
