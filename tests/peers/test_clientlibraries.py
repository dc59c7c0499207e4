"""What people first point at the listener: libraries and programs with their documentation's first example and no
setting changed, into a listener with its defaults; once as it is, once with a user and a password."""

import concurrent.futures
import json
import pathlib
import urllib.parse

from apart import npm
from peer import Bench, check, message_to, program, run, same, tried

HERE = pathlib.Path(__file__).parent
SECRET = "hunter2secret"
WAYS = ("T1 with its defaults", None), ("T2 with any user and password", ("bob", SECRET))

SMTPLIB = """
import smtplib, sys
from email.message import EmailMessage
host, port, *account = sys.argv[1:]
msg = EmailMessage()
msg["Subject"], msg["From"], msg["To"] = "hello", "a@client.test", "b@example.test"
msg.set_content("Hello.")
s = smtplib.SMTP(host, port)
if account:
    s.login(*account)
s.send_message(msg)
s.quit()
"""

AIOSMTPLIB = """
import asyncio, sys, aiosmtplib
from email.message import EmailMessage
host, port, *account = sys.argv[1:]
message = EmailMessage()
message["From"], message["To"], message["Subject"] = "a@client.test", "b@example.test", "hello"
message.set_content("Hello.")
more = dict(zip(("username", "password"), account))
asyncio.run(aiosmtplib.send(message, hostname=host, port=int(port), **more))
"""

TWISTED = """
import sys
from twisted.internet import task
from twisted.mail.smtp import sendmail
host, port, *account = sys.argv[1:]
more = dict(zip(("username", "password"), (one.encode() for one in account)))
message = b"From: a@client.test\\nTo: b@example.test\\nSubject: hello\\n\\nHello.\\n"
task.react(lambda reactor: sendmail(host, "a@client.test", ["b@example.test"], message, port=int(port), **more))
"""

PHPMAILER = """<?php
use PHPMailer\\PHPMailer\\PHPMailer;
foreach (['Exception', 'PHPMailer', 'SMTP'] as $one)
    require "/usr/share/php/libphp-phpmailer/src/$one.php";
$mail = new PHPMailer(true);
$mail->isSMTP();
$mail->Host = $argv[1];
$mail->Port = $argv[2];
if (isset($argv[3])) {
    $mail->SMTPAuth = true;
    $mail->Username = $argv[3];
    $mail->Password = $argv[4];
}
$mail->setFrom('a@client.test', 'Mailer');
$mail->addAddress('b@example.test', 'Joe User');
$mail->Subject = 'hello';
$mail->Body = 'Hello.';
$mail->send();
"""

SYMFONY = """<?php
require '/usr/share/php/Symfony/Component/Mailer/autoload.php';
require '/usr/share/php/Symfony/Component/Mime/autoload.php';
use Symfony\\Component\\Mailer\\Mailer;
use Symfony\\Component\\Mailer\\Transport;
use Symfony\\Component\\Mime\\Email;
$account = isset($argv[3]) ? "$argv[3]:$argv[4]@" : '';
$mailer = new Mailer(Transport::fromDsn("smtp://$account$argv[1]:$argv[2]"));
$mailer->send((new Email())->from('a@client.test')->to('b@example.test')->subject('hello')->text('Hello.'));
"""

NET_SMTP = """
require 'net/smtp'
host, port, *account = ARGV
message = "From: a@client.test\\r\\nTo: b@example.test\\r\\nSubject: hello\\r\\n\\r\\nHello.\\r\\n"
more = account.empty? ? {} : {user: account[0], secret: account[1]}
Net::SMTP.start(host, port.to_i, **more) { |smtp| smtp.send_message message, 'a@client.test', 'b@example.test' }
"""

RUBY_MAIL = """
require 'mail'
host, port, user, password = ARGV
options = {address: host, port: port.to_i}
options.update(user_name: user, password: password) if user
Mail.defaults { delivery_method :smtp, options }
Mail.deliver { from 'a@client.test'; to 'b@example.test'; subject 'hello'; body 'Hello.' }
"""

GO = """package main

import ("log"; "net/smtp"; "os")

func main() {
	host, port := os.Args[1], os.Args[2]
	var auth smtp.Auth
	if len(os.Args) > 3 {
		auth = smtp.PlainAuth("", os.Args[3], os.Args[4], host)
	}
	msg := []byte("From: a@client.test\\r\\nTo: b@example.test\\r\\nSubject: hello\\r\\n\\r\\nHello.\\r\\n")
	if err := smtp.SendMail(host+":"+port, auth, "a@client.test", []string{"b@example.test"}, msg); err != nil {
		log.Fatal(err)
	}
}
"""

JAVA_MAIL = """import java.util.Properties;
import javax.mail.*;
import javax.mail.internet.*;

public class Client {
    public static void main(String[] args) throws Exception {
        Properties props = new Properties();
        props.put("mail.smtp.host", args[0]);
        props.put("mail.smtp.port", args[1]);
        props.put("mail.smtp.auth", String.valueOf(args.length > 2));
        Session session = Session.getInstance(props, new Authenticator() {
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(args[2], args[3]);
            }
        });
        MimeMessage msg = new MimeMessage(session);
        msg.setFrom("a@client.test");
        msg.setRecipients(Message.RecipientType.TO, "b@example.test");
        msg.setSubject("hello");
        msg.setText("Hello.");
        Transport.send(msg);
    }
}
"""

NET_SMTP_PERL = """
use Net::SMTP;
my ($host, $port, @account) = @ARGV;
my $smtp = Net::SMTP->new($host, Port => $port) or die $@;
!@account or $smtp->auth(@account) or die $smtp->message;
$smtp->mail('a@client.test') or die $smtp->message;
$smtp->to('b@example.test') or die $smtp->message;
$smtp->data("To: b\\@example.test\\nSubject: hello\\n\\nHello.\\n") or die $smtp->message;
$smtp->quit;
"""

EMAIL_SENDER = """
use Email::Sender::Simple qw(sendmail);
use Email::Sender::Transport::SMTP;
use Email::Simple;
use Email::Simple::Creator;
my ($host, $port, $user, $password) = @ARGV;
my $email = Email::Simple->create(body => "Hello.\\n",
    header => [From => 'a@client.test', To => 'b@example.test', Subject => 'hello']);
my %account = $user ? (sasl_username => $user, sasl_password => $password) : ();
sendmail($email, {transport => Email::Sender::Transport::SMTP->new({host => $host, port => $port, %account})});
"""

EMAILJS = """
import { SMTPClient } from 'emailjs';
const [host, port, user, password] = process.argv.slice(2);
const client = new SMTPClient({ host, port: Number(port), ...(user ? { user, password } : {}) });
client.send({ text: 'Hello.', from: 'a@client.test', to: 'b@example.test', subject: 'hello' },
    (error) => { if (error) console.error(error); process.exit(error ? 1 : 0); });
"""


def script(interpreter, package, text, suffix):
    """A client in a file of its own, which is given host and port, and perhaps a user and a password."""
    def send(bench, port, account):
        file = bench.folder / f"client{suffix}"
        file.write_text(text)
        bench.run(program(interpreter.split()[0], package), *interpreter.split()[1:], file, "127.0.0.1", port,
                  *(account or ()))
    return send


def python(text):
    def send(bench, port, account):
        bench.run("/usr/bin/python3", "-c", text, "127.0.0.1", port, *(account or ()))
    return send


def nodemailer(bench, port, account):
    auth = {"auth": dict(zip(("user", "pass"), account))} if account else {}
    bench.run(program("node", "nodejs"), HERE / "nodemailer.js", json.dumps({"host": "127.0.0.1", "port": port, **auth}),
              json.dumps({"from": "a@client.test", "to": "b@example.test", "subject": "hello", "text": "Hello."}),
              env={"NODE_PATH": str(npm(bench, bench.cache, "nodemailer"))})


def java_mail(bench, port, account):
    java = pathlib.Path("/usr/share/java")
    check((java / "javax.mail.jar").exists(), "JavaMail is missing: install the package libmail-java")
    (bench.folder / "Client.java").write_text(JAVA_MAIL)
    bench.run(program("java", "openjdk-17-jdk-headless"), "-cp", f"{java / 'javax.mail.jar'}:{java / 'javax.activation.jar'}",
              bench.folder / "Client.java", "127.0.0.1", port, *(account or ()))


def emailjs(bench, port, account):
    (bench.folder / "client.mjs").write_text(EMAILJS)
    modules = bench.folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(npm(bench, bench.cache, "emailjs").resolve())
    bench.run(program("node", "nodejs"), bench.folder / "client.mjs", "127.0.0.1", port, *(account or ()))


def msmtp(bench, port, account):
    # Of itself it signs in without TLS by SCRAM alone, which needs a server that knows the password.
    auth = ["--auth=plain", f"--user={account[0]}", f"--passwordeval=echo {account[1]}"] if account else []
    bench.run(program("msmtp", "msmtp"), "--host=127.0.0.1", f"--port={port}", "--from=a@client.test", *auth,
              "b@example.test", input=message_to("us", 3))


def curl(bench, port, account):
    (bench.folder / "mail.txt").write_bytes(message_to("us", 3).replace(b"\n", b"\r\n"))
    bench.run(program("curl", "curl"), f"smtp://127.0.0.1:{port}", "--mail-from", "a@client.test", "--mail-rcpt",
              "b@example.test", "--upload-file", "mail.txt", *(["--user", ":".join(account)] if account else []))


def swaks(bench, port, account):
    auth = ["--auth", "--auth-user", account[0], "--auth-password", account[1]] if account else []
    bench.run(program("swaks", "swaks"), "--to", "b@example.test", "--server", f"127.0.0.1:{port}", *auth)


def s_nail(bench, port, account):
    who = ":".join(urllib.parse.quote(one) for one in account) + "@" if account else ""
    auth = [] if account else ["-S", "smtp-auth=none"]
    bench.run(program("s-nail", "s-nail"), "-:/", "-S", "v15-compat", "-S", f"mta=smtp://{who}127.0.0.1:{port}", *auth,
              "-r", "a@client.test", "-s", "hello", "b@example.test", input=b"Hello.\n")


def mutt(bench, port, account):
    # Since version 2 it refuses to speak without TLS to anybody: ssl_force_tls is the one setting changed.
    who = urllib.parse.quote(account[0]) + "@" if account else ""
    secret = ["-e", f"set smtp_pass={account[1]}"] if account else []
    bench.run(program("mutt", "mutt"), "-n", "-e", f"set smtp_url=smtp://{who}127.0.0.1:{port}/", *secret, "-e",
              "set ssl_force_tls=no", "-e", "set from=a@client.test copy=no", "-s", "hello", "b@example.test",
              input=b"Hello.\n")


def sendemail(bench, port, account):
    auth = ["-xu", account[0], "-xp", account[1]] if account else []
    bench.run(program("sendemail", "sendemail"), "-f", "a@client.test", "-t", "b@example.test", "-u", "hello", "-m",
              "Hello.", "-s", f"127.0.0.1:{port}", *auth)


CLIENTS = {
    "nodemailer (npm)": nodemailer,
    "emailjs (npm)": emailjs,
    "Python's smtplib": python(SMTPLIB),
    "aiosmtplib": python(AIOSMTPLIB),
    "Twisted": python(TWISTED),
    "PHPMailer": script("php", "php-cli", PHPMAILER, ".php"),
    "Symfony Mailer": script("php", "php-cli", SYMFONY, ".php"),
    "Ruby's net-smtp": script("ruby", "ruby", NET_SMTP, ".rb"),
    "Ruby's mail": script("ruby", "ruby", RUBY_MAIL, ".rb"),
    "Go's net/smtp": script("/usr/lib/go-1.19/bin/go run", "golang-1.19-go", GO, ".go"),
    "JavaMail": java_mail,
    "Perl's Net::SMTP": script("perl", "perl", NET_SMTP_PERL, ".pl"),
    "Email::Sender": script("perl", "perl", EMAIL_SENDER, ".pl"),
    "msmtp": msmtp,
    "curl": curl,
    "swaks": swaks,
    "s-nail": s_nail,
    "mutt": mutt,
    "sendemail": sendemail,
}


def serve(bench, peer, send):
    """One client into a listener of its own, as it is and signed in."""
    try:
        listener = bench.listen()
        for count, (row, account) in enumerate(WAYS, 1):
            send(bench, listener.port, account)
            same(listener.event("stored")["to"], ["b@example.test"], row)
            newest = max(listener.wait_files(count), key=lambda file: file.stat().st_mtime_ns).read_bytes()
            same(b"(Authenticated sender: bob, not checked)" in newest, account is not None, row)
        listener.stop()
        files = [file for file in listener.data.rglob("*") if file.is_file()]
        check(not any(SECRET.encode() in file.read_bytes() for file in files), "the password was kept")
    finally:
        bench.end()


POOL = concurrent.futures.ThreadPoolExecutor(4)  # most of them wait for a look-up of their own name
SERVED = {}


def driven(peer):
    @tried(peer, "in", "its defaults", "any user and password")
    def test(bench):
        """T1 T2: with its defaults, and with any user and password."""
        print(f"      {peer}", flush=True)
        if not SERVED:
            for package in ("nodemailer", "emailjs"):
                npm(bench, bench.cache, package)
            SERVED.update({one: POOL.submit(serve, Bench(bench.program, bench.cache), one, send)
                           for one, send in CLIENTS.items()})
        SERVED[peer].result()
    return test


for number, peer in enumerate(CLIENTS):
    globals()[f"test_client_{number:02}"] = driven(peer)


LUASOCKET = """
local smtp = require("socket.smtp")
local host, port = arg[1], arg[2]
local sent, why = smtp.send{from = "<a@client.test>", rcpt = "<b@example.test>", server = host, port = tonumber(port),
    source = smtp.message{headers = {to = "b@example.test", subject = "hello"}, body = "Hello.\\nA second line.\\n"}}
if not sent then io.stderr:write(why, "\\n") os.exit(1) end
"""

BYTES = """
import smtplib, sys
with smtplib.SMTP(sys.argv[1], sys.argv[2]) as s:
    s.sendmail("a@client.test", "b@example.test", b"Subject: hello\\n\\nHello.\\nA second line.\\n")
"""


def curl_without_crlf(bench, port, account):
    (bench.folder / "mail.txt").write_bytes(message_to("us", 3))
    bench.run(program("curl", "curl"), f"smtp://127.0.0.1:{port}", "--mail-from", "a@client.test", "--mail-rcpt",
              "b@example.test", "--upload-file", "mail.txt")


@tried("LuaSocket", "in", "bare line feeds")
def test_bare_line_feeds(bench):
    """T6: taken and marked where the settings say so."""
    listener = bench.listen("--bare-lf", "mark")
    senders = {"T6 LuaSocket": script("lua5.1", "lua5.1", LUASOCKET, ".lua"), "T6 curl without --crlf": curl_without_crlf,
               "T6 smtplib's sendmail with octets": python(BYTES)}
    for count, (row, send) in enumerate(senders.items(), 1):
        print(f"      {row}", flush=True)
        send(bench, listener.port, None)
        same(listener.event("stored")["to"], ["b@example.test"], row)
        listener.wait_files(count)
    marks = [b"X-Glasspost-Tolerated: DATA (bare line feeds)" in file.read_bytes() for file in listener.files()]
    check(any(marks), marks)


@tried("nc (OpenBSD)", "in", "a whole dialogue in one go, half-closed after QUIT")
def test_half_closed(bench):
    """T5: every octet of the dialogue is answered, though the client has closed its side."""
    listener = bench.listen()
    for row, lines in (("T5 nc", 2), ("T5 nc with 5 MB", 400000)):
        body = message_to("us", lines).replace(b"\n.", b"\n..").replace(b"\n", b"\r\n")
        dialogue = (b"EHLO nc\r\nMAIL FROM:<a@client.test>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n" + body
                    + b"\r\n.\r\nQUIT\r\n")
        done = bench.run(program("nc", "netcat-openbsd"), "-N", "127.0.0.1", listener.port, input=dialogue)
        last = done.stdout.decode().splitlines()[-2:]
        check(last[0].startswith("250 2.0.0 Ok: kept as ") and last[1].startswith("221 "), row, last)
        same(listener.event("stored")["to"], ["b@example.test"], row)


if __name__ == "__main__":
    run(globals())
