"""@modelcontextprotocol/sdk, from npm: a model's program searches, reads, and writes drafts that do not leave."""

import json
import pathlib
import shutil
import smtplib
import subprocess

from apart import npm
from household import Household, smarthost
from peer import WAIT, check, program, run, same, tried
from scripted import Scripted


def call(bench, calls, data="data"):
    done = bench.run(program("node", "nodejs"), pathlib.Path(__file__).parent / "mcpclient.js", json.dumps(calls),
                     bench.program, "mcp", "--data", bench.folder / data, timeout=120,
                     env={"NODE_PATH": str(npm(bench, bench.cache, "@modelcontextprotocol/sdk"))})
    return json.loads(done.stdout)


def capture(listener, subject, text):
    with smtplib.SMTP("127.0.0.1", listener.port, timeout=WAIT) as client:
        client.sendmail("shop@a.test", ["ann@b.test"],
                        f"From: Shop <shop@a.test>\nTo: ann@b.test\nSubject: {subject}\n\n{text}\n")


def queued(bench, data="data"):
    done = bench.glasspost("queue", "list", "--json", "--data", bench.folder / data)
    return [json.loads(line) for line in done.stdout.splitlines()]


@tried("@modelcontextprotocol/sdk (npm)", "in", "initialize", "tools/list", "every tool", "errors")
def test_every_tool(bench):
    listener = bench.listen()
    capture(listener, "Your code", "Your code is 482 913.")
    capture(listener, "Another", "Nothing")
    draft = {"from": "Ann <ann@b.test>", "to": ["zoe@far.invalid"], "subject": "An answer", "text": "As you wished."}
    given = call(bench, [
        ["found", "search_messages", {"query": "subject:code"}],
        ["all", "search_messages", {"query": ""}],
        ["latest", "read_message", {"id": "latest"}],
        ["none", "read_message", {"id": "none"}],
        ["sessions", "list_sessions", {"limit": 1}],
        ["wrong", "list_sessions", {"limit": "many"}],
        ["unknown", "release", {}],
        ["drafted", "queue_draft", draft],
        ["queue", "list_queue", {}]])
    same(given["server"]["name"], "glasspost")
    same(sorted(tool["name"] for tool in given["tools"]),
         ["list_journeys", "list_queue", "list_sessions", "queue_draft", "read_journey", "read_message", "read_transcript",
          "search_messages"])

    (row,) = given["found"]["structuredContent"]["rows"]
    same([row["subject"], len(given["all"]["structuredContent"]["rows"])], ["Your code", 2])
    same(json.loads(given["found"]["content"][0]["text"]), given["found"]["structuredContent"])
    same([given["latest"]["structuredContent"]["subject"], "html" in given["latest"]["structuredContent"]], ["Another", False])
    for name in ("none", "wrong"):
        check(given[name]["isError"] and given[name]["content"][0]["text"], given[name])
    same(given["unknown"]["code"], -32602)

    (session,) = given["sessions"]["structuredContent"]["sessions"]
    again = call(bench, [["said", "read_transcript", {"session": session["session"]}],
                         ["one", "read_message", {"id": row["id"]}]])
    said = [line.get("text", "").lower() for line in again["said"]["structuredContent"]["entries"]]
    check(any("mail from:<shop@a.test>" in line for line in said), said)
    same(again["one"]["structuredContent"]["codes"], ["482913"])

    (entry,) = given["queue"]["structuredContent"]["entries"]
    same([entry["id"], entry["held"], entry["subject"]],
         [given["drafted"]["structuredContent"]["queueId"], True, "An answer"])


@tried("@modelcontextprotocol/sdk (npm)", "in", "list_journeys", "read_journey", "by state", "by time", "page by page")
def test_journeys(bench):
    """What left and what did not, long after the queue forgot it, as "journey --json" tells it."""
    def answer(line, session):
        return b"550 5.1.1 no such user" if line.startswith(b"RCPT TO:<bad@") else None

    here = Household(bench, smarthost(Scripted(bench, answer).port))
    for name in ("first", "bad", "third"):
        here.submit(f"{name}@far.test", message=f"Subject: {name}\r\nMessage-ID: <{name}@here.test>\r\n\r\nText\r\n".encode())
        here.wait_empty()
    shutil.rmtree(here.data / "queue" / "done")
    given = call(bench, [["all", "list_journeys", {}],
                         ["failed", "list_journeys", {"state": "failed"}],
                         ["deferred", "list_journeys", {"state": "deferred"}],
                         ["recent", "list_journeys", {"state": "delivered", "since": "-1h"}],
                         ["later", "list_journeys", {"since": "2099-01-01T00:00"}],
                         ["page", "list_journeys", {"limit": 1}],
                         ["lost", "list_journeys", {"state": "lost"}],
                         ["unknown", "list_journeys", {"older_than": "1J1B9AUMIJ5ZZZZZZ"}],
                         ["none", "read_journey", {"id": "1J1B9AUMIJ5ZZZZZZ"}]], here.data)

    def listed(name):
        return [one["subject"] for one in given[name]["structuredContent"]["journeys"]]
    same([listed(name) for name in ("all", "failed", "deferred", "recent", "later", "page")],
         [["third", "bad", "first"], ["bad"], [], ["third", "first"], [], ["third"]])
    for name in ("lost", "unknown", "none"):
        check(given[name]["isError"] and given[name]["content"][0]["text"], given[name])
    (failed,) = given["failed"]["structuredContent"]["journeys"]
    same([(one["address"], one["state"], one["last"]["status"]) for one in failed["recipients"]],
         [("bad@far.test", "failed", "5.1.1")])
    same([given["all"]["structuredContent"]["next"], "events" in failed], ["", False])

    again = call(bench, [["rest", "list_journeys", {"older_than": given["page"]["structuredContent"]["next"]}],
                         ["one", "read_journey", {"id": failed["id"]}]], here.data)
    same([one["subject"] for one in again["rest"]["structuredContent"]["journeys"]], ["bad", "first"])
    told = json.loads(bench.glasspost("journey", failed["id"], "--json", "--data", here.data).stdout)
    same(again["one"]["structuredContent"], told)
    check("attempted" in [event["event"] for event in told["journeys"][0]["events"]], told)


def test_a_draft_waits_for_a_person(bench):
    """Nor does running the queue let it leave; who releases it is a person, here by the command."""
    given = call(bench, [["drafted", "queue_draft", {"from": "ann@b.test", "to": ["zoe@far.invalid"], "subject": "Held",
                                                     "text": "Text"}]])  # nobody has the folder open
    queue_id = given["drafted"]["structuredContent"]["queueId"]

    def attempts():
        (entry,) = queued(bench)
        same(entry["id"], queue_id)
        return entry["held"], [recipient["state"] for recipient in entry["recipients"]], entry["recipients"][0]["attempts"]
    same(attempts(), (True, ["held"], 0))
    bench.glasspost("queue", "run", "--data", bench.folder / "data", code=None)
    same(attempts(), (True, ["held"], 0))
    bench.glasspost("queue", "release", queue_id, "--data", bench.folder / "data", code=None)
    check(not attempts()[0], "a person could not release it")


def test_ends_with_its_input(bench):
    """What was asked is answered first; a line without an end is none."""
    for given, count in ((b"", 0), (b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n', 1),
                         (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_queue"}}\n{"jsonrpc"', 1),
                         (b"{\n" * 3, 3)):
        done = subprocess.run([bench.program, "mcp", "--data", bench.folder / "data"], input=given, capture_output=True,
                              timeout=WAIT * 2, env=bench.environment, check=False)
        same([done.returncode, len(done.stdout.splitlines())], [0, count], given)


if __name__ == "__main__":
    run(globals())
