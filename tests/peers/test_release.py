"""A captured message is released over HTTP to three recipients, one of whom is refused: whoever is asked tells the same."""

import json
import smtplib
import urllib.request

from household import smarthost
from peer import WAIT, check, run, same, wait_for
from scripted import Scripted

TOKEN = "s3cret"
RECIPIENTS = ["one@far.test", "two@far.test", "three@far.test"]
STATES = {"one@far.test": "delivered", "two@far.test": "failed", "three@far.test": "delivered"}
MESSAGE = b"From: shop@a.test\r\nTo: ann@b.test\r\nSubject: Order 4711\r\nMessage-ID: <4711@a.test>\r\n\r\nThank you.\r\n"


def refusing_two(line, session):
    return b"550 5.1.1 no such user" if line.upper().startswith(b"RCPT") and b"two@far.test" in line else None


def outcomes(recipients):
    """Of an entry or a journey as JSON: each recipient's state, and the reply that decided it."""
    return {one["address"]: (one["state"], one["attempts"], one["last"]["reply"]) for one in recipients}


def lasting(journey):
    """What is the same whenever it is asked for: sessions may go on."""
    return {name: journey[name] for name in ("id", "from", "recipients", "events", "attemptSessions", "damaged")}


def test_three_recipients_one_refused(bench):
    server = Scripted(bench, refusing_two)
    data = bench.folder / "data"
    data.mkdir()
    (data / "settings.ini").write_text(f"[route]\n{smarthost(server.port)}\n")
    bench.environment["GLASSPOST_HTTP_TOKEN"] = TOKEN
    listener = bench.listen("--http", "127.0.0.1:0")
    url = f"http://127.0.0.1:{listener.event('http')['port']}"

    def ask(path, body=None, method=None):
        request = urllib.request.Request(url + path, body, {"Authorization": f"Bearer {TOKEN}"}, method=method)
        with urllib.request.urlopen(request, timeout=WAIT) as answer:
            return answer.read()

    def told(path):
        return json.loads(ask(path))

    with smtplib.SMTP("127.0.0.1", listener.port, timeout=WAIT) as client:
        client.sendmail("shop@a.test", ["ann@b.test"], MESSAGE)
    original = told("/glasspost/v1/journeys/latest")["message"]["id"]
    same(ask("/api/v1/message/latest/release", json.dumps({"To": RECIPIENTS}).encode()), b"ok")
    (entry,) = told("/glasspost/v1/queue")["entries"]
    same([entry["held"], [(one["address"], one["state"]) for one in entry["recipients"]]],
         [True, [(one, "held") for one in RECIPIENTS]])
    same(server.sessions, [], "it is held")

    ask(f"/glasspost/v1/queue/{entry['id']}/release", method="POST")

    def ended():
        now = told(f"/glasspost/v1/queue/{entry['id']}")
        return now if now["done"] else None
    left = wait_for(ended, "the end of the delivery")
    same({one["address"]: one["state"] for one in left["recipients"]}, STATES)
    (delivered,) = [octets for octets in server.messages if b"Order 4711" in octets and b"multipart/report" not in octets]
    check(delivered.endswith(b"\r\n\r\nThank you.\r\n") and b"X-Glasspost" not in delivered, delivered)

    def reported():
        """Its sender is told of the refusal right after it."""
        (now,) = told(f"/glasspost/v1/journeys/{entry['id']}")["journeys"]
        return now if any(event["event"] == "notified" for event in now["events"]) else None
    journey = wait_for(reported, "the bounce")
    (printed,) = json.loads(bench.glasspost("journey", entry["id"], "--json", "--data", data).stdout)["journeys"]
    of_session = told(f"/glasspost/v1/journeys/{journey['attemptSessions'][0]}")["journeys"]  # it may have carried the bounce
    (listed,) = [one for one in of_session if one["id"] == entry["id"]]
    for one in (printed, listed):
        same(lasting(one), lasting(journey))
    same(outcomes(journey["recipients"]), outcomes(left["recipients"]))
    same(outcomes(journey["recipients"])["two@far.test"], ("failed", 1, "550 5.1.1 no such user"))
    for made in (told(f"/glasspost/v1/journeys/{original}"), json.loads(
            bench.glasspost("journey", original, "--json", "--data", data).stdout)):
        (link,) = made["links"]
        same([link["to"], link["how"], link["entry"], link["recipients"]], ["made", "released", entry["id"], RECIPIENTS])
    (link,) = told(f"/glasspost/v1/journeys/{entry['id']}")["links"]
    same([link["to"], link["messageId"], link["message"]["id"]], ["original", "4711@a.test", original])
    names = [event["event"] for event in journey["events"]]
    check(names.index("released") < names.index("attempt-began"), names)
    said = bench.glasspost("journey", entry["id"], "--data", data).stdout.decode()
    check(all(one in said for one in RECIPIENTS) and "550 5.1.1 no such user" in said, said)


if __name__ == "__main__":
    run(globals())
