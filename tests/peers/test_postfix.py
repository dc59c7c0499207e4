"""Our client into a real Postfix with a configuration, queue and port of its own, which delivers into a Maildir:
what lies there is what was sent, to the byte."""

import os
import pwd
import random

from peer import (Authority, accepts, check, free_port, program, run, same, same_binary_part, tried, wait_for, with_binary_part,
                  without_trace)

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
virtual   unix  - n n - - virtual
anvil     unix  - - n - 1 anvil
tlsmgr    unix  - - n 1000? 1 tlsmgr
postlog   unix-dgram n - n - 1 postlogd
"""

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/lib
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
myhostname = post.example.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.test
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {{ bob@example.test = bob/ }}, {{ jane@example.test = jane/ }} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
virtual_minimum_uid = 1
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_security_level = none
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
import_environment = MAIL_CONFIG MAIL_LOGTAG
"""


def postfix(bench, extra="", transports=""):
    """Starts it, with more lines for main.cf and master.cf; gives the port and the folder of its Maildirs."""
    check(os.geteuid() == 0, "Postfix's master must be started as root: run the tests as root or through sudo")
    command = program("postfix", "postfix")
    folder = bench.folder / "postfix"
    owner = pwd.getpwnam("postfix")
    nobody = pwd.getpwnam("nobody").pw_uid
    for name, uid in (("etc", 0), ("queue", 0), ("lib", owner.pw_uid), ("log", 0), ("mail", nobody)):
        (folder / name).mkdir(parents=True)
        os.chown(folder / name, uid, -1)
    port = free_port()
    (folder / "etc" / "master.cf").write_text(MASTER.format(port=port) + transports)
    (folder / "etc" / "main.cf").write_text(MAIN.format(folder=folder, uid=nobody) + extra)
    bench.endings.append(lambda: bench.run(command, "-c", folder / "etc", "abort", code=None))
    bench.run(command, "-c", folder / "etc", "start")
    wait_for(lambda: accepts(port), "Postfix")
    return port, folder / "mail"


def arrived(mail, user, count=1):
    return wait_for(lambda: (files := sorted((mail / user / "new").glob("*"))) and len(files) == count and files,
                    f"{count} messages in {user}'s Maildir")


def send(bench, port, message, *options, **more):
    (bench.folder / "m.eml").write_bytes(message)
    return bench.glasspost("send", "--from", "alice@client.test", "--message", "m.eml", "--via",
                           f"smtp://127.0.0.1:{port}", *options, **more)


HEADER = (b"From: alice@client.test\nTo: bob@example.test\nSubject: byte for byte\n"
          b"Date: Mon, 23 Nov 2026 10:00:00 +0000\nMessage-ID: <%d@client.test>\n"
          b"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n")


@tried("Postfix", "out", "PIPELINING", "CHUNKING", "8BITMIME", "SIZE", "to the byte", "a binary part")
def test_message_is_the_same_to_the_byte(bench):
    """T74: what arrives is what was sent, and a binary part in base64 where the server does not take it otherwise."""
    port, mail = postfix(bench)
    noise = random.Random(2)
    words = ["äöü", "世界", ".", "..", "From ", "\t", " ", "plain"]
    large = "\n".join("".join(noise.choices(words, k=noise.randrange(0, 60))) for _ in range(20000))
    for number, body in enumerate((b"one line\n", b".\n..\n.x\n\n.\n", "äöü\n".encode(), large.encode() + b"\n")):
        message = HEADER % number + body
        send(bench, port, message, "--to", "bob@example.test")
        files = arrived(mail, "bob", number + 1)
        kept = [file.read_bytes() for file in files if b"<%d@client.test>" % number in file.read_bytes()]
        same(len(kept), 1, "copies")
        check(without_trace(kept[0]) == message, "message", number, "differs")
    send(bench, port, with_binary_part(), "--to", "jane@example.test")
    same_binary_part(without_trace(arrived(mail, "jane")[0].read_bytes()), "T74 Postfix")


@tried("Postfix", "out", "a message built here, with an attachment and Bcc")
def test_built_message_with_attachment(bench):
    port, mail = postfix(bench)
    (bench.folder / "données.bin").write_bytes(bytes(range(256)) * 100)
    bench.glasspost("send", "--from", "Alice <alice@client.test>", "--to", "Bob <bob@example.test>", "--bcc",
                    "jane@example.test", "--subject", "Ein Anhang für dich", "--text", "-", "--attach",
                    "données.bin", "--via", f"smtp://127.0.0.1:{port}", input="Grüße\n".encode())
    import email
    import email.policy
    for user in ("bob", "jane"):
        octets = arrived(mail, user)[0].read_bytes()
        message = email.message_from_bytes(octets, policy=email.policy.default)
        same(message["Subject"], "Ein Anhang für dich")
        check(b"jane" not in without_trace(octets), "Bcc left")
        same(message.get_body().get_content().strip(), "Grüße")
        (attachment,) = message.iter_attachments()
        same(attachment.get_filename(), "données.bin")
        same(attachment.get_content(), bytes(range(256)) * 100)


@tried("Postfix", "out", "one recipient refused, one delivered")
def test_refused_recipient(bench):
    port, mail = postfix(bench)
    said = send(bench, port, HEADER % 9 + b"x\n", "--to", "bob@example.test", "--to", "nobody@example.test",
                code=69).stdout
    check(b"nobody@example.test: refused, 550 5.1.1" in said, said.decode())
    arrived(mail, "bob")


TLS = """
smtpd_tls_security_level = may
smtpd_tls_cert_file = {tls.certificate}
smtpd_tls_key_file = {tls.key}
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_sasl_security_options = noanonymous
smtputf8_enable = yes
smtpd_forbid_bare_newline = yes
"""

AUTH = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols =
listen = 127.0.0.1
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}}
service auth {{
  inet_listener {{
    port = {port}
  }}
}}
"""


def authenticator(bench):
    """Dovecot's sign-in service alone, which Postfix asks."""
    folder = bench.folder / "auth"
    folder.mkdir()
    port = free_port()
    (folder / "users").write_text("bob:secret\n")
    (folder / "conf").write_text(AUTH.format(folder=folder, port=port))
    bench.start(program("dovecot", "dovecot-core"), "-F", "-c", folder / "conf")
    wait_for(lambda: accepts(port), "Dovecot's sign-in service")
    return port


@tried("Postfix", "out", "STARTTLS", "own authority", "SMTPUTF8", "DSN parameters", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1",
       "SCRAM-SHA-256", "wrong password")
def test_tls_and_sign_in(bench):
    authority = Authority(bench, "127.0.0.1")
    port, mail = postfix(bench, TLS.format(tls=authority, auth=authenticator(bench)))
    options = ("--to", "bob@example.test", "--tls", "required", "--ca", authority.ca)
    (bench.folder / "m.eml").write_bytes(HEADER % 7 + b".\nx\n")

    def signed(mechanism, password, **more):
        return bench.glasspost("send", "--from", "alice@client.test", "--message", "m.eml", *options, "--auth", mechanism,
                               "--via", f"smtp://bob@127.0.0.1:{port}", env={"GLASSPOST_PASSWORD": password}, **more)

    mechanisms = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
    for count, mechanism in enumerate(mechanisms, 1):
        said = signed(mechanism, "secret").stdout
        check(b"AUTH " + mechanism.encode() in said and b"certificate verified" in said, said.decode())
        arrived(mail, "bob", count)
    signed("PLAIN", "wrong", code=77)
    said = bench.glasspost("send", "--from", "jürgen@client.test", "--message", "m.eml", *options, "--notify", "never",
                           "--ret", "full", "--envid", "a b", "--via", f"smtp://127.0.0.1:{port}").stdout
    check(b" SMTPUTF8" in said and b"RET=FULL ENVID=a+20b" in said and b"NOTIFY=NEVER" in said, said.decode())
    arrived(mail, "bob", len(mechanisms) + 1)


ONWARD = """
default_transport = smtp:[127.0.0.1]:{port}
smtp_tls_security_level = encrypt
smtpd_relay_restrictions = permit_mynetworks, reject
"""


@tried("Postfix", "in", "STARTTLS", "PIPELINING", "8BITMIME", "two recipients in one transaction", "to the byte")
def test_queue_into_the_listener(bench):
    listener = bench.listen("--tls", "optional")
    port, mail = postfix(bench, ONWARD.format(port=listener.port), "smtp unix - - n - - smtp\n")
    message = HEADER % 8 + b".\n..x\n" + "äöü\n".encode()
    send(bench, port, message, "--to", "x@listener.test", "--to", "y@listener.test")
    same(listener.event("stored")["to"], ["x@listener.test", "y@listener.test"])
    octets = listener.wait_files(1)[0].read_bytes()
    same(without_trace(octets), message)
    check(b"ESMTPS" in octets, octets[:600].decode())


if __name__ == "__main__":
    run(globals())
