"""Forty messages, by every way that a message can take, and the account that the servers on it give."""

import collections
import json
import smtplib
import urllib.request

from household import Household, smarthost
from peer import WAIT, Listener, check, same, wait_for
from scripted import HANG_UP, Scripted
from signedzone import World
from test_journey import LATE, NEVER, NOT_THIS, Account, act, bounce_of, message

GREY = b"451 4.7.1 greylisted, come again"
TOKEN = "s3cret"
RULES = """require ["fileinto"];
# rule:[On]
if header :contains "Subject" "Way forwarded" { redirect "forwarded1@far.test"; }
"""
ALIASES = """[alias]
name = gone1
kind = forward
target = gone1@far.test
[alias]
name = crew
kind = list
target = listed1@far.test
target = listed1.member@far.test
[alias]
name = known1
kind = alias
target = known1@far.test
"""
# Through the smarthost: the kind of way -> how many messages take it.
KINDS = {"taken": 1, "two": 1, "three": 1, "late": 2, "grey": 2, "bounced": 2, "spurned": 1, "held": 2, "removed": 1, "given": 1,
         "rerouted": 1, "mixed": 1, "success": 2, "later": 1, "relayed": 1, "receipt": 1, "forwarded": 1, "gone": 1,
         "listed": 1, "known": 1, "lost": 1}
BESIDE = {"two": ["other"], "three": ["refused", "third"]}  # recipients behind the first one, as NAME.other@far.test
HANDED_IN_FOR = {"forwarded1": "alice@here.test", "gone1": "gone1@here.test", "listed1": "crew@here.test",
                 "known1": "known1@here.test"}
# By the exchangers of the signed zone: these domains, and what a person does in the end where none takes it.
DOMAINS = ("plain", "good", "anchor", "useless", "listed", "testing", "mismatch", "null")
RELEASED = ["released1@far.test", "released1.other@far.test"]

# One message on its way: the household that sent it, its queue entry, and its recipients elsewhere.
Sent = collections.namedtuple("Sent", "here id recipients")


def kind_of(recipient):
    return recipient.split("@")[0].split(".")[-1].rstrip("0123456789")


class Servers(Account):
    """Whoever the recipient's local part names is treated so."""

    def at_rcpt(self, recipient):
        kind, tried = kind_of(recipient), len(self.of.get(recipient, []))
        if kind in ("bounced", "refused"):
            return NEVER
        if kind in ("removed", "given", "rerouted", "expired") or (kind == "late" and tried < 2):
            return LATE
        if kind == "grey" and not tried:
            return GREY
        return LATE if kind in ("held", "delayed") and not self.opened.is_set() else None

    def at_dot(self, taken):
        kinds = {kind_of(one) for one in taken}
        if "spurned" in kinds:
            return NOT_THIS
        is_lost = "lost" in kinds and not any(self.of.get(one) for one in taken)
        return HANG_UP if is_lost else b"250 2.0.0 kept"


class Willing(Account):
    def at_rcpt(self, recipient):
        return None


class Capturing(Household):
    """A listener that captures, with the HTTP interface, by which a program releases."""

    def start(self):
        self.listener = Listener(self.bench, self.data, ("--policy", "catch-all", "--http", "127.0.0.1:0"), bind=self.bind,
                                 environment={"GLASSPOST_HTTP_TOKEN": TOKEN})
        self.url = f"http://127.0.0.1:{self.listener.event('http')['port']}"

    def ask(self, path, body=None):
        request = urllib.request.Request(self.url + path, body, {"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(request, timeout=WAIT) as answer:
            return answer.read()


def recipients_of(name):
    """Those at far.test."""
    kind = name.rstrip("0123456789")
    beside = ["member"] if kind == "listed" else BESIDE.get(kind, [])
    return [f"{name}@far.test"] + [f"{name}.{one}@far.test" for one in beside]


def receipt_of(name, recipient):
    """What the reader's program says of it (RFC 8098)."""
    return ("From: reader@far.test\r\nTo: alice@here.test\r\nSubject: Read\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nIt was displayed.\r\n"
            "--b\r\nContent-Type: message/disposition-notification\r\n\r\nReporting-UA: far.test; Reader\r\n"
            f"Final-Recipient: rfc822; {recipient}\r\nOriginal-Message-ID: <{name}@here.test>\r\n"
            "Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n").encode()


def come_back(here):
    """What others report of messages that were delivered."""
    for name, octets in (("later1", bounce_of("later1", "later1@far.test")),
                         ("relayed1", bounce_of("relayed1", "relayed1@far.test").replace(b"Action: failed", b"Action: relayed")
                          .replace(b"5.2.2", b"2.0.0")),
                         ("receipt1", receipt_of("receipt1", "receipt1@far.test"))):
        before = len(here.mail())
        here.submit("alice@here.test", sender="", message=octets)
        wait_for(lambda: len(here.mail()) == before + 1, f"what came back of {name}")


def entry_of(here, name):
    return wait_for(lambda: [entry["id"] for entry in here.entries() if entry["messageId"] == f"{name}@here.test"],
                    f"the entry of {name}")[0]


def ask_persons(here, account, other):
    """What waits for a person's word gets it."""
    waiting = {name: entry_of(here, name) for name in ("held1", "held2", "removed1", "given1", "rerouted1")}
    for name in waiting:
        here.wait_recipient(f"{name}@far.test", lambda one: one["attempts"] >= 1 and one["state"] == "deferred")
    for name in ("held1", "held2"):
        act(here, "hold", waiting[name])
        here.wait_recipient(f"{name}@far.test", lambda one: one["state"] == "held")
    account.opened.set()
    for name in ("held1", "held2"):
        act(here, "release", waiting[name])
    act(here, "remove", waiting["removed1"])
    act(here, "expire", waiting["given1"])
    act(here, "route", f"smtp://127.0.0.1:{other.port}", waiting["rerouted1"])
    return waiting["removed1"]


def done(here, count):
    """Message-ID's local part -> queue entry, of those that ended."""
    records = wait_for(lambda: len(found := list((here.data / "queue" / "done").glob("*.json"))) == count and found,
                       f"{count} records of {here.domain}")
    entries = [json.loads(record.read_text()) for record in records]
    return {entry["messageId"].split("@")[0]: entry["id"] for entry in entries}


def through_smarthost(bench, account, willing):
    """Gives the household, its servers, and what it sent."""
    server, other = Scripted(bench, account.answer), Scripted(bench, willing.answer)
    here = Household(bench, smarthost(server.port), sections=ALIASES)
    here.listener.stop()
    (here.data / "rules.sieve").write_text(RULES)
    here.start()
    names = [f"{kind}{number}" for kind, count in KINDS.items() for number in range(1, count + 1)]
    for name in names:
        if name != "lost1":  # the others would feel that their connection is gone
            beside = ["alice@here.test"] if name == "mixed1" else []
            to = [HANDED_IN_FOR[name]] if name in HANDED_IN_FOR else recipients_of(name) + beside
            here.submit(*to, message=message(name), rcpt=("NOTIFY=SUCCESS,FAILURE",) if name.startswith("success") else ())
    removed = ask_persons(here, account, other)
    here.wait_empty()
    here.submit("lost1@far.test", message=message("lost1"))
    here.wait_empty()
    come_back(here)
    ids = {**done(here, len(names) - 1), "removed1": removed}
    same(sorted(ids), sorted(names))
    return here, [server, other], {name: Sent(here, ids[name], recipients_of(name)) for name in names}


def in_its_own_time(bench, account, name, retry):
    """A household of so little patience. Gives it, its server and the message that waits."""
    server = Scripted(bench, account.answer)
    here = Household(bench, smarthost(server.port), domain=f"{name}.test", retry=f"wait = 1s\n{retry}")
    here.submit(f"{name}1@far.test", sender=f"alice@{name}.test", message=message(f"{name}1"))
    return here, server


def delayed(bench, account):
    account.opened.clear()
    here, server = in_its_own_time(bench, account, "delayed", "tell-delay-after = 1s")
    (report,) = here.wait_reports(1)
    same(report.told[0][:2], ("delayed1@far.test", "delayed"))
    account.opened.set()
    here.wait_empty()
    return here, [server], {"delayed1": Sent(here, done(here, 1)["delayed1"], ["delayed1@far.test"])}


def expired(bench, account):
    here, server = in_its_own_time(bench, account, "expired", "give-up-after = 2s")
    here.wait_empty()
    here.wait_reports(1)
    return here, [server], {"expired1": Sent(here, done(here, 1)["expired1"], ["expired1@far.test"])}


def released(bench, account):
    """Captured, released by a program, which only holds it, and then by a person."""
    server = Scripted(bench, account.answer)
    here = Capturing(bench, smarthost(server.port), domain="released.test")
    with smtplib.SMTP("127.0.0.1", here.listener.port, timeout=WAIT) as client:
        client.sendmail("shop@a.test", ["ann@b.test"], message("released1"))
    same(here.ask("/api/v1/message/latest/release", json.dumps({"To": RELEASED}).encode()), b"ok")
    entry = entry_of(here, "released1")
    same(server.sessions, [], "it is held")
    act(here, "release", entry)
    here.wait_empty()
    return here, [server], {"released1": Sent(here, entry, RELEASED)}


def by_exchangers(bench):
    """Gives the household, the world that it sends into, and what it sent."""
    world = World(bench)
    here = Household(bench, world.route, domain="exchangers.test")
    for domain in DOMAINS:
        here.submit(f"b@{domain}.test", sender="alice@exchangers.test", message=message(f"exchanger-{domain}"))
    here.wait_recipient("b@mismatch.test", lambda one: one["attempts"] >= 1 and one["state"] == "deferred")
    act(here, "expire", entry_of(here, "exchanger-mismatch"))
    here.wait_empty()
    ids = done(here, len(DOMAINS))
    check(len(here.wait_reports(2)) == 2, "of the two that did not arrive")
    return here, world, {name: Sent(here, entry, [f"b@{name.removeprefix('exchanger-')}.test"]) for name, entry in ids.items()}
