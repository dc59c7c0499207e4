"""swaks, curl and openssl into a listener whose settings.ini asks for more than the defaults: client certificates,
sign-in in every way they know, XCLIENT, PROXY, CHUNKING."""

import hashlib
import socket

from peer import check, program, run, same, without_trace

SETTINGS = """[general]
host-name=mail.example.test
[listener]
auth-file={users}
trusted-peer=127.0.0.0/8
bindings=1
[extensions]
xclient=yes
[binding]
address=127.0.0.1
port=0
{binding}
"""


def listen(bench, binding="tls=opportunistic"):
    users = bench.folder / "users"
    if not users.exists():
        users.write_text("alice:secret\n")
    return bench.listen_as_set(SETTINGS.format(users=users, binding=binding))


def swaks(bench, listener, *options, code=0):
    done = bench.run(program("swaks", "swaks"), "--server", "127.0.0.1", "--port", listener.port, "--helo", "client.test",
                     "--from", "sender@client.test", "--to", "one@example.test", *options, code=code)
    return done.stdout.decode(errors="replace")


def transcripts(listener):
    """What the sessions folder holds once the sessions have ended."""
    listener.stop()
    return b"".join(path.read_bytes() for path in (listener.data / "sessions").rglob("*") if path.is_file())


def client_certificate(bench):
    openssl = program("openssl", "openssl")
    certificate, key = bench.folder / "alice.pem", bench.folder / "alice.key"
    bench.run(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
              "-out", certificate, "-subj", "/CN=alice", "-days", "2")
    der = bench.run(openssl, "x509", "-in", certificate, "-outform", "DER").stdout
    return certificate, key, hashlib.sha256(der).hexdigest()


def s_client(bench, listener, *options, said=b"QUIT\r\n", code=0):
    """openssl s_client says QUIT by itself when a line begins with Q; what is piped in is enough for one answer."""
    return bench.run(program("openssl", "openssl"), "s_client", "-connect", f"127.0.0.1:{listener.port}", "-starttls", "smtp",
                     "-crlf", *options, input=said, code=code).stdout


def test_curl_signs_in_over_tls(bench):
    listener = listen(bench)
    (bench.folder / "message").write_bytes(b"Subject: by curl\r\n\r\n.dot\r\n")
    bench.run(program("curl", "curl"), "-sS", "-k", "--ssl-reqd", f"smtp://127.0.0.1:{listener.port}", "--user", "alice:secret",
              "--mail-from", "a@example.org", "--mail-rcpt", "b@example.test", "--upload-file", bench.folder / "message")
    check(b"ESMTPSA" in listener.wait_files(1)[0].read_bytes(), "Received says ESMTPSA")
    said = transcripts(listener)
    check(b"TLS handshake took" in said and b"signed in with" in said, "the transcript's events")
    check(b"secret" not in said and b"YWxpY2U" not in said, "a password stands in the transcript")


def test_external_with_a_certificate(bench):
    certificate, key, digest = client_certificate(bench)
    (bench.folder / "users").write_text(f"alice:{{CERT-SHA-256}}{digest}\n")
    listener = listen(bench, "tls=opportunistic\nclient-certificate=asked")
    swaks(bench, listener, "--tls", "--tls-cert", certificate, "--tls-key", key, "--quit-after", "EHLO")
    said = transcripts(listener)
    check(b"certificate of the client: alice" in said and digest.encode() in said, "the client's certificate is noted")
    check(b"AUTH EXTERNAL" in said, "EXTERNAL is offered under TLS")


def test_certificate_required(bench):
    certificate, key, _ = client_certificate(bench)
    listener = listen(bench, "tls=required\nclient-certificate=required")
    swaks(bench, listener, "--tls", code=None)
    swaks(bench, listener, "--tls", "--tls-cert", certificate, "--tls-key", key)
    same(len(listener.wait_files(1)), 1)


def test_old_tls_is_refused(bench):
    listener = listen(bench)
    check(b"Cipher is (NONE)" in s_client(bench, listener, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", code=None), "TLS 1.1")
    for version, name in (("-tls1_2", b"TLSv1.2"), ("-tls1_3", b"TLSv1.3")):
        check(name in s_client(bench, listener, version, code=None), version)


def test_xclient(bench):
    listener = listen(bench)
    swaks(bench, listener, "--xclient-addr", "192.0.2.7", "--xclient-name", "spike.example")
    check(b"[192.0.2.7]" in listener.wait_files(1)[0].read_bytes(), "Received names the client of XCLIENT")
    check(b"XCLIENT: from 192.0.2.7" in transcripts(listener), "the transcript names it")


def test_proxy(bench):
    for number, version in enumerate(("1", "2"), 1):
        family = ("TCP4",) if version == "1" else ("AF_INET", "--proxy-protocol", "STREAM", "--proxy-command", "PROXY")
        listener = bench.listen_as_set(SETTINGS.format(users="", binding="tls=opportunistic\nproxy-headers=expected"),
                                       data=f"data{number}")
        swaks(bench, listener, "--proxy-version", version, "--proxy-family", *family, "--proxy-source", "192.0.2.1",
              "--proxy-source-port", "1234", "--proxy-dest", "192.0.2.2", "--proxy-dest-port", "25")
        check(b"[192.0.2.1]" in listener.wait_files(1)[0].read_bytes(), "Received names the proxy's client")
        check(f"PROXY version {version}: from 192.0.2.1 port 1234".encode() in transcripts(listener), "the transcript")


def test_chunks_over_a_plain_socket(bench):
    listener = listen(bench)
    with socket.create_connection(("127.0.0.1", listener.port), timeout=30) as client, client.makefile("rb") as said:
        client.sendall(b"EHLO client.test\r\nMAIL FROM:<a@example.org>\r\n"
                       b"RCPT TO:<b@example.test>\r\nBDAT 19\r\nSubject: chunks\r\n\r\n"
                       b"BDAT 8 LAST\r\n.x\r\n..\r\nQUIT\r\n")
        replies = said.read().decode()
    check("250-CHUNKING" in replies and "250 2.0.0 19 octets received" in replies, replies)
    check(replies.rstrip().split("\r\n")[-1].startswith("221 "), replies)
    check(listener.wait_files(1)[0].read_bytes().endswith(b"Subject: chunks\n\n.x\n..\n"), "the octets as they were sent")


def test_one_of_a_group_refused(bench):
    """S48: a pipelined group whose second recipient is refused; each of the others has its copy."""
    listener = bench.listen("--policy", "mailboxes", "--domain", "example.test", "--user", "one", "--user", "two")
    with socket.create_connection(("127.0.0.1", listener.port), timeout=30) as client, client.makefile("rb") as said:
        client.sendall(b"EHLO client.test\r\n")
        for ends in (b"220 ", b"250 "):
            while not said.readline().startswith(ends):
                pass
        client.sendall(b"MAIL FROM:<a@client.test>\r\nRCPT TO:<one@example.test>\r\nRCPT TO:<none@example.test>\r\n"
                       b"RCPT TO:<two@example.test>\r\nDATA\r\n")
        same([said.readline()[:3] for _ in range(5)], [b"250", b"250", b"550", b"250", b"354"])
        client.sendall(b"Subject: to two of three\r\n\r\ntext\r\n.\r\nQUIT\r\n")
        same([said.readline()[:3] for _ in range(2)], [b"250", b"221"])
    for user in ("one", "two"):
        same(without_trace(listener.wait_files(1, user)[0].read_bytes()), b"Subject: to two of three\n\ntext\n")


def test_limits_as_set(bench):
    """[listener-limits] holds on the wire: the third error in a row is answered by 421 and the end (RFC 5321 3.8)."""
    listener = bench.listen_as_set("[general]\nhost-name=mail.example.test\n[listener]\nbindings=1\n"
                                   "[binding]\naddress=127.0.0.1\nport=0\n"
                                   "[listener-limits]\nerrors=2\nerror-delay=none\nrecipients=100\n")
    with socket.create_connection(("127.0.0.1", listener.port), timeout=30) as client, client.makefile("rb") as said:
        client.sendall(b"EHLO client.test\r\nBOGUS\r\nBOGUS\r\nBOGUS\r\n")
        replies = said.read().decode().split("\r\n")
    same([line[:3] for line in replies if line[3:4] == " "], ["220", "250", "500", "500", "421"])
    check(any(line.endswith("LIMITS RCPTMAX=100") for line in replies), replies)


if __name__ == "__main__":
    run(globals())
