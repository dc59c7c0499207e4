"""Fails on a way by which text from outside could be shown as rich text: Qt takes a tooltip, a label or a message box
for HTML when the text looks like it, and HTML reads local files. The ways that are allowed are in ui/widgets/plaintext.h."""

import pathlib
import re
import sys

from sources import sources

HELPER = "ui/widgets/plaintext.cpp"
TIPS = re.compile(r"(?<![\w:])(setToolTip|setTabToolTip|setStatusTip|setWhatsThis|QToolTip::showText)\(")
ROLE = re.compile(r"case Qt::(?:ToolTip|StatusTip|WhatsThis)Role:(.*?)(?=\n    (?:case|default)\b|\Z)", re.S)
RETURN = re.compile(r"\breturn\b(.*?);", re.S)
LABEL = re.compile(r"\bnew QLabel\b|\bQLabel\s+\w+\s*[({;]")
DERIVED = re.compile(r"class \w+[^;{]*:\s*public (?:QLabel|QMessageBox)\b")
BOX = re.compile(r"\bnew QMessageBox\b|\bQMessageBox\s+\w+\s*[({;]|\bQMessageBox::(?:information|warning|critical|question|about)\(")
RICH = re.compile(r"\bQt::(?:RichText|AutoText|MarkdownText)\b|\b(?:setHtml|insertHtml|setMarkdown|setDefaultStyleSheet)\(")
# Who writes HTML: labels of two colours whose every argument is escaped, the report of a delivery and a saved transcript, whose
# every text is, the process for pages, for itself, and the HTTP interface for programs, which escapes the notes of the table of
# clients first.
RICH_FILES = {"ui/message/messageheader.cpp", "ui/widgets/listenerhint.cpp", "ui/message/reportpage.cpp",
              "ui/transcript/transcriptpage.cpp", "ui/message/html/layout/main.cpp", "app/http/htmlcheckjson.cpp"}
MARKUP = re.compile(r'"[^"\n]*<(?:b|i|p|a|h\d|br|span|qt|div|img|table)\b[^"\n]*"')
SAFE_ARGUMENT = re.compile(r"(toHtmlEscaped\(\)|\.name\(\))$")


def arguments(text, start):
    """The arguments of the call whose "(" is the character before start, each without blanks at its ends."""
    depth, quoted, found, at = 0, False, [""], start
    while depth >= 0 and at < len(text):
        c = text[at]
        if c == '"' and text[at - 1] != "\\":
            quoted = not quoted
        if not quoted:
            depth += (c in "([{") - (c in ")]}")
        if depth == 0 and c == "," and not quoted:
            found.append("")
        elif depth >= 0:
            found[-1] += c
        at += 1
    return [a.strip() for a in found]


def is_plain(argument):
    """One call of the helper, a translated literal without arguments, or nothing at all."""
    if argument in ("", "{}", "QString()") or re.fullmatch(r'(?:\w+::)?tr\((?:\s*"(?:[^"\\]|\\.)*")+\)', argument):
        return True
    argument = re.sub(r"\(\s+", "(", argument)
    call = re.match(r"plainToolTip\(", argument)
    return call is not None and len(arguments(argument, call.end())[0]) + call.end() + 1 == len(argument)


def wrong_tips(text):
    for call in TIPS.finditer(text):
        given = arguments(text, call.end())
        shown = given[1] if call.group(1) in ("setTabToolTip", "QToolTip::showText") or (len(given) == 2) else given[0]
        if not is_plain(shown):
            yield f"{call.group(1)}({shown})"
    for role in ROLE.finditer(text):
        body = role.group(1)
        returned = [r.strip() for r in RETURN.findall(body)]
        if not returned:
            yield "a role of tips that falls through to another's text"
        yield from (f"return {r} for a role of tips" for r in returned if not is_plain(r))


def wrong_markup(text):
    """Arguments put into a literal that holds markup must be escaped."""
    for literal in MARKUP.finditer(text):
        statement = text[literal.end():text.find(";", literal.end())]
        for call in re.finditer(r"\.arg\(", statement):
            yield from (f"{literal.group(0)} with {a}" for a in arguments(statement, call.end())
                        if not SAFE_ARGUMENT.search(a))


def wrong(name, text):
    text = re.sub(r"//[^\n]*", "", text)
    found = list(wrong_tips(text)) + list(wrong_markup(text))
    if name != HELPER:
        found += [f"{m.group(0)}: a label is made by plainLabel()" for m in LABEL.finditer(text)]
    if (BOX.search(text) or DERIVED.search(text)) and "setTextFormat(Qt::PlainText)" not in text:
        found.append("a message box or label whose format is not Qt::PlainText")
    if name not in RICH_FILES:
        found += [m.group(0) for m in RICH.finditer(text)]
        found += [f"markup in {m.group(0)}" for m in MARKUP.finditer(text)]
    return found


PLANTED = [
    "x->setToolTip(message.subject);", 'x->setToolTip(tr("%1").arg(name));', "x->setToolTip(plainToolTip(a) + b);",
    'x->setToolTip(0, field.value);', "QToolTip::showText(at, lines.join(u','), view);",
    "    case Qt::ToolTipRole:\n        return row.subject;\n    default:", "auto *l = new QLabel(text);",
    "    case Qt::ToolTipRole:\n    case Qt::DisplayRole:\n        return row.subject;\n    default:",
    'QMessageBox::warning(this, tr("a"), error);', "x->setStatusTip(s);", "x->setWhatsThis(s);", "l->setTextFormat(Qt::RichText);",
    'l->setText(QStringLiteral("<b>%1</b>").arg(name));', "d->setHtml(text);",
]
SOUND = [
    'x->setToolTip(tr("Close"));', 'x->setToolTip(plainToolTip(tr("%1 (%2)").arg(a, b)));', "x->setToolTip(QString());",
    'x->setToolTip(1, plainToolTip(v));', "    case Qt::ToolTipRole:\n        return plainToolTip(f(row));\n    default:",
    'm_tabs->setTabToolTip(int(View::Source), tr("As it lies"));', "QLabel *l = plainLabel(text);",
]


def main(root):
    for planted in PLANTED:  # The check must be able to fail.
        assert wrong("ui/x.cpp", planted), planted
    for sound in SOUND:
        assert not wrong("ui/x.cpp", sound), (sound, wrong("ui/x.cpp", sound))
    faults = []
    for name in sources(root, ["ui", "app"], (".cpp", ".h")):
        text = (pathlib.Path(root) / name).read_text(encoding="utf-8")
        if name.endswith(".h"):
            header_only = [] if not DERIVED.search(text) else \
                wrong("ui/x.cpp", text + (pathlib.Path(root) / name).with_suffix(".cpp").read_text(encoding="utf-8"))
            faults += [f"{name}: {w}" for w in header_only if "format" in w]
        else:
            faults += [f"{name}: {w}" for w in wrong(name, text)]
    print("\n".join(faults) or "text from outside is plain text everywhere")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
