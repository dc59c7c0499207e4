"""OpenSMTPD both ways, in a copy of this system of its own: our client into it, and its queue into the listener. As a
server it makes no TLS: Debian 12's, with OpenSSL 3, cannot sign a handshake with its own key."""

import shutil

from apart import apart
from peer import (accepts, came_by_tls, check, delivered, free_port, message_to, run, same, same_binary_part, tried, wait_for,
                  with_binary_part)

CONF = """
queue ttl 1h
smtp max-message-size 1M
listen on 127.0.0.1 port {port} hostname opensmtpd.test
action "in" maildir "{folder}/box" virtual {{ "bob@example.test" = nobody }} user nobody
action "on" relay host smtp+tls://127.0.0.1:{onward} tls no-verify
match from any for domain "example.test" action "in"
match from any for domain "listener.test" action "on"
"""

MESSAGE = message_to("OpenSMTPD", lines=3000)


class OpenSmtpd:
    def __init__(self, bench, onward=25):
        self.bench = bench
        self.root = apart(bench, bench.cache, "opensmtpd")
        self.port = free_port()
        self.folder = self.root / "mail" / f"opensmtpd-{self.port}"
        self.folder.mkdir()
        self.folder.chmod(0o777)
        (self.root / "etc" / "peer.conf").write_text(
            CONF.format(folder=f"/mail/{self.folder.name}", port=self.port, onward=onward))
        shutil.rmtree(self.root / "var" / "spool" / "smtpd", ignore_errors=True)  # nothing of an earlier run
        (bench.folder / "m.eml").write_bytes(MESSAGE)
        bench.start("chroot", self.root, "smtpd", "-d", "-f", "/etc/peer.conf")
        wait_for(lambda: accepts(self.port), "OpenSMTPD")

    def send(self, *options, **more):
        return self.bench.send(f"smtp://127.0.0.1:{self.port}", *options, **more)

    def mail(self, count=1):
        return delivered(self.folder / "box", count)


@tried("OpenSMTPD", "out", "8BITMIME", "DSN parameters", "SIZE", "one recipient refused, one delivered",
       "to the byte", "a binary part")
def test_message_to_the_byte(bench):
    """T74: what arrives is what was sent, and a binary part in base64 where the server does not take it otherwise."""
    server = OpenSmtpd(bench)
    said = server.send("--to", "bob@example.test", "--to", "carl@example.test", "--notify",
                       "failure,delay", code=69).stdout
    check(b"NOTIFY=FAILURE,DELAY" in said and b"carl@example.test: refused, 524 5.2.4" in said, said.decode())
    same(server.mail(), [MESSAGE])
    (bench.folder / "m.eml").write_bytes(with_binary_part())
    server.send("--to", "bob@example.test")
    (octets,) = (one for one in server.mail(2) if one != MESSAGE)
    same_binary_part(octets, "T74 OpenSMTPD")
    (bench.folder / "m.eml").write_bytes(MESSAGE + b"x" * 60 * 20000)
    said = server.send("--to", "bob@example.test", code=69).stdout
    check(b"5.3.4" in said and b"MAIL FROM" not in said, "refused without asking:", said.decode()[-2000:])


@tried("OpenSMTPD", "in", "STARTTLS", "8BITMIME", "to the byte")
def test_queue_into_the_listener(bench):
    listener = bench.listen("--tls", "optional")
    server = OpenSmtpd(bench, onward=listener.port)
    server.send("--to", "x@listener.test")
    came_by_tls(listener, "x@listener.test", MESSAGE)


if __name__ == "__main__":
    run(globals())
