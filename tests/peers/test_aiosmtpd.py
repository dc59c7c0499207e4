"""Our client into Python's aiosmtpd, which hands back what it got."""

import socket
import ssl
import threading

from peer import check, program, run, same, same_binary_part, tried, with_binary_part

try:
    import aiosmtpd.controller
    import aiosmtpd.smtp
except ImportError:
    raise SystemExit("aiosmtpd is missing: install the package python3-aiosmtpd") from None


class Keeper:
    def __init__(self, refuse=()):
        self.envelopes = []
        self.refuse = refuse

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.envelopes.append(envelope)
        return "250 2.0.0 Kept"


def server(bench, keeper, **options):
    controller = aiosmtpd.controller.Controller(keeper, hostname="127.0.0.1", port=0, **options)

    def port():
        return controller.server.sockets[0].getsockname()[1]

    # Its own start() connects to the port it was given, and port 0 is none: start the thread alone.
    ready = threading.Event()
    thread = threading.Thread(target=controller._run, args=(ready,), daemon=True)
    thread.start()
    check(ready.wait(60), "aiosmtpd did not start")
    bench.endings.append(lambda: controller.loop.call_soon_threadsafe(controller.loop.stop))
    return port()


def send(bench, port, *options, **more):
    return bench.glasspost("send", "--from", "a@client.test", "--via", f"smtp://127.0.0.1:{port}", *options, **more)


@tried("aiosmtpd", "out", "to the byte", "a binary part")
def test_message_to_the_byte(bench):
    """T74: what arrives is what was sent, and a binary part in base64 where the server does not take it otherwise."""
    keeper = Keeper()
    message = (b"From: a@client.test\r\nTo: b@example.test\r\nSubject: byte\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n"
               b"Message-ID: <1@client.test>\r\n\r\n.dot\r\n..\r\n\r\n" + b"long " * 180 + b"\r\nend\r\n")
    (bench.folder / "m.eml").write_bytes(message)
    send(bench, server(bench, keeper), "--to", "b@example.test", "--message", "m.eml")
    same(keeper.envelopes[0].original_content, message)
    (bench.folder / "m.eml").write_bytes(message.replace(b"\r\n", b"\n"))
    send(bench, server(bench, keeper), "--to", "b@example.test", "--message", "m.eml")
    same(keeper.envelopes[1].original_content, message)
    (bench.folder / "m.eml").write_bytes(with_binary_part())
    send(bench, server(bench, keeper), "--to", "b@example.test", "--message", "m.eml")
    same_binary_part(keeper.envelopes[2].original_content, "T74 aiosmtpd")


@tried("aiosmtpd", "out", "one recipient refused, the others delivered")
def test_one_refused_recipient_stops_nobody(bench):
    keeper = Keeper(refuse=["no@example.test"])
    said = send(bench, server(bench, keeper), "--to", "b@example.test", "--to", "no@example.test", "--bcc",
                "secret@example.test", code=69).stdout
    check(b"no@example.test: refused, 550 5.1.1" in said and b"b@example.test: delivered" in said, said.decode())
    same(keeper.envelopes[0].rcpt_tos, ["b@example.test", "secret@example.test"])
    check(b"secret" not in keeper.envelopes[0].content, "Bcc left")


@tried("aiosmtpd", "out", "SMTPUTF8")
def test_utf8_and_text_from_standard_input(bench):
    keeper = Keeper()
    port = server(bench, keeper, enable_SMTPUTF8=True)
    send(bench, port, "--to", "jürgen@example.test", "--subject", "Grüße", "--text", "-",
         input="Zeile äöü\nzweite\n".encode())
    same(keeper.envelopes[0].rcpt_tos, ["jürgen@example.test"])
    check(keeper.envelopes[0].smtp_utf8, "SMTPUTF8")


def certificate(bench):
    bench.run(program("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem",
              "-out", "cert.pem", "-days", 2, "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bench.folder / "cert.pem", bench.folder / "key.pem")
    return context


def authenticator(server, session, envelope, mechanism, data):
    good = data == aiosmtpd.smtp.LoginPassword(b"bob", b"secret")
    return aiosmtpd.smtp.AuthResult(success=good, handled=False)


@tried("aiosmtpd", "out", "STARTTLS", "LOGIN", "PLAIN", "wrong password")
def test_starttls_and_sign_in(bench):
    keeper = Keeper()
    port = server(bench, keeper, tls_context=certificate(bench), require_starttls=True, auth_required=True,
                  authenticator=authenticator)
    url = ["send", "--from", "a@client.test", "--to", "b@example.test", "--via", f"smtp://bob@127.0.0.1:{port}",
           "--ca", bench.folder / "cert.pem"]
    said = bench.glasspost(*url, env={"GLASSPOST_PASSWORD": "secret"}).stdout
    same(len(keeper.envelopes), 1)
    check(b"secret" not in said and b"TLS" in said, "the transcript tells of TLS and of no password")
    bench.glasspost(*url, env={"GLASSPOST_PASSWORD": "wrong"}, code=77)
    bench.glasspost(*url, code=77, start_new_session=True)  # no password, no terminal to ask on


@tried("aiosmtpd", "out", "implicit TLS", "certificate that cannot be verified")
def test_implicit_tls_wants_a_certificate_that_fits(bench):
    """aiosmtpd's own context; nobody signed its certificate."""
    keeper = Keeper()
    port = server(bench, keeper, ssl_context=certificate(bench))
    said = bench.glasspost("send", "--from", "a@client.test", "--to", "b@example.test", "--via",
                           f"smtps://127.0.0.1:{port}", code=None)
    check(said.returncode in (69, 75), "exit code", said.returncode)
    same(keeper.envelopes, [], "nothing was sent")


def test_not_smtp(bench):
    """A server that speaks something else: 76."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        def speak():
            client, _ = other.accept()
            client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            client.close()

        threading.Thread(target=speak, daemon=True).start()
        send(bench, other.getsockname()[1], "--to", "b@example.test", code=76)


if __name__ == "__main__":
    run(globals())
