"""A part that says that it is binary, and is: every octet of it arrives, whatever the next server offers and by whatever
way the message goes (RFC 3030 3, RFC 6152 3)."""

from household import Household, smarthost
from peer import check, run, same_binary_part, wait_for, with_binary_part
from scripted import Scripted

OFFERS = {
    "nothing": b"250-mx.test\r\n250 HELP",
    "8BITMIME": b"250-mx.test\r\n250 8BITMIME",
    "CHUNKING": b"250-mx.test\r\n250 CHUNKING",
    "8BITMIME and CHUNKING": b"250-mx.test\r\n250-8BITMIME\r\n250 CHUNKING",
    "BINARYMIME without CHUNKING": b"250-mx.test\r\n250-8BITMIME\r\n250 BINARYMIME",  # RFC 3030 3: both, or none
    "BINARYMIME": b"250-mx.test\r\n250-8BITMIME\r\n250-CHUNKING\r\n250 BINARYMIME",
}
USUAL = ("8BITMIME", "8BITMIME and CHUNKING", "BINARYMIME")


def arrived(server, row):
    """The one message that the server has, and what MAIL said of it."""
    (octets,) = wait_for(lambda: server.messages, row)
    (mail,) = server.said(b"MAIL")
    if b"BODY=BINARYMIME" in mail:
        check(octets == with_binary_part(b"\r\n"), row, octets)
    else:
        check(b"8BITMIME" not in mail, row, mail)
        same_binary_part(octets, row)
    return mail


def test_sent_at_once(bench):
    """T74: BINARYMIME is used where the server offers it, base64 anywhere else."""
    for line_end in (b"\n", b"\r\n"):
        (bench.folder / "m.eml").write_bytes(with_binary_part(line_end))
        for offer, offered in OFFERS.items():
            row = f"T74 sent to a server that offers {offer}"
            server = Scripted(bench, offered=offered)
            bench.send(f"smtp://127.0.0.1:{server.port}", "--to", "bob@example.test")
            check((b"BODY=BINARYMIME" in arrived(server, row)) == (offer == "BINARYMIME"), row)


def test_by_the_queue(bench):
    """T74: the same for a message that was queued."""
    (bench.folder / "m.eml").write_bytes(with_binary_part())
    for number, offer in enumerate(USUAL):
        server = Scripted(bench, offered=OFFERS[offer])
        data = bench.folder / f"d{number}"
        data.mkdir()
        (data / "settings.ini").write_text(f"[route]\n{smarthost(server.port)}\n")
        bench.glasspost("send", "--from", "a@client.test", "--to", "bob@example.test", "--message", "m.eml", "--queue",
                        "--data", data)
        bench.glasspost("queue", "run", "--data", data)
        arrived(server, f"T74 by --queue to a server that offers {offer}")


def test_relayed(bench):
    """T74: the same for a message that came in by SMTP."""
    (bench.folder / "m.eml").write_bytes(with_binary_part())
    for number, offer in enumerate(USUAL):
        server = Scripted(bench, offered=OFFERS[offer])
        here = Household(bench, smarthost(server.port), domain=f"here{number}.test")
        bench.send(f"smtp://127.0.0.1:{here.listener.port}", "--to", "bob@example.test")
        arrived(server, f"T74 relayed to a server that offers {offer}")
        here.wait_empty()
        here.submit("bob@example.test", message=b"Subject: x\r\n\r\na\0b\r\n")
        (nul,) = wait_for(lambda: server.messages[1:], "the message with NUL")
        check(b"\0" not in nul or b"BODY=BINARYMIME" in server.said(b"MAIL")[1], f"T74 NUL relayed to {offer}", nul)
        here.listener.stop()


if __name__ == "__main__":
    run(globals())
