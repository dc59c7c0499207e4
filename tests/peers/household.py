"""A whole Glasspost: the listener with a local user, mail that is handed in for others, its queue, its reports."""

import email
import json
import smtplib

from peer import WAIT, Listener, wait_for

SETTINGS = """[general]
host-name = {domain}
undo-seconds = 0
{general}
[user]
name = alice
{sections}
[route]
{route}
[listener]
policy = mailboxes
[retry]
{retry}
"""
MESSAGE = b"From: alice@here.test\r\nSubject: Across\r\nMessage-ID: <1@here.test>\r\n\r\n.dots\r\nand text\r\n"


def smarthost(port):
    return f"kind = smarthost\nhost = 127.0.0.1\nport = {port}\ntls = none"


def signed_in(port, authority):
    """Over STARTTLS that is verified, as alice, whose password is in GLASSPOST_PASSWORD."""
    return (f"kind = smarthost\nhost = 127.0.0.1\nport = {port}\ntls = required\nverify-certificate = yes\n"
            f"authority-file = {authority.ca}\nuser = alice\nmechanism = PLAIN")


def direct(nameserver, port, more=""):
    """By the exchangers that this nameserver names, each at that port."""
    return f"kind = direct\nport = {port}\nnameserver = 127.0.0.1\nnameserver-port = {nameserver.port}\nmta-sts = no\n{more}"


class Report:
    """A delivery status notification (RFC 3464), read by Python's email package."""

    def __init__(self, octets):
        self.whole = email.message_from_bytes(octets)
        status = next(part for part in self.whole.walk() if part.get_content_type() == "message/delivery-status")
        self.message, *self.recipients = status.get_payload()

    @property
    def told(self):
        """(recipient, action, status) of each."""
        return [(one["Final-Recipient"].split(";")[1].strip(), one["Action"], one["Status"]) for one in self.recipients]


class Household:
    def __init__(self, bench, route, domain="here.test", general="", sections="", retry="wait = 1s", environment=None,
                 port=0):
        self.bench = bench
        self.domain = domain
        self.data = bench.folder / domain
        self.data.mkdir()
        self.environment = environment
        self.bind = ("--bind", f"127.0.0.1:{port}")
        self.settings = {"domain": domain, "general": general, "sections": sections, "retry": retry}
        self.route(route)
        self.listener = None
        self.start()

    def route(self, route):
        """Holds from the next start."""
        (self.data / "settings.ini").write_text(SETTINGS.format(route=route, **self.settings))

    def start(self):
        self.listener = Listener(self.bench, self.data, bind=self.bind, environment=self.environment)

    def restart(self):
        self.listener.stop()
        self.start()

    def crash(self):
        self.listener.kill()
        self.start()

    def submit(self, *recipients, sender="alice@here.test", message=MESSAGE, mail=(), rcpt=()):
        with smtplib.SMTP("127.0.0.1", self.listener.port, local_hostname="client.test", timeout=WAIT) as session:
            session.sendmail(sender, recipients, message, mail, rcpt)

    def queue(self, *words, code=0):
        return self.bench.glasspost("queue", *words, "--data", self.data, code=code)

    def entries(self):
        return [json.loads(line) for line in self.queue("list", "--json").stdout.splitlines()]

    def recipients(self):
        """Address -> what the queue knows of it."""
        return {one["address"]: one for entry in self.entries() for one in entry["recipients"]}

    def wait_recipient(self, address, condition):
        def fits():
            one = self.recipients().get(address)
            return one if one and condition(one) else None
        return wait_for(fits, f"the queue's word about {address}")

    def wait_empty(self):
        wait_for(lambda: not self.entries(), "the queue to be empty")

    def mail(self, user="alice"):
        return [file.read_bytes() for file in self.listener.files(user)]

    def reports(self, user="alice"):
        return [Report(octets) for octets in self.mail(user) if b"report-type=delivery-status" in octets]

    def wait_reports(self, count, user="alice"):
        return wait_for(lambda: len(found := self.reports(user)) >= count and found, f"{count} reports")
