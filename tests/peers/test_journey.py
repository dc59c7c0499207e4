"""T48: the way of each message, told when queue, records and index have forgotten it, as the servers it met tell it."""

import datetime
import json
import shutil
import threading

from household import Household, direct, smarthost
from nameserver import Nameserver, address, mx
from peer import check, run, same, wait_for
from scripted import HANG_UP, Scripted

LATE = b"452 4.2.2 mailbox full"
NEVER = b"550 5.1.1 no such user"
NOT_THIS = b"554 5.6.0 not this one"

WAYS = {  # the way's name is the local part of its recipient, unless it says otherwise
    "taken": ["taken@far.test"],
    "two": ["two@far.test", "other@far.test"],
    "three": ["three@far.test", "refused@far.test", "third@far.test"],
    "late": ["late@far.test"],
    "bounced": ["bounced@far.test"],
    "spurned": ["spurned@far.test"],
    "lost": ["lost@far.test"],
    "held": ["held@far.test"],
    "removed": ["removed@far.test"],
    "given": ["given@far.test"],
    "rerouted": ["rerouted@far.test"],
    "mixed": ["mixed@far.test", "alice@here.test"],
}
ENDS = {"refused": "failed", "bounced": "failed", "spurned": "failed", "given": "expired"}  # delivered, else


class Account:
    """What two servers said to whom: for each recipient the code that decided each attempt, None where it hung up."""

    def __init__(self):
        self.of = {}
        self.lock = threading.Lock()
        self.opened = threading.Event()  # what waits for a person is taken from then on

    def note(self, recipients, reply):
        with self.lock:
            for recipient in recipients:
                self.of.setdefault(recipient, []).append(None if reply is HANG_UP else int(reply[:3]))

    def at_rcpt(self, recipient):
        tried = len(self.of.get(recipient, []))
        name = recipient.split("@")[0]
        if name in ("bounced", "refused"):
            return NEVER
        if name in ("removed", "given", "rerouted") or (name == "late" and tried < 2):
            return LATE
        return LATE if name == "held" and not self.opened.is_set() else None

    def at_dot(self, taken):
        if "spurned@far.test" in taken:
            return NOT_THIS
        return HANG_UP if "lost@far.test" in taken and not self.of.get("lost@far.test") else b"250 2.0.0 kept"

    def answer(self, line, session):
        if line.upper().startswith(b"MAIL"):
            session.taken = []
        if line.upper().startswith(b"RCPT"):
            recipient = line.split(b"<")[1].split(b">")[0].decode()
            reply = self.at_rcpt(recipient)
            if reply is None:
                session.taken.append(recipient)
            else:
                self.note([recipient], reply)
            return reply
        if line != b".":
            return None
        reply = self.at_dot(session.taken)
        self.note(session.taken, reply)
        return reply


class Willing(Account):
    """Takes everything."""

    def at_rcpt(self, recipient):
        return None


def message(way):
    return (f"From: alice@here.test\r\nSubject: Way {way}\r\nMessage-ID: <{way}@here.test>\r\n\r\n"
            f"went by {way}\r\n").encode()


def bounce_of(way, recipient):
    """What a server further on reports of it (RFC 3464)."""
    return (f"From: mailer-daemon@far.test\r\nTo: alice@here.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx9.far.test\r\n\r\n"
            f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.2.2\r\n"
            "Diagnostic-Code: smtp; 552 5.2.2 over quota\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{way}@here.test>\r\nSubject: Way {way}\r\n\r\n"
            "--b--\r\n").encode()


def ask(here, name):
    return json.loads(here.bench.glasspost("journey", name, "--json", "--data", here.data).stdout)


def journey(here, name):
    (only,) = ask(here, name)["journeys"]
    return only


def attempts(told, recipient):
    """The code of each attempt, by the record: None where no reply decided it."""
    reports = [event["report"] for event in told["events"] if event["event"] == "attempted" and event["recipient"] == recipient]
    return [int(report["reply"][:3]) if "reply" in report else None for report in reports]


def lasting(told):
    """What must be the same whenever it is asked for."""
    recipients = [{name: value for name, value in one.items() if name != "nextAttempt"} for one in told["recipients"]]
    return {**{name: told[name] for name in ("id", "from", "subject", "messageId", "events", "attemptSessions", "originSession",
                                             "traces", "removed", "damaged")}, "recipients": recipients}


def whole_bars(trace):
    """No time is told twice, or not at all."""
    stages = trace["stages"]
    same([one["from"] for one in stages[1:]], [one["to"] for one in stages[:-1]], trace["session"])
    check(all(one["from"] <= one["to"] for one in stages), "time runs forwards", trace)


def spoken(trace):
    """Commands by the record, but for the dot."""
    return [one["command"] for one in trace["stages"] if one.get("command", ".") != "."]


def compare_sessions(here, servers, ids):
    """Every session that a server saw stands in the records with the commands it heard, and no other does."""
    def told():
        traces = {trace["session"]: trace for way in WAYS for trace in journey(here, ids[way])["traces"]}
        return sorted(spoken(trace) for trace in traces.values())

    def heard():
        return sorted([line.decode() for line in session.lines] for server in servers for session in server.sessions)

    wait_for(lambda: told() == heard(), "the last session to end")
    for way in WAYS:
        for trace in journey(here, ids[way])["traces"]:
            whole_bars(trace)
            greetings = [one["reply"] for one in trace["stages"] if one["stage"] == "greeting"]
            same(greetings, ["220 mx.test ESMTP"], way)


def act(here, *words):
    """On an entry that may be in delivery just then."""
    wait_for(lambda: here.queue(*words, code=None).returncode == 0, " ".join(words))


def send_all(here, account, other):
    """Every way, to its end. Way -> id of its queue entry."""
    ids = {}

    def id_of(way):
        for entry in here.entries():
            if entry["messageId"] == f"{way}@here.test":
                return entry["id"]
        return None

    for way, recipients in WAYS.items():
        if way != "lost":  # the others would feel that their connection is gone
            here.submit(*recipients, message=message(way))
    for way in ("held", "removed", "given", "rerouted"):
        ids[way] = wait_for(lambda: id_of(way), f"the entry of {way}")
        here.wait_recipient(f"{way}@far.test", lambda one: one["attempts"] >= 1 and one["state"] == "deferred")
    act(here, "hold", ids["held"])
    here.wait_recipient("held@far.test", lambda one: one["state"] == "held")
    account.opened.set()
    act(here, "release", ids["held"])
    act(here, "remove", ids["removed"])
    act(here, "expire", ids["given"])
    act(here, "route", f"smtp://127.0.0.1:{other.port}", ids["rerouted"])
    here.wait_empty()
    here.submit(*WAYS["lost"], message=message("lost"))
    here.wait_empty()
    records = wait_for(lambda: len(found := list((here.data / "queue" / "done").glob("*.json"))) == len(WAYS) - 1 and found,
                       "the records")
    for record in records:
        entry = json.loads(record.read_text())
        ids[entry["messageId"].split("@")[0]] = entry["id"]
    same(sorted(ids), sorted(WAYS))
    return ids


def forget(here):
    """Everything but mail, sessions and journeys."""
    here.listener.stop()
    shutil.rmtree(here.data / "queue" / "done")
    for index in here.data.glob("index.sqlite*"):
        index.unlink()
    here.start()


def compare(here, account, willing, ids):
    for way, recipients in WAYS.items():
        told = journey(here, ids[way])
        same(told["damaged"], False, way)
        same(told["messageId"], f"{way}@here.test")
        same(told["removed"] != "", way == "removed", way)
        for one in told["recipients"]:
            recipient = one["address"]
            name = recipient.split("@")[0]
            check("nextAttempt" not in one or one["state"] not in ("delivered", "failed", "expired"), one)
            if recipient.endswith("@here.test"):
                continue
            same(attempts(told, recipient), account.of.get(recipient, []) + willing.of.get(recipient, []), recipient)
            if way != "removed":
                same(one["state"], ENDS.get(name, "delivered"), recipient)
        spoken = [json.loads(line) for line in
                  here.bench.glasspost("transcript", ids[way], "--json", "--data", here.data).stdout.splitlines()]
        for recipient in recipients[:1]:
            check(any(line.get("text", "").startswith(f"RCPT TO:<{recipient}>") and line["session"] in told["attemptSessions"]
                      for line in spoken), "its sessions are told of", way)


def test_every_way(bench):
    account, willing = Account(), Willing()
    server, other = Scripted(bench, account.answer), Scripted(bench, willing.answer)
    here = Household(bench, smarthost(server.port))
    ids = send_all(here, account, other)
    compare_sessions(here, (server, other), ids)
    before = {way: lasting(journey(here, ids[way])) for way in WAYS}
    compare(here, account, willing, ids)
    forget(here)
    compare(here, account, willing, ids)
    same({way: lasting(journey(here, ids[way])) for way in WAYS}, before, "after everything was forgotten")
    here.crash()
    same({way: lasting(journey(here, ids[way])) for way in WAYS}, before, "after a crash")
    names = [event["event"] for event in journey(here, ids["held"])["events"]]
    check(names.index("held") < names.index("released") < len(names) - 1, names)
    check("rerouted" in [event["event"] for event in journey(here, ids["rerouted"])["events"]], "the other way is told")


def test_facts(bench):
    """T48: the answers to the look-up, why this host, the addresses tried, the greeting and each reply."""
    def answer(line, session):
        return b"550 5.1.1 no such user" if line.startswith(b"RCPT TO:<bad@") else None

    server = Scripted(bench, answer, "127.0.6.2", greeting=b"220 two.mx.test ready")
    nameserver = Nameserver(bench, {"far.test": [mx(10, "one.mx.test"), mx(20, "two.mx.test")],
                                    "one.mx.test": [address("127.0.6.1")], "two.mx.test": [address("127.0.6.2")]})
    here = Household(bench, direct(nameserver, server.port))
    here.submit("good@far.test", "bad@far.test", message=message("facts"))
    here.wait_empty()
    (record,) = wait_for(lambda: list((here.data / "queue" / "done").glob("*.json")), "the record")
    forget(here)
    told = journey(here, record.stem)
    vain, served = told["traces"]
    for trace in (vain, served):
        whole_bars(trace)
    same((vain["host"], vain["choice"]), ("one.mx.test", "1 of 2 hosts, preference 10"))
    look_up, *rest = vain["stages"]
    same(look_up["stage"], "lookup")
    notes = [note["text"] for note in look_up["notes"]]
    (exchangers,) = [note for note in notes if note.startswith("MX far.test: ")]
    same(sorted(exchangers.removeprefix("MX far.test: ").split(", ")), ["10 one.mx.test", "20 two.mx.test"])
    check("two.mx.test has 127.0.6.2" in notes, notes)
    check(all(0 <= note["at"] <= look_up["to"] for note in look_up["notes"]), "asked while it was looked up", look_up)
    same({one["stage"] for one in rest}, {"connect"})
    check(any("127.0.6.1" in note["text"] for one in rest for note in one.get("notes", [])), "the address tried in vain", rest)
    same((served["host"], served["address"], served["port"]), ("two.mx.test", "127.0.6.2", server.port))
    check(served["choice"].startswith("2 of 2 hosts, preference 20, since one.mx.test: "), served["choice"])
    (session,) = server.sessions
    same(spoken(served), [line.decode() for line in session.lines])
    replies = {one["command"][:16]: one["reply"] for one in served["stages"] if "command" in one}
    same(replies["RCPT TO:<good@fa"], "250 ok")
    same(replies["RCPT TO:<bad@far"], "550 5.1.1 no such user")
    same([one["reply"] for one in served["stages"] if one["stage"] == "greeting"], ["220 two.mx.test ready"])
    (octets,) = [one["octets"] for one in served["stages"] if one["stage"] == "body"]
    same(octets, len(session.messages[0]))


def test_compared(bench):
    """T48: the same message twice, beside each other: what the server did otherwise the second time, and nothing else."""
    otherwise = threading.Event()

    def answer(line, session):
        return NEVER if otherwise.is_set() and line.startswith(b"RCPT TO:<second@") else None

    server = Scripted(bench, answer)
    here = Household(bench, smarthost(server.port))
    done = here.data / "queue" / "done"

    def carried(known):
        here.submit("first@far.test", "second@far.test", message=message("compared"))
        here.wait_empty()
        (record,) = wait_for(lambda: {one.stem for one in done.glob("*.json")} - known, "the record")
        wait_for(lambda: journey(here, record)["traces"][-1]["stages"][-1]["stage"] == "quit", "the session to end")
        return record

    first = carried(set())
    otherwise.set()
    second = carried({first})

    def compared(left, right, *words):
        return here.bench.glasspost("journey", left, "--compare", right, *words, "--data", here.data).stdout.decode()

    told = json.loads(compared(first, second, "--json"))
    passing = {"octets", "time"}  # the trace fields differ in their times
    different = [row for row in told["rows"] if set(row["differences"]) - passing]
    same([(row["name"], row["differences"], row["right"]["reply"]) for row in different], [("rcpt", ["refusal"], "550 5.1.1 no such user")])
    names = [row.get("name", row["kind"]) for row in told["rows"]]
    check({"session", "host", "address", "greeting", "hello", "mail", "rcpt", "data", "body", "end-of-data", "quit"} <= set(names), names)
    lines = compared(first, second)
    check("!   rcpt (refusal): RCPT TO:<second@far.test>" in lines, lines)
    same(json.loads(compared(first, first, "--json"))["differences"], 0)
    (attempt, *_) = journey(here, second)["attemptSessions"]
    by_session = json.loads(compared(first, attempt, "--json"))
    same([row["name"] for row in by_session["rows"] if set(row["differences"]) - passing], ["rcpt"])
    forget(here)
    again = json.loads(compared(first, second, "--json"))
    same(again, told, "after everything was forgotten")


def test_later_bounce(bench):
    """T48: a report that comes back when nothing but the journey knows the message is folded into that."""
    server = Scripted(bench, Willing().answer)
    here = Household(bench, smarthost(server.port))
    here.submit("taken@far.test", message=message("taken"))
    here.wait_empty()
    (record,) = wait_for(lambda: list((here.data / "queue" / "done").glob("*.json")), "the record")
    forget(here)
    check("later" not in journey(here, record.stem)["recipients"][0], "nothing came back yet")
    here.submit("alice@here.test", sender="", message=bounce_of("taken", "taken@far.test"))
    wait_for(lambda: "later" in journey(here, record.stem)["recipients"][0], "the report to be folded in")
    here.restart()
    told = journey(here, record.stem)
    later = told["recipients"][0]["later"]
    same((later["action"], later["status"], later["server"]), ("failed", "5.2.2", "mx9.far.test"))
    same(told["events"][-1]["event"], "report-folded")
    here.listener.stop()
    for day in (here.data / "sessions").glob("*.jsonl"):
        day.unlink()
    here.start()
    here.bench.glasspost("transcript", record.stem, "--data", here.data, code=69)


def place(folder, octets, queue_id, number=1):
    """A message in a Maildir, as another program puts it there; its id."""
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "maildirfolder").touch()
    name = f"1795890476.M{number}P1Q{number}.host,S={len(octets)},W={len(octets)},Q={queue_id}"
    (folder / "cur" / f"{name}:2,S").write_bytes(octets)
    return name


def test_copies(bench):
    """T48: the copy in Sent leads to the journey, in another folder too; so does one that was exported and imported again."""
    server = Scripted(bench, Account().answer)
    here = Household(bench, smarthost(server.port))
    here.submit("bounced@far.test", message=message("bounced"))
    here.wait_reports(1)
    here.wait_empty()
    (record,) = wait_for(lambda: list((here.data / "queue" / "done").glob("*.json")), "the record")
    forget(here)
    octets = message("bounced").replace(b"\r\n", b"\n")
    sent, archive = here.data / "mail" / "alice" / ".Sent", here.data / "mail" / "alice" / ".Archive"
    here.listener.stop()
    name = place(sent, octets, record.stem)
    here.start()
    same(journey(here, name)["id"], record.stem)
    here.listener.stop()
    for part in ("cur", "new", "tmp"):
        (archive / part).mkdir(parents=True, exist_ok=True)
    (archive / "maildirfolder").touch()
    (sent / "cur" / f"{name}:2,S").rename(archive / "cur" / f"{name}:2,S")
    here.start()
    answer = ask(here, name)
    same((answer["message"]["folder"], answer["journeys"][0]["id"]), ("Archive", record.stem))
    bench.glasspost("export", bench.folder / "again", "--format", "eml", "--mailbox", "alice/Archive", "--data", here.data)
    bench.glasspost("import", bench.folder / "again", "--mailbox", "alice/Imported", "--data", here.data)
    rows = [json.loads(line) for line in
            bench.glasspost("search", "--json", "in:Imported Way", "--data", here.data).stdout.splitlines()]
    same(len(rows), 1, rows)
    same(journey(here, rows[0]["id"])["id"], record.stem, "by its Message-ID")


def test_what_only_came(bench):
    """T48: of a message that stayed here no delivery is claimed, and the session that brought it is named."""
    here = Household(bench, smarthost(Scripted(bench).port))
    here.submit("alice@here.test", message=message("local"))
    (file,) = here.listener.wait_files(1, "alice")
    answer = ask(here, file.name.split(":")[0])
    same(answer["journeys"], [])
    same(answer["arrival"]["session"], answer["message"]["session"])
    (received,) = answer["received"]
    same((received["session"], received["otherEnd"]), (answer["message"]["session"], {}))
    same([one["command"].lower() for one in received["stages"] if one["stage"] == "rcpt"], ["rcpt to:<alice@here.test>"])
    same(ask(here, answer["message"]["session"])["arrival"]["session"], answer["message"]["session"])
    check("no record of a delivery" in
          here.bench.glasspost("journey", "latest", "--data", here.data).stdout.decode(), "said in words")
    here.bench.glasspost("journey", "1J1B9AUMIJ5GHHBMQ", "--data", here.data, code=69)


def both_ends(client, server):
    """What each end has of one session: the same words, by one clock, and whose time it was as each end sees it."""
    same(spoken(server), spoken(client))

    def moments(trace):
        """When the message was taken over: "at" is cut to milliseconds."""
        (one,) = [one for one in trace["stages"] if "kept as" in one.get("reply", "")]
        begun = datetime.datetime.fromisoformat(trace["at"].replace("Z", "+00:00")).timestamp() * 1000
        return begun + one["from"], begun + one["to"]

    (sent, answered), (read, decided) = moments(client), moments(server)
    check(sent - 2 <= read <= decided <= answered + 2, "one clock", sent, read, decided, answered)

    def waits(trace, stage):
        return {one["waits"] for one in trace["stages"] if one["stage"] == stage}

    same((waits(client, "rcpt"), waits(server, "rcpt"), waits(server, "client-turn")), ({True}, {False}, {True}))
    whole_bars(server)


def test_both_ends(bench):
    """T71: a message that went to our own listener, as its sender and as its listener has it."""
    listener = bench.listen()
    (bench.folder / "own.eml").write_bytes(message("own"))
    bench.glasspost("send", "--from", "alice@here.test", "--to", "someone@far.test", "--message", "own.eml", "--via",
                    f"smtp://127.0.0.1:{listener.port}", "--queue", "--data", "data")
    (file,) = listener.wait_files(1)
    captured = file.name.split(":")[0]
    (record,) = wait_for(lambda: list((bench.folder / "data" / "queue" / "done").glob("*.json")), "the record")

    def told(name):
        return json.loads(bench.glasspost("journey", name, "--json", "--data", "data").stdout)

    def ended():
        answer = told(record.stem)
        ends = [trace for one in answer["received"] for trace in (one, one["otherEnd"].get("trace")) if trace]
        return answer if len(ends) == 2 and all(one["stages"][-1]["stage"] == "quit" for one in ends) else None

    answer = wait_for(ended, "both ends of the session")
    (server,) = answer["received"]
    (client,) = answer["journeys"][0]["traces"]
    same(server["otherEnd"], {"entry": record.stem, "trace": client})
    both_ends(client, server)
    arrived = told(captured)
    same((arrived["arrival"]["session"], arrived["journeys"]), (server["session"], []))
    same([one["session"] for one in arrived["received"]], [server["session"]])
    for name, words in ((record.stem, "Where the time went"), (captured, "How it came")):
        bench.glasspost("journey", name, "--html", "ends.html", "--data", "data")
        page = (bench.folder / "ends.html").read_text()
        check(words in page and "Received in session #" in page, name, page[:2000])


RULES = b"""# glasspost rules 1
require ["copy", "fileinto", "mailbox", "imap4flags"];
# rule:[ways]
if header :contains "Subject" "Way" {
    redirect :copy "far@far.test";
    addflag "work";
    fileinto :create "Lists/ways";
}
"""


def test_rules_lead(bench):
    """What a rule did with a message is told for good, at it and at what was made from it, wherever it lies now."""
    server = Scripted(bench, Willing().answer)
    here = Household(bench, smarthost(server.port))
    script = bench.folder / "ways.sieve"
    script.write_bytes(RULES)
    bench.glasspost("rules", "import", script, "--data", here.data)
    here.submit("alice@here.test", message=message("local"))
    wait_for(lambda: server.messages, "the forward")
    here.wait_empty()
    original = wait_for(lambda: [json.loads(line) for line in bench.glasspost(
        "search", "--json", "subject:Way", "--data", here.data).stdout.splitlines()], "the message")[0]["id"]

    def told():
        at_original = ask(here, original)
        (link,) = at_original["links"]
        (back,) = ask(here, link["entry"])["links"]
        did = sorted((one["rule"], one["action"], one["detail"], one["problem"]) for one in at_original["rules"])
        return did, link, back

    did, link, back = told()
    same(did, [("ways", "add-flags", "work", ""), ("ways", "file", "Lists/ways", ""), ("ways", "forward", "far@far.test", "")])
    same([link[name] for name in ("to", "how", "rule", "recipients", "message")],
         ["made", "forwarded-by-rule", "ways", ["far@far.test"], {}])
    same([back[name] for name in ("to", "how", "rule", "messageId")],
         ["original", "forwarded-by-rule", "ways", "local@here.test"])
    same([back["message"]["id"], back["message"]["folder"]], [original, "Lists.ways"])
    forget(here)
    same(told(), (did, link, back), "after everything was forgotten")
    here.listener.stop()
    (file,) = (here.data / "mail" / "alice" / ".Lists.ways").glob(f"*/{original}*")
    archive = here.data / "mail" / "alice" / ".Archive" / "cur"
    archive.mkdir(parents=True, exist_ok=True)
    file.rename(archive / f"{file.name.split(':')[0]}:2,S")
    here.start()
    bench.glasspost("search", "subject:Way", "--data", here.data)  # which waits for the index to see the move
    did_then, link_then, back_then = told()
    same((did_then, link_then), (did, link), "after a move")
    same([back_then["message"]["id"], back_then["message"]["folder"]], [original, "Archive"])
    said = bench.glasspost("journey", original, "--data", here.data).stdout.decode()
    check('rule "ways": file Lists/ways' in said and 'forwarded by rule "ways" to <far@far.test>' in said, said)


def test_deleted(bench):
    """On purpose, and the message stays; not while it waits, and not by the name of a session."""
    server = Scripted(bench, Account().answer)
    here = Household(bench, smarthost(server.port))
    here.submit(*WAYS["taken"], message=message("taken"))
    here.wait_empty()
    (record,) = wait_for(lambda: list((here.data / "queue" / "done").glob("*.json")), "the record")
    gone = record.stem
    (session,) = journey(here, gone)["attemptSessions"]
    here.submit(*WAYS["removed"], message=message("removed"))
    (waits,) = [entry["id"] for entry in here.entries()]

    def delete(name, code=0):
        return here.bench.glasspost("journey", name, "--delete", "--json", "--data", here.data, code=code).stdout

    delete(waits, code=75)
    delete(session, code=69)
    same(json.loads(delete(gone)), {"deleted": [gone]})
    delete(gone, code=69)
    written = b"".join(path.read_bytes() for path in (here.data / "journeys").iterdir())
    check(gone.encode() not in written and not record.exists(), "nothing is left of it")
    here.restart()  # which makes good what a crash took, and only that
    delete(gone, code=69)
    same(journey(here, waits)["damaged"], False)


def test_damage_is_said(bench):
    """T48: an octet of the record that changed on the disk."""
    server = Scripted(bench, Account().answer)
    here = Household(bench, smarthost(server.port))
    here.submit("bounced@far.test", message=message("bounced"))
    here.wait_reports(1)
    here.wait_empty()
    (record,) = wait_for(lambda: list((here.data / "queue" / "done").glob("*.json")), "the record")
    forget(here)
    here.listener.stop()
    (file,) = (here.data / "journeys").glob("*.jsonl")
    lines = file.read_bytes().splitlines(keepends=True)
    told_in = [place for place, line in enumerate(lines) if b"no such user" in line]
    check(len(told_in) == 2, "the session's record and the delivery's", lines)
    for place in told_in:
        changed = [*lines]
        changed[place] = lines[place].replace(b"no such user", b"no such abuser")
        file.write_bytes(b"".join(changed))
        here.start()
        told = journey(here, record.stem)
        same(told["damaged"], True)
        check("abuser" not in json.dumps(told), "what was changed is not told", told)
        here.listener.stop()


if __name__ == "__main__":
    run(globals())
