"""Exim both ways, in a copy of this system of its own: our client into it, and its queue into the listener."""

import os
import pwd

from apart import apart
from peer import (Authority, accepts, came_by_tls, check, delivered, free_port, message_to, run, same, same_binary_part, tried,
                  wait_for, with_binary_part)

CONF = """
daemon_smtp_ports = {port} : {implicit}
tls_on_connect_ports = {implicit}
local_interfaces = 127.0.0.1
primary_hostname = exim.test
spool_directory = {folder}/spool
log_file_path = {folder}/log-%slog
pid_file_path = {folder}/pid
domainlist local_domains = example.test
acl_smtp_rcpt = rcpt
tls_advertise_hosts = *
tls_certificate = {folder}/server.pem
tls_privatekey = {folder}/server.key
chunking_advertise_hosts = *
dsn_advertise_hosts = *
smtputf8_advertise_hosts = *
pipelining_advertise_hosts = *
recipients_max = 50
never_users =
begin acl
rcpt:
  deny local_parts = nobody
       message = 5.1.1 no such user
  accept
begin routers
hand_on:
  driver = manualroute
  domains = listener.test
  route_list = * 127.0.0.1::{onward} byname
  self = send
  transport = smtp
known:
  driver = accept
  local_parts = bob : jürgen
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = {folder}/mail/$local_part_data
  maildir_format
  create_directory
  user = nobody
  group = nogroup
smtp:
  driver = smtp
  allow_localhost
  hosts_require_tls = *
  tls_verify_certificates = {folder}/ca.pem
  tls_verify_hosts = *
  tls_verify_cert_hostnames =
begin retry
* * F,1h,1s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = ${{if and{{{{eq{{$auth2}}{{bob}}}}{{eq{{$auth3}}{{secret}}}}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = User:: : Password::
  server_condition = ${{if and{{{{eq{{$auth1}}{{bob}}}}{{eq{{$auth2}}{{secret}}}}}}}}
  server_set_id = $auth1
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = ${{if eq{{$auth1}}{{bob}}{{secret}}fail}}
  server_set_id = $auth1
"""

MESSAGE = message_to("Exim", lines=3000)


class Exim:
    def __init__(self, bench, onward=25):
        self.bench = bench
        self.root = apart(bench, bench.cache, "exim4-daemon-light")
        self.authority = Authority(bench, "127.0.0.1", folder="exim-tls")
        self.port, self.implicit = free_port(), free_port()
        self.folder = self.root / "mail" / f"exim-{self.port}"
        inside = f"/mail/{self.folder.name}"
        for name in ("spool", "mail"):
            (self.folder / name).mkdir(parents=True)
        for path in (self.folder, self.folder / "spool", self.folder / "mail"):
            path.chmod(0o777)
        os.chown(self.folder / "mail", pwd.getpwnam("nobody").pw_uid, -1)
        for file in (self.authority.certificate, self.authority.key, self.authority.ca):
            (self.folder / file.name).write_bytes(file.read_bytes())
            (self.folder / file.name).chmod(0o644)
        # Its own place: with another one Exim gives its rights up, and could not deliver.
        (self.root / "etc" / "exim4" / "exim4.conf").write_text(
            CONF.format(port=self.port, implicit=self.implicit, folder=inside, onward=onward))
        (bench.folder / "m.eml").write_bytes(MESSAGE)
        bench.start("chroot", self.root, "exim4", "-bdf", "-q5s")
        wait_for(lambda: accepts(self.port), "Exim")

    def send(self, *options, scheme="smtp", user="", **more):
        port = self.implicit if scheme == "smtps" else self.port
        return self.bench.send(f"{scheme}://{user}127.0.0.1:{port}", *options, **more)

    def mail(self, user, count=1):
        return delivered(self.folder / "mail" / user, count)


@tried("Exim", "out", "CHUNKING", "PIPELINING", "8BITMIME", "SMTPUTF8", "DSN parameters",
       "one recipient refused, one delivered", "to the byte", "a binary part")
def test_message_to_the_byte(bench):
    """T74: what arrives is what was sent, and a binary part in base64 where the server does not take it otherwise."""
    exim = Exim(bench)
    said = exim.send("--to", "bob@example.test", "--to", "nobody@example.test", "--tls", "none", "--notify",
                     "success,failure", "--ret", "headers", "--envid", "x+1", code=69).stdout
    check(b"BDAT" in said and b" LAST" in said and b"RET=HDRS ENVID=x+2B1" in said and b"NOTIFY=SUCCESS,FAILURE" in said,
          said.decode())
    check(b"nobody@example.test: refused, 550 5.1.1" in said, said.decode())
    same(exim.mail("bob"), [MESSAGE])
    exim.send("--to", "bob@example.test", "--tls", "none", "--without", "CHUNKING")
    same(exim.mail("bob", 2), [MESSAGE, MESSAGE])
    said = exim.send("--to", "jürgen@example.test", "--tls", "none").stdout
    check(b"SMTPUTF8" in said, said.decode())
    same(exim.mail("jürgen"), [MESSAGE])
    (bench.folder / "m.eml").write_bytes(with_binary_part())
    exim.send("--to", "bob@example.test", "--tls", "none")
    exim.send("--to", "bob@example.test", "--tls", "none", "--without", "CHUNKING", "--without", "8BITMIME")
    for octets in [one for one in exim.mail("bob", 4) if one != MESSAGE]:
        same_binary_part(octets, "T74 Exim")


@tried("Exim", "out", "STARTTLS", "implicit TLS", "own authority", "PLAIN", "LOGIN", "CRAM-MD5", "wrong password")
def test_sign_in(bench):
    exim = Exim(bench)
    count = 0
    for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
        for scheme in ("smtp", "smtps"):
            said = exim.send("--to", "bob@example.test", "--ca", exim.authority.ca, "--auth", mechanism, scheme=scheme,
                             user="bob@", env={"GLASSPOST_PASSWORD": "secret"}).stdout
            check(b"certificate verified" in said and b"AUTH " + mechanism.encode() in said, said.decode())
            count += 1
    same(exim.mail("bob", count), [MESSAGE] * count)
    exim.send("--to", "bob@example.test", "--ca", exim.authority.ca, user="bob@",
              env={"GLASSPOST_PASSWORD": "wrong"}, code=77)


@tried("Exim", "in", "STARTTLS", "verified certificate", "CHUNKING", "PIPELINING", "8BITMIME", "to the byte")
def test_queue_into_the_listener(bench):
    authority = Authority(bench, "127.0.0.1")
    listener = bench.listen("--tls-cert", authority.certificate, "--tls-key", authority.key)
    exim = Exim(bench, onward=listener.port)
    (exim.folder / "ca.pem").write_bytes(authority.ca.read_bytes())
    exim.send("--to", "x@listener.test", "--tls", "none")
    came_by_tls(listener, "x@listener.test", MESSAGE)


if __name__ == "__main__":
    run(globals())
