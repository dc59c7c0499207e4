"""Python's smtplib into the listener: 8-bit, large, many recipients, junk in the pipeline."""

import email.message
import random
import smtplib
import socket

from peer import WAIT, check, run, same, tried, without_trace


def client(listener):
    return smtplib.SMTP("127.0.0.1", listener.port, local_hostname="client.test", timeout=WAIT)


def lf(octets):
    return octets.replace(b"\r\n", b"\n")


@tried("Python's smtplib", "in", "8BITMIME", "SMTPUTF8")
def test_eight_bit_and_utf8_address(bench):
    listener = bench.listen()
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@client.test", "jürgen@example.test", "Grüße Ω"
    message.set_content("Zeile mit Umlauten: äöü 世界\n", cte="8bit")
    with client(listener) as smtp:
        smtp.send_message(message)
    same(listener.event("stored")["to"], ["jürgen@example.test"])
    check("世界".encode() in listener.wait_files(1)[0].read_bytes(), "octets as they were sent")


@tried("Python's smtplib", "in", "large message, to the byte")
def test_large_message_to_the_byte(bench):
    listener = bench.listen()
    noise = random.Random(1)
    lines = [bytes(noise.choices(b".abcdefghij \xe4", k=noise.randrange(0, 900))) for _ in range(30000)]
    body = b"Subject: large\r\n\r\n" + b"\r\n".join(lines) + b"\r\n"
    with client(listener) as smtp:
        smtp.sendmail("a@client.test", ["b@example.test"], body, mail_options=["BODY=8BITMIME"])
    stored = listener.event("stored")
    kept = without_trace(listener.wait_files(1)[0].read_bytes())
    check(kept == lf(body), "the message differs:", len(kept), len(lf(body)))
    check(stored["size"] >= len(body), "size", stored["size"])


@tried("Python's smtplib", "in", "many recipients")
def test_many_recipients_one_file(bench):
    listener = bench.listen()
    to = [f"user{n}@example.test" for n in range(900)]
    with client(listener) as smtp:
        same(smtp.sendmail("a@client.test", to, b"Subject: many\r\n\r\nx\r\n"), {})
    same(listener.event("stored")["to"], to)
    listener.wait_files(1)


def test_recipients_to_several_mailboxes(bench):
    listener = bench.listen("--policy", "mailboxes", "--domain", "example.test", "--user", "ann", "--user", "ben")
    with client(listener) as smtp:
        refused = smtp.sendmail("a@client.test",
                                ["ann@example.test", "nobody@example.test", "ben@example.test"],
                                b"Subject: two\r\n\r\nx\r\n")
    same(list(refused), ["nobody@example.test"])
    listener.wait_files(1, "ann")
    listener.wait_files(1, "ben")


@tried("Python's smtplib", "in", "SIZE")
def test_too_large_is_refused(bench):
    listener = bench.listen("--max-size", "10000")
    with client(listener) as smtp:
        same(smtp.ehlo()[0], 250)
        same(smtp.esmtp_features["size"], "10000")
        smtp.mail("a@client.test")
        smtp.rcpt("b@example.test")
        same(smtp.data(b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 2000)[0], 552)
        same(smtp.mail("a@client.test", ["SIZE=20000"])[0], 552)
        same(smtp.noop()[0], 250)
    same(listener.files(), [])


@tried("Python's smtplib", "in", "PIPELINING")
def test_pipelined_group_and_junk(bench):
    """A whole session in one segment, with commands that are none between."""
    listener = bench.listen()
    script = (b"EHLO client.test\r\nXYZZY\r\nMAIL FROM:<a@client.test>\r\n\xff\xfe\r\nRCPT TO:<b@example.test>\r\n"
              b"NOOP\r\nDATA\r\n")
    with socket.create_connection(("127.0.0.1", listener.port), timeout=WAIT) as sock:
        stream = sock.makefile("rb")
        check(stream.readline().startswith(b"220 "), "greeting")
        sock.sendall(script)
        codes = []
        while len(codes) < 7:
            line = stream.readline()
            check(line, "the listener closed:", codes)
            if line[3:4] == b" ":
                codes.append(int(line[:3]))
        same(codes, [250, 500, 250, 500, 250, 250, 354])
        sock.sendall(b"Subject: piped\r\n\r\nx\r\n.\r\nQUIT\r\n")
        same(stream.readline()[:3], b"250")
        same(stream.readline()[:3], b"221")
        same(stream.readline(), b"", "closed")
    listener.wait_files(1)


def test_connection_lost_before_the_dot_keeps_nothing(bench):
    listener = bench.listen()
    smtp = client(listener)
    smtp.ehlo()
    smtp.mail("a@client.test")
    smtp.rcpt("b@example.test")
    same(smtp.docmd("DATA")[0], 354)
    smtp.sock.sendall(b"Subject: half\r\n\r\nhalf a message\r\n.\r")
    smtp.close()
    with client(listener) as second:
        second.sendmail("a@client.test", ["b@example.test"], b"Subject: whole\r\n\r\nx\r\n")
    check(b"Subject: whole" in listener.wait_files(1)[0].read_bytes(), "the whole one alone is kept")


if __name__ == "__main__":
    run(globals())
