"""A signed zone "test." on a loopback nameserver (NSD), certificates for its hosts, and servers behind it: what the
tests of DANE and MTA-STS share."""

import hashlib
import http.server
import re
import socket
import ssl
import threading

from peer import check, free_port, program, wait_for

try:
    import aiosmtpd.controller
except ImportError:
    raise SystemExit("aiosmtpd is missing: install the package python3-aiosmtpd") from None

TLS_HOST, CLEAR_HOST = "127.0.0.1", "127.0.0.2"  # the same port at both; the second offers no STARTTLS


class Certificates:
    """An authority of our own, and a server's certificate for every host of the zone."""

    def __init__(self, bench):
        self.folder = bench.folder
        openssl = program("openssl", "openssl")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
        bench.run(openssl, "req", "-x509", *key, "-subj", "/CN=Authority of test", "-keyout", "ca.key", "-out", "ca.pem")
        names = "DNS:*.mx.test,DNS:mta-sts.listed.test,DNS:mta-sts.other.test,DNS:mta-sts.testing.test,DNS:mta-sts.misnamed.test"
        bench.run(openssl, "req", "-x509", *key, "-subj", "/CN=mx.test", "-addext", f"subjectAltName={names}", "-addext",
                  "basicConstraints=critical,CA:FALSE", "-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", "server.key",
                  "-out", "own.pem")
        own, authority = (self.folder / "own.pem").read_text(), (self.folder / "ca.pem").read_text()
        (self.folder / "chain.pem").write_text(own + authority)
        self.key_digest = self.digest(bench.run(openssl, "pkey", "-in", "server.key", "-pubout", "-outform", "DER").stdout)
        self.authority_digest = self.digest(ssl.PEM_cert_to_DER_cert(authority))

    @staticmethod
    def digest(octets):
        return hashlib.sha256(octets).hexdigest()

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "chain.pem", self.folder / "server.key")
        return context


class Keeper:
    def __init__(self):
        self.recipients = []
        self.senders = []

    async def handle_DATA(self, server, session, envelope):
        self.senders.append((session.host_name, envelope.mail_from))
        self.recipients += [(recipient, session.ssl is not None) for recipient in envelope.rcpt_tos]
        return "250 2.0.0 Kept"


def mail_server(bench, keeper, address, port, **options):
    controller = aiosmtpd.controller.Controller(keeper, hostname=address, port=port, **options)
    ready = threading.Event()
    threading.Thread(target=controller._run, args=(ready,), daemon=True).start()
    check(ready.wait(60), "aiosmtpd did not start")
    bench.endings.append(lambda: controller.loop.call_soon_threadsafe(controller.loop.stop))
    return controller.server.sockets[0].getsockname()[1]


POLICIES = {
    "mta-sts.listed.test": "version: STSv1\r\nmode: enforce\r\nmx: *.mx.test\r\nmax_age: 3600\r\n",
    "mta-sts.misnamed.test": "version: STSv1\r\nmode: enforce\r\nmx: far.off.mx.test\r\nmax_age: 3600\r\n",
    "mta-sts.other.test": "version: STSv1\r\nmode: enforce\r\nmx: elsewhere.test\r\nmax_age: 3600\r\n",
    "mta-sts.testing.test": "version: STSv1\r\nmode: testing\r\nmx: elsewhere.test\r\nmax_age: 3600\r\n",
}


def policy_server(bench, certificates):
    """https for the policies; its port, and the hosts that were asked for."""
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            host = self.headers["Host"].split(":")[0]
            asked.append(host)
            body = POLICIES[host].encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.socket = certificates.context().wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bench.endings.append(server.shutdown)
    return server.server_port, asked


def zone_text(port, certificates):
    """Every domain has one exchanger of its own below mx.test, so that one certificate serves them all."""
    good, wrong, anchor = f"3 1 1 {certificates.key_digest}", "3 1 1 " + "ab" * 32, certificates.authority_digest
    records = {"good": good, "mismatch": wrong, "anchor": f"2 0 1 {anchor}", "useless": "0 1 1 " + "ab" * 32,
               "bogus": good, "clear": good, "plain": None, "listed": None, "other": None, "testing": None}
    lines = ["$ORIGIN test.", "$TTL 60", "@ SOA ns.test. admin.test. 1 3600 600 86400 60", "@ NS ns.test.",
             "ns A 127.0.0.1", "null MX 0 .", "forged MX 10 good.mx", "insecure NS ns.test.",
             "misnamed MX 10 far.off.mx", f"far.off.mx A {TLS_HOST}"]
    for name, record in records.items():
        lines += [f"{name} MX 10 {name}.mx", f"{name}.mx A {CLEAR_HOST if name == 'clear' else TLS_HOST}"]
        if record:
            lines.append(f"_{port}._tcp.{name}.mx TLSA {record}")
    for name in ("listed", "other", "testing", "misnamed"):
        lines += [f'_mta-sts.{name} TXT "v=STSv1; id=1;"', f"mta-sts.{name} A 127.0.0.1"]
    return "\n".join(lines) + "\n"


def insecure_zone(port):
    return (f"$ORIGIN insecure.test.\n$TTL 60\n@ SOA ns.test. admin.test. 1 3600 600 86400 60\n@ NS ns.test.\n"
            f"@ MX 10 mx\nmx A {TLS_HOST}\n_{port}._tcp.mx TLSA 3 1 1 {'ab' * 32}\n")


def forge(text):
    """After the signing: another key in one TLSA record, another host in one MX."""
    text = re.sub(r"(\._tcp\.bogus\.mx\.test\.\s.*TLSA\s+3 1 1 )\w{4}", r"\1beef", text)
    return re.sub(r"(forged\.test\.\s.*MX\s+10 )good\.mx", r"\1mismatch.mx", text)


def nameserver(bench, port, certificates):
    """Signs the zone, starts NSD: --nameserver's value and the trust anchor's file."""
    (bench.folder / "test.zone").write_text(zone_text(port, certificates))
    (bench.folder / "insecure.zone").write_text(insecure_zone(port))
    key = bench.run(program("ldns-keygen", "ldnsutils"), "-a", "ECDSAP256SHA256", "-k", "test.").stdout.decode().strip()
    bench.run(program("ldns-signzone", "ldnsutils"), "-n", "test.zone", key)
    signed = bench.folder / "test.zone.signed"
    before = signed.read_text()
    after = forge(before)
    check(len(set(before.splitlines()) - set(after.splitlines())) == 2, "two records are forged")
    signed.write_text(after)
    dns_port = free_port()
    (bench.folder / "nsd.conf").write_text(f"""
server:
  ip-address: 127.0.0.1@{dns_port}
  zonesdir: "{bench.folder}"
  username: ""
  chroot: ""
  database: ""
  pidfile: ""
  zonelistfile: "{bench.folder}/zone.list"
  xfrdfile: "{bench.folder}/xfrd.state"
  xfrdir: "{bench.folder}"
remote-control:
  control-enable: no
zone:
  name: test
  zonefile: test.zone.signed
zone:
  name: insecure.test
  zonefile: insecure.zone
""")
    bench.start(program("nsd", "nsd"), "-d", "-c", "nsd.conf")
    wait_for(lambda: is_answering(dns_port), "nsd")
    return f"127.0.0.1:{dns_port}", bench.folder / f"{key}.ds"


def is_answering(port):
    question = b"\x12\x34\0\0\0\1\0\0\0\0\0\0\2ns\4test\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.2)
        try:
            sock.sendto(question, ("127.0.0.1", port))
            return sock.recv(512)[:2] == b"\x12\x34"
        except OSError:
            return False


class World:
    """All of it, and send() into it. The settings name the authority (or do not) and ask for no certificate: what a
    domain publishes is all that could."""

    def __init__(self, bench, authority="ca.pem"):
        self.bench, self.keeper = bench, Keeper()
        self.certificates = Certificates(bench)
        self.port = mail_server(bench, self.keeper, TLS_HOST, 0, tls_context=self.certificates.context())
        mail_server(bench, self.keeper, CLEAR_HOST, self.port)
        self.policy_port, self.policies_asked = policy_server(bench, self.certificates)
        self.nameserver, self.anchor = nameserver(bench, self.port, self.certificates)
        (bench.folder / "data").mkdir(mode=0o700)
        trusted = f"authority-file = {bench.folder}/{authority}\n" if authority else ""
        (bench.folder / "data" / "settings.ini").write_text(f"[route]\nkind = direct\n{trusted}")

    @property
    def route(self):
        """The section of the settings that leads here."""
        return (f"kind = direct\nport = {self.port}\nnameserver = 127.0.0.1\nnameserver-port = {self.nameserver.split(':')[1]}\n"
                f"trust-anchor-file = {self.anchor}\nauthority-file = {self.bench.folder}/ca.pem\n"
                f"mta-sts-port = {self.policy_port}\n")

    def send(self, domain, code=0):
        return self.bench.glasspost(
            "send", "--from", "a@client.example", "--to", f"b@{domain}", "--subject", "x", "--data", "data", "--nameserver",
            self.nameserver, "--trust-anchor", self.anchor, "--mta-sts-port", self.policy_port, "--port", self.port,
            code=code).stdout.decode()
