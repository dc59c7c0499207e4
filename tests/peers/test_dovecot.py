"""Our client into Dovecot: LMTP by TCP and by a Unix socket, and the submission service with TLS and each way to sign in
that both know. Dovecot runs on ports and in folders of its own; submission hands on to Postfix's smtp-sink."""

import os
import pwd

from peer import Authority, accepts, check, free_port, message_to, program, run, same, tried, wait_for, without_trace

CONF = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
auth_verbose = yes
listen = 127.0.0.1
protocols = lmtp submission
default_internal_user = dovecot
default_login_user = dovenull
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_ca = <{ca}
ssl_verify_client_cert = yes
ssl_require_crl = no
auth_ssl_username_from_cert = yes
ssl_cert_username_field = commonName
disable_plaintext_auth = yes
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 external
mail_location = maildir:{folder}/mail/%n
first_valid_uid = 1
hostname = dovecot.test
submission_relay_host = 127.0.0.1
submission_relay_port = {sink}
submission_relay_trusted = no
passdb {{
  driver = static
  mechanisms = external
  args = nopassword=y
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n allow_all_users=yes
}}
service lmtp {{
  unix_listener {folder}/lmtp {{
    mode = 0666
  }}
  inet_listener {{
    port = {lmtp}
  }}
}}
service submission-login {{
  inet_listener submission {{
    port = {submission}
  }}
  inet_listener submissions {{
    port = {submissions}
    ssl = yes
  }}
}}
protocol lmtp {{
  auth_username_format = %n
}}
"""


class Dovecot:
    def __init__(self, bench):
        self.bench = bench
        self.folder = bench.folder / "dovecot"
        self.authority = Authority(bench, "127.0.0.1", "dovecot.test")
        self.lmtp, self.submission, self.submissions, sink = (free_port() for _ in range(4))
        user = pwd.getpwnam("nobody")
        for name in ("mail", "run", "state"):
            (self.folder / name).mkdir(parents=True)
        os.chown(self.folder / "mail", user.pw_uid, user.pw_gid)
        (self.folder / "users").write_text("bob:secret\n")
        (self.folder / "conf").write_text(CONF.format(
            folder=self.folder, certificate=self.authority.certificate, key=self.authority.key, ca=self.authority.ca,
            lmtp=self.lmtp, submission=self.submission, submissions=self.submissions, sink=sink, uid=user.pw_uid,
            gid=user.pw_gid))
        (self.folder / "dump").mkdir(mode=0o777)
        (self.folder / "dump").chmod(0o777)
        bench.start(program("smtp-sink", "postfix"), "-u", "nobody", "-d", "m.", "-R", self.folder / "dump",
                    f"127.0.0.1:{sink}", 16)
        bench.start(program("dovecot", "dovecot-core"), "-F", "-c", self.folder / "conf")
        bench.endings.append(lambda: bench.run(program("doveadm", "dovecot-core"), "-c", self.folder / "conf", "stop",
                                               code=None))
        wait_for(lambda: accepts(self.lmtp) and accepts(self.submission) and accepts(sink), "Dovecot")

    def mail(self, user, count=1):
        new = self.folder / "mail" / user / "new"
        files = wait_for(lambda: len(files := list(new.glob("*"))) == count and files, f"{count} messages of {user}")
        return [file.read_bytes() for file in files]

    def dumped(self, count=1):
        return wait_for(lambda: len(files := list((self.folder / "dump").glob("m.*"))) == count and files,
                        f"{count} messages in the sink")

    def send(self, via, *options, **more):
        return self.bench.send(via, *options, **more)


MESSAGE = message_to("Dovecot", lines=1)


def prepare(bench):
    (bench.folder / "m.eml").write_bytes(MESSAGE)
    return Dovecot(bench)


@tried("Dovecot LMTP", "out", "LMTP over TCP", "CHUNKING", "8BITMIME", "to the byte")
def test_lmtp_to_the_byte(bench):
    dovecot = prepare(bench)
    said = dovecot.send(f"lmtp://127.0.0.1:{dovecot.lmtp}", "--to", "bob@example.test", "--to", "jane@example.test").stdout
    check(b"C: LHLO" in said.replace(b"  ", b" ") or b"LHLO" in said, said.decode())
    check(b"BDAT" in said, "no BDAT:", said.decode())
    for user in ("bob", "jane"):
        same(without_trace(dovecot.mail(user)[0]), MESSAGE)
    dovecot.send(f"lmtp://127.0.0.1:{dovecot.lmtp}", "--to", "bob@example.test", "--without", "CHUNKING")
    same([without_trace(octets) for octets in dovecot.mail("bob", 2)], [MESSAGE, MESSAGE])


@tried("Dovecot LMTP", "out", "LMTP over a Unix socket", "STARTTLS")
def test_lmtp_by_socket(bench):
    dovecot = prepare(bench)
    dovecot.send(f"lmtp://{dovecot.folder}/lmtp", "--to", "bob@example.test", "--tls", "none")
    same(without_trace(dovecot.mail("bob")[0]), MESSAGE)
    said = dovecot.send(f"lmtp://127.0.0.1:{dovecot.lmtp}", "--to", "jane@example.test", "--tls", "required", "--ca",
                        dovecot.authority.ca, code=None)
    check(said.returncode == 0 and b"certificate verified" in said.stdout, said.stdout.decode())
    same(without_trace(dovecot.mail("jane")[0]), MESSAGE)


@tried("Dovecot LMTP", "out", "one recipient refused, one delivered")
def test_lmtp_one_refused(bench):
    dovecot = prepare(bench)
    (dovecot.folder / "mail" / "carl").write_text("a file where a folder belongs")
    said = dovecot.send(f"lmtp://127.0.0.1:{dovecot.lmtp}", "--to", "bob@example.test", "--to", "carl@example.test",
                        code=75).stdout
    check(b"bob@example.test: delivered" in said and b"carl@example.test: deferred, 451" in said, said.decode())
    same(without_trace(dovecot.mail("bob")[0]), MESSAGE)


@tried("Dovecot submission", "out", "STARTTLS", "implicit TLS", "own authority", "PLAIN", "LOGIN", "CRAM-MD5",
       "SCRAM-SHA-1", "SCRAM-SHA-256", "wrong password")
def test_submission_sign_in(bench):
    dovecot = prepare(bench)
    secret = {"GLASSPOST_PASSWORD": "secret"}
    ca = ("--ca", dovecot.authority.ca, "--to", "x@example.test")
    count = 0
    for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"):
        for via in (f"smtp://bob@127.0.0.1:{dovecot.submission}", f"smtps://bob@127.0.0.1:{dovecot.submissions}"):
            said = dovecot.send(via, *ca, "--auth", mechanism, env=secret).stdout
            check(b"AUTH " + mechanism.encode() in said and b"secret" not in said, said.decode())
            count += 1
            dovecot.dumped(count)
        dovecot.send(via, *ca, "--auth", mechanism, env={"GLASSPOST_PASSWORD": "wrong"}, code=77)
    strongest = dovecot.send(via, *ca, env=secret).stdout
    check(b"AUTH SCRAM-SHA-256" in strongest, strongest.decode())


@tried("Dovecot submission", "out", "EXTERNAL with a client certificate")
def test_submission_by_certificate(bench):
    dovecot = prepare(bench)
    certificate, key = dovecot.authority.sign("bob", "bob")
    said = dovecot.send(f"smtp://bob@127.0.0.1:{dovecot.submission}", "--ca", dovecot.authority.ca, "--to",
                        "x@example.test", "--client-cert", certificate, "--client-key", key).stdout
    check(b"AUTH EXTERNAL" in said, said.decode())
    dovecot.dumped()


if __name__ == "__main__":
    run(globals())
