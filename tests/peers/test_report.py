"""T48: the record of a delivery as one web page, on paper, and as the swaks, curl and openssl commands that repeat it."""

import base64
import html.parser
import json
import re
import subprocess
import unicodedata

from PIL import Image

from household import Household, signed_in, smarthost
from peer import WAIT, Authority, check, program, run, same, wait_for
from scripted import Scripted
from test_httpbrowser import browser
from test_journey import Account, forget, message

WIDTH = 1100  # pixels
EDGE = 18  # the page's own margin, and the last two before it: nothing but rules of tables goes there
LIGHT = 200  # of 255: rules are lighter, words are not
# Of a message whose only recipient is refused; a RCPT is called by its recipient.
STAGES = ("Connection", "Greeting", "EHLO", "MAIL", "bounced@far.test", "QUIT")
PLANTED = "http://elsewhere.test/seen"


class Tags(html.parser.HTMLParser):
    """What a browser would make of a page."""

    SHOWN = ("h1", "h2", "p", "th", "td", "text")

    def __init__(self, page):
        super().__init__()
        self.names = []
        self.references = []
        self.texts = []  # of the elements that are shown, but for transcripts
        self.is_shown = False
        self.feed(page)

    def handle_data(self, data):
        if self.is_shown:
            self.texts[-1] += data

    def handle_endtag(self, tag):
        if tag in self.SHOWN:
            self.is_shown = False

    def handle_starttag(self, tag, attributes):
        if tag in self.SHOWN:
            self.is_shown = True
            self.texts.append("")
        self.names.append(tag)
        self.references += [value for name, value in attributes if name in ("src", "href", "xlink:href", "action")]


def packed(text):
    """Without spaces, which are elsewhere where lines end elsewhere, and without ligatures."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class Shown:
    """The page as Chromium draws and prints it, and what it asked of anybody for that."""

    def __init__(self, bench, file):
        picture, pdf, log = (file.with_suffix(suffix) for suffix in (".png", ".pdf", ".netlog"))
        bench.run(*browser(bench, f"--log-net-log={log}", f"--screenshot={picture}", f"--print-to-pdf={pdf}",
                           "--no-pdf-header-footer", "--hide-scrollbars", f"--window-size={WIDTH},1600", file.as_uri()))
        printed = bench.run(program("pdftotext", "poppler-utils"), "-raw", pdf, "-").stdout.decode()
        self.pages = printed.count("\f")
        self.text = packed(printed)
        self.picture = Image.open(picture).convert("L")
        urls = {event.get("params", {}).get("url", "file:") for event in json.loads(log.read_text())["events"]}
        self.requests = sorted(url for url in urls if not url.startswith("file:"))


def check_in_a_browser(bench, file):
    """All that the page says is drawn and printed, nothing runs over its edge, and nobody is asked for anything."""
    page = file.read_text()
    shown = Shown(bench, file)
    same(shown.requests, [], "requests that left the page")
    check(shown.pages > 0, "pages")
    texts = Tags(page).texts
    same([text for text in texts if packed(text) not in shown.text], [], f"not printed, of {len(texts)} texts")
    for stage in STAGES:
        check(stage in texts, stage, "is none of", texts)
    same(shown.picture.width, WIDTH)
    check(sum(shown.picture.histogram()[:128]) > 1000, "the picture is empty")
    edge = shown.picture.crop((WIDTH - EDGE, 0, WIDTH, shown.picture.height))
    check(edge.getextrema()[0] > LIGHT, "words run over the right edge, or are cut off there")
    other = file.with_name("planted.html")
    other.write_text(page.replace("Content-Security-Policy", "x").replace("<h1>", f'<img src="{PLANTED}"><h1>', 1))
    check(PLANTED in Shown(bench, other).requests, "a request that leaves a page is not seen")


def test_report(bench):
    """T48: the report tells of the delivery without the record, fetches nothing, masks addresses, and is printed whole."""
    server = Scripted(bench, Account().answer)
    here = Household(bench, smarthost(server.port))
    here.submit("bounced@far.test", message=message("bounced"))
    here.wait_reports(1)
    here.wait_empty()
    (record,) = wait_for(lambda: list((here.data / "queue" / "done").glob("*.json")), "the record")
    forget(here)
    pages = {}
    for options in ((), ("--addresses",)):
        file = bench.folder / "report.html"
        bench.glasspost("journey", record.stem, "--html", file, *options, "--data", here.data)
        pages[options] = file.read_text()
        tags = Tags(pages[options])
        same(tags.references, [], "nothing is fetched")
        check("svg" in tags.names and "script" not in tags.names, tags.names)
        for part in ("550 5.1.1 no such user", "220 mx.test ESMTP", "EHLO here.test", "RCPT TO:&lt;"):
            check(part in pages[options], part, "in", pages[options])
    for word in ("bounced@", "alice", "Way bounced"):
        check(word not in pages[()], word, "is masked")
    for word in ("bounced@far.test", "alice@here.test", "Way bounced"):
        check(word in pages[("--addresses",)], word)
    check_in_a_browser(bench, file)
    bench.glasspost("journey", record.stem, "--html", bench.folder / "none" / "report.html", "--data", here.data, code=70)
    check_on_paper(bench, here, record.stem, pages)


def check_on_paper(bench, here, entry, pages):
    """Without a display, every text of the page is on the sheets, masked or not."""
    file = bench.folder / "report.pdf"
    for options, page in pages.items():
        bench.glasspost("journey", entry, "--pdf", file, *options, "--data", here.data)
        printed = packed(bench.run(program("pdftotext", "poppler-utils"), "-raw", file, "-").stdout.decode())
        # Those of the pictures are drawn as shapes, and the date is that of the writing.
        pictured = {html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", page)}
        texts = [text for text in Tags(page).texts if "Written by" not in text and text not in pictured]
        same([text for text in texts if packed(text) not in printed], [], f"not on paper, of {len(texts)} texts")
    bench.glasspost("journey", entry, "--pdf", bench.folder / "none" / "report.pdf", "--data", here.data, code=70)


def test_header_on_request(bench):
    """T48: the message's header fields, masked as the rest is, of a message that lies here."""
    here = Household(bench, smarthost(1))
    here.submit("alice@here.test", message=message("local"))
    (file,) = here.listener.wait_files(1, "alice")
    report = bench.folder / "report.html"
    for options, shown, hidden in (((), (), ("Header fields", "Way local")),
                                   (("--headers",), ("Header fields", "Message-ID", "left out"), ("Way local", "alice@")),
                                   (("--headers", "--addresses"), ("Header fields", "Way local", "alice@here.test"), ())):
        bench.glasspost("journey", file.name.split(":")[0], "--html", report, *options, "--data", here.data)
        for word in shown:
            check(word in report.read_text(), word, "with", options)
        for word in hidden:
            check(word not in report.read_text(), word, "with", options)


def offering(line, session):
    """A server that wants TLS and a sign-in."""
    if line.startswith(b"EHLO"):
        return b"250-mx.test\r\n250-PIPELINING\r\n250 AUTH PLAIN" if session.is_secure else b"250-mx.test\r\n250 STARTTLS"
    return {b"STARTTLS": b"220 go on", b"AUTH PLAI": b"235 2.7.0 welcome"}.get(line[:9])


def sent(bench, route, *recipients, server, password="", **more):
    """What the server heard of it, and the name of its record, with nothing but the record left."""
    here = Household(bench, route, environment={"GLASSPOST_PASSWORD": password})
    here.submit(*recipients, message=message("twice"), **more)
    here.wait_empty()
    (record,) = wait_for(lambda: list((here.data / "queue" / "done").glob("*.json")), "the record")
    (session,) = server.sessions
    wait_for(lambda: session.said(b"QUIT"), "the session to end")
    forget(here)
    return here, session, record.stem


def command_of(here, entry, option):
    return here.bench.glasspost("journey", entry, option, "--data", here.data).stdout.decode().strip()


def without_parameters(lines):
    return [line.split(b"> ")[0] + b">" if b"> " in line else line for line in lines]


def test_curl_says_the_same(bench):
    """T48: the command that the record gives says what was said, TLS and sign-in too, but for parameters of the body."""
    program("curl", "curl")
    authority = Authority(bench, "127.0.0.1")
    server = Scripted(bench, offering, tls=authority.context())
    here, first, entry = sent(bench, signed_in(server.port, authority), "one@far.test", "two@far.test", server=server,
                              password="s3cret-word")
    command = command_of(here, entry, "--curl")
    check("s3cret" not in command and "--insecure" not in command, command)
    # What a person would type, and an authority that the system does not know.
    typed = command.replace("--user alice", "--user alice:s3cret-word")
    check(typed != command, command)
    bench.run("/bin/sh", "-c", typed, env={"CURL_CA_BUNDLE": str(authority.ca)})
    second = server.sessions[1]
    wait_for(lambda: second.said(b"QUIT"), "curl's session to end")
    same(second.lines, without_parameters(first.lines), command)
    check(first.is_secure and second.is_secure, "in the clear")
    same(base64.b64decode(second.said(b"AUTH PLAIN")[0].split()[2]), b"\0alice\0s3cret-word")
    (body,) = second.messages
    check(body.startswith(b"Subject: Test\r\n\r\n"), body)


def test_openssl_opens_the_same(bench):
    """T48: the command opens the connection as it was, and takes what a person types."""
    program("openssl", "openssl")
    authority = Authority(bench, "127.0.0.1")
    server = Scripted(bench, offering, tls=authority.context())
    here, first, entry = sent(bench, signed_in(server.port, authority), "one@far.test", server=server, password="s3cret-word")
    command = command_of(here, entry, "--openssl")
    process = bench.start("/bin/sh", "-c", command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    second = wait_for(lambda: server.sessions[1:], "the connection")[0]
    wait_for(lambda: second.is_secure, "TLS")
    for line in first.lines[2:]:  # behind EHLO and STARTTLS
        said = len(second.lines)
        process.stdin.write(line + b"\n")
        process.stdin.flush()
        wait_for(lambda: len(second.lines) > said, f"{line} to arrive")
        if line == b"DATA":
            process.stdin.write(b"Subject: Test\n\ntext\n.\n")
            process.stdin.flush()
            wait_for(lambda: second.messages, "the message")
    process.stdin.close()
    process.wait(WAIT)
    same(second.lines, first.lines, command)
    same(second.messages, [b"Subject: Test\r\n\r\ntext\r\n"])


def test_what_cannot_be_said(bench):
    """T48: where a program cannot say the same there is a reason, and no command."""
    server = Scripted(bench, offered=b"250-mx.test\r\n250 DSN")
    here, _, entry = sent(bench, smarthost(server.port), "one@far.test", server=server, rcpt=("NOTIFY=FAILURE",))
    for option, reason in (("--curl", b"NOTIFY"), ("--openssl", b"TLS")):
        done = bench.glasspost("journey", entry, option, "--data", here.data, code=69)
        check(reason in done.stderr and not done.stdout, done)


def test_swaks_says_the_same(bench):
    """T48: the command that the record gives says to the server what was said before, but for parameters."""
    program("swaks", "swaks")
    server = Scripted(bench)
    here, first, entry = sent(bench, smarthost(server.port), "one@far.test", "two@far.test", server=server)
    command = command_of(here, entry, "--swaks")
    bench.run("/bin/sh", "-c", command)
    second = server.sessions[1]
    same([line.rstrip() for line in second.lines], without_parameters(first.lines), command)
    here.submit("alice@here.test", message=message("local"))
    (file,) = here.listener.wait_files(1, "alice")
    bench.glasspost("journey", file.name.split(":")[0], "--swaks", "--data", here.data, code=69)


if __name__ == "__main__":
    run(globals())
