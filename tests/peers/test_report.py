"""T48: the record of a delivery as one web page, and as the swaks command that repeats it."""

import html.parser
import json
import unicodedata

from PIL import Image

from household import Household, smarthost
from peer import check, program, run, same, wait_for
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


def test_swaks_says_the_same(bench):
    """T48: the command that the record gives says to the server what was said before, but for parameters."""
    program("swaks", "swaks")
    server = Scripted(bench)
    here = Household(bench, smarthost(server.port))
    here.submit("one@far.test", "two@far.test", message=message("twice"))
    here.wait_empty()
    (record,) = wait_for(lambda: list((here.data / "queue" / "done").glob("*.json")), "the record")
    forget(here)
    command = bench.glasspost("journey", record.stem, "--swaks", "--data", here.data).stdout.decode().strip()
    bench.run("/bin/sh", "-c", command)
    first, second = server.sessions
    without_parameters = [line.split(b"> ")[0] + b">" if b"> " in line else line for line in first.lines]
    same([line.rstrip() for line in second.lines], without_parameters, command)
    here.submit("alice@here.test", message=message("local"))
    (file,) = here.listener.wait_files(1, "alice")
    bench.glasspost("journey", file.name.split(":")[0], "--swaks", "--data", here.data, code=69)


if __name__ == "__main__":
    run(globals())
