"""T48: the record of a delivery as one web page, and as the swaks command that repeats it."""

import html.parser

from household import Household, smarthost
from peer import check, program, run, same, wait_for
from scripted import Scripted
from test_journey import Account, forget, message


class Tags(html.parser.HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page):
        super().__init__()
        self.names = []
        self.references = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.names.append(tag)
        self.references += [value for name, value in attributes if name in ("src", "href", "xlink:href", "action")]


def test_report(bench):
    """T48: the report tells of the delivery without the record, fetches nothing, and masks addresses."""
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
