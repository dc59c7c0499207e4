"""The queue of a whole Glasspost over days and kills, and the reports it makes of it: C65, C68, F27, F40, S118."""

from fakeclock import FakeClock
from household import Household, smarthost
from peer import WAIT, check, free_port, run, same, wait_for
from scripted import Gate, Scripted

DAYS = ("+5h", "+29h", "+53h", "+77h", "+101h", "+126h")  # each start adds a day at most to what was spent trying


def refuses(local_part, reply):
    return lambda line, session: reply if line.startswith(b"RCPT TO:<" + local_part) else None


def test_five_days(bench):
    """C65: five days of 4xx end in one report of the delay and one of the failure, of that recipient alone."""
    clock = FakeClock(bench)
    server = Scripted(bench, refuses(b"late", b"450 4.2.1 mailbox busy"))
    here = Household(bench, smarthost(server.port), retry="", environment=clock.environment)
    here.submit("late@far.test", "prompt@far.test", mail=("RET=HDRS", "ENVID=five+2Bdays"))
    here.wait_recipient("late@far.test", lambda one: one["attempts"] == 1 and one["state"] == "deferred")
    for attempts, offset in enumerate(DAYS, 2):
        here.listener.stop()
        same([one.told[0][1] for one in here.reports()], ["delayed"] if attempts > 2 else [])
        clock.set(offset)
        here.start()
        if offset != DAYS[-1]:
            here.wait_recipient("late@far.test", lambda one: one["attempts"] == attempts and one["state"] == "deferred")
        if attempts == 2:
            (delay,) = here.wait_reports(1)
            same(delay.told, [("late@far.test", "delayed", "4.2.1")])
            check(delay.recipients[0]["Will-Retry-Until"], "the end of its patience is named")
    here.wait_empty()
    _, failure = sorted(here.wait_reports(2), key=lambda report: report.told[0][1])
    same(failure.told, [("late@far.test", "failed", "5.2.1")], "of the one that was delivered nothing is said")
    same(failure.whole.get_content_type(), "multipart/report")
    same(failure.message["Original-Envelope-Id"], "five+days")
    same(len(server.messages), 1)
    same({line for line in server.said(b"RCPT")}, {b"RCPT TO:<late@far.test>", b"RCPT TO:<prompt@far.test>"})
    here.restart()
    same(len(here.reports()), 2, "reports after another start")


def test_report_that_fails(bench):
    """C65: a report goes out with the null reverse-path, and when it fails nothing more goes out: the postmaster has it."""
    server = Scripted(bench, lambda line, session: b"550 5.1.1 no such user" if line.startswith(b"RCPT") else None)
    here = Household(bench, smarthost(server.port))
    here.submit("nobody@far.test", sender="stranger@elsewhere.test")
    wait_for(lambda: len(server.said(b"RCPT")) == 2, "the report to be tried")
    here.wait_empty()
    same(server.said(b"RCPT"), [b"RCPT TO:<nobody@far.test>", b"RCPT TO:<stranger@elsewhere.test>"])
    check(server.said(b"MAIL")[1].startswith(b"MAIL FROM:<>"), server.said(b"MAIL"))
    (kept,) = here.wait_reports(1)
    same(kept.told, [("stranger@elsewhere.test", "failed", "5.1.1")])
    check(b"nobody@far.test" in kept.whole.as_bytes(), "the report that failed is in it")


def test_one_refused(bench):
    """C20: one of three is refused: the others have it, one report, of that one alone."""
    server = Scripted(bench, refuses(b"b@", b"550 5.1.1 no such user"))
    here = Household(bench, smarthost(server.port))
    here.submit("a@far.test", "b@far.test", "c@far.test")
    (report,) = here.wait_reports(1)
    here.wait_empty()
    same(report.told, [("b@far.test", "failed", "5.1.1")])
    same((len(server.messages), len(here.reports())), (1, 1))


def test_edited_while_sending(bench):
    """C68: removed, expired, put off or sent another way in the middle of its delivery: refused, and it arrives whole."""
    for at in (b"MAIL", b"RCPT", b"."):
        gate = Gate(at)
        server = Scripted(bench, gate.answer)
        here = Household(bench, smarthost(server.port), domain=f"here{at[0]}.test")
        here.submit("b@far.test")
        check(gate.reached.wait(WAIT), "the delivery reaches", at)
        (entry,) = here.entries()
        for words in (["remove"], ["expire"], ["at", "+2h"], ["route", "smtp://127.0.0.1:9"]):
            check(here.queue(*words, entry["id"], code=69).stderr, words, "is refused in words")
            here.queue(*words, "ALL", code=None)
        same([one["id"] for one in here.entries()], [entry["id"]])
        gate.open.set()
        here.wait_empty()
        (octets,) = server.messages
        check(octets.endswith(b"\r\n\r\n..dots\r\nand text\r\n"), octets)
        same((len(server.sessions), here.reports()), (1, []))
        here.listener.stop()


def test_held_while_sending(bench):
    """C68: what is held while it is sent arrives whole or not at all, and once."""
    for reply, arrived, state in ((None, 1, None), (b"451 4.3.0 later", 0, "held")):
        gate = Gate(b".", reply)
        server = Scripted(bench, gate.answer)
        here = Household(bench, smarthost(server.port), domain=f"here{arrived}.test")
        here.submit("b@far.test")
        check(gate.reached.wait(WAIT), "the delivery")
        here.queue("hold", code=None)
        gate.open.set()
        if state:
            here.wait_recipient("b@far.test", lambda one: one["state"] == state)
        else:
            here.wait_empty()
        same((len(server.messages), len(server.sessions)), (arrived, 1))
        here.listener.stop()


def test_kills_make_no_storm(bench):
    """F40: an attempt is noted before the connection is opened, so that no number of crashes in it makes another one
    before its time."""
    gate = Gate(b"RCPT TO:<first@")
    server = Scripted(bench, gate.answer)
    here = Household(bench, smarthost(server.port), retry="")
    here.submit("first@far.test")
    check(gate.reached.wait(WAIT), "the first attempt")
    for crash in range(1, 5):
        here.crash()
        here.submit(f"other{crash}@far.test")
        wait_for(lambda: len(server.messages) == crash, "what came after the crash")
        first = here.recipients()["first@far.test"]
        same((first["attempts"], first["state"]), (1, "deferred"))
    same(len(server.said(b"RCPT TO:<first@far.test>")), 1)


def test_notify(bench):
    """S118: NEVER is told of nothing, SUCCESS of delivered here and relayed there, the null reverse-path never."""
    server = Scripted(bench, refuses(b"bad", b"550 5.1.1 no such user"))
    knows = Scripted(bench, offered=b"250-mx.test\r\n250-DSN\r\n250 8BITMIME")
    here = Household(bench, smarthost(server.port))
    here.submit("bad1@far.test", rcpt=("NOTIFY=NEVER",))
    here.submit("bad2@far.test", rcpt=("NOTIFY=SUCCESS",))
    here.submit("bad3@far.test", sender="", rcpt=("NOTIFY=SUCCESS,FAILURE",))
    here.submit("good1@far.test", rcpt=("NOTIFY=FAILURE,DELAY",))
    here.submit("good2@far.test", sender="", rcpt=("NOTIFY=SUCCESS",))
    here.wait_empty()
    same(here.reports(), [])
    here.submit("bad4@far.test", rcpt=("NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;old+2Bbad@far.test"))
    here.submit("good3@far.test", rcpt=("NOTIFY=SUCCESS",))
    here.submit("alice@here.test", rcpt=("NOTIFY=SUCCESS",))
    told = sorted(one for report in here.wait_reports(3) for one in report.told)
    same(told, [("alice@here.test", "delivered", "2.0.0"), ("bad4@far.test", "failed", "5.1.1"),
                ("good3@far.test", "relayed", "2.0.0")])
    original = [one["Original-Recipient"] for report in here.reports() for one in report.recipients]
    same(sorted(filter(None, original)), ["rfc822; old+bad@far.test"])
    here.listener.stop()
    here.route(smarthost(knows.port))
    here.start()
    here.submit("good4@far.test", rcpt=("NOTIFY=SUCCESS,DELAY",))
    here.wait_empty()
    same(knows.said(b"RCPT"), [b"RCPT TO:<good4@far.test> NOTIFY=SUCCESS,DELAY"], "who speaks DSN is asked to tell")
    same(len(here.reports()), 3)


def test_two_that_forward_to_each_other(bench):
    """F27: what two Glassposts forward to each other ends, and the sender hears of it once."""
    alias = "[alias]\nname = loop\nkind = forward\ntarget = loop@{}\n"
    ports = {"here.test": free_port(), "there.test": free_port()}
    here = Household(bench, smarthost(ports["there.test"]), sections=alias.format("there.test"), port=ports["here.test"])
    there = Household(bench, smarthost(ports["here.test"]), domain="there.test", sections=alias.format("here.test"),
                      port=ports["there.test"])
    here.submit("loop@here.test")
    (report,) = here.wait_reports(1)
    for one in (here, there):
        one.wait_empty()
    (told,) = report.told
    same(told[1:], ("failed", "5.4.6"))
    same((len(here.mail()), there.mail()), (1, []))


if __name__ == "__main__":
    run(globals())
