"""The mail servers that run side by side, each on a port of its own, set up as their documentation has it."""

import os
import pwd
import shutil
import subprocess

from apart import apart, npm
from peer import accepts, free_port, program, same, wait_for
from test_postfix import MAIN, MASTER

RECIPIENT = "bob@example.test"


class Contestant:
    """A server that takes mail. messages: how many one run sends, with kept connections and with one a message, so
    that each run takes a second or two. settings: how it was set up, in words."""

    def __init__(self, name, port, kept, single, settings, delivered=None):
        self.name = name
        self.port = port
        self.messages = {"kept": kept, "single": single}
        self.settings = settings
        self.delivered = delivered  # how many stand where they belong; None: nobody waits for that
        self.sent = 0
        wait_for(lambda: accepts(port), name)

    def settle(self):
        """Whatever is still to be delivered is, so that the next one's run is not disturbed."""
        if self.delivered:
            wait_for(lambda: self.delivered() >= self.sent, f"{self.name} to deliver", 120)


def count(folder):
    with os.scandir(folder) as entries:
        return sum(1 for _ in entries)


def sink(bench):
    port = free_port()
    bench.start(program("smtp-sink", "postfix"), "-u", "nobody", f"127.0.0.1:{port}", 1024)
    return Contestant("smtp-sink", port, 40000, 12000, "none: it takes mail and keeps none")


def postfix(bench, name="postfix", extra="", transports=""):
    """Gives the port and the folder; extra goes into main.cf, transports into master.cf. in_flow_delay is the pause (1 s
    by default) that cleanup makes while more comes in than the queue manager takes: its documentation names 0 for a
    host that may take mail faster than it delivers it."""
    command = program("postfix", "postfix")
    folder = bench.folder / name
    owner = pwd.getpwnam("postfix")
    nobody = pwd.getpwnam("nobody").pw_uid
    for part, uid in (("etc", 0), ("queue", 0), ("lib", owner.pw_uid), ("log", 0), ("mail", nobody)):
        (folder / part).mkdir(parents=True)
        os.chown(folder / part, uid, -1)
    port = free_port()
    (folder / "etc" / "master.cf").write_text(MASTER.format(port=port) + transports)
    main = MAIN.format(folder=folder, uid=nobody) + "smtpd_forbid_bare_newline = normalize\nin_flow_delay = 0\n" + extra
    (folder / "etc" / "main.cf").write_text(main)
    bench.endings.append(lambda: bench.run(command, "-c", folder / "etc", "abort", code=None))
    bench.run(command, "-c", folder / "etc", "start")
    delay = bench.run(program("postconf", "postfix"), "-c", folder / "etc", "-h", "in_flow_delay").stdout.decode().strip()
    same(delay, "0", "T72 Postfix pauses where its users have it not")
    return port, folder


def postfix_maildir(bench):
    port, folder = postfix(bench)
    new = folder / "mail" / "bob" / "new"
    settings = ("delivers into a Maildir by virtual(8); in_flow_delay = 0, whose default of 1 s pauses cleanup whenever more "
                "comes in than the queue manager takes; no process runs chrooted, TLS off")
    return Contestant("Postfix", port, 2500, 2000, settings, lambda: count(new) if new.exists() else 0)


def aiosmtpd(bench):
    port = free_port()
    bench.start("/usr/bin/python3", "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c",
                "aiosmtpd.handlers.Mailbox", bench.folder / "aiosmtpd")
    return Contestant("aiosmtpd", port, 2000, 1500, "handler Mailbox: a Maildir, nothing synced")


def maildev(bench, cache):
    port = free_port()
    bench.start(program("node", "nodejs"), npm(bench, cache, "maildev") / ".bin" / "maildev", "--ip", "127.0.0.1",
                "--smtp", port, "--web", free_port(), "--mail-directory", bench.folder / "maildev",
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Contestant("maildev", port, 1500, 150, "--mail-directory: a file each, nothing synced")


def haraka(bench, cache):
    """Throws all away, as smtp-sink does: it brings no delivery into a Maildir."""
    modules = npm(bench, cache, "Haraka")
    folder = bench.folder / "haraka"
    config = folder / "config"
    config.mkdir(parents=True)
    port = free_port()
    shutil.copy(modules / "Haraka" / "config" / "connection.ini", config)
    (config / "smtp.ini").write_text(f"listen=127.0.0.1:{port}\nnodes=0\n")
    (config / "plugins").write_text("rcpt_to.in_host_list\nqueue/discard\n")
    (config / "host_list").write_text("example.test\n")
    (config / "me").write_text("haraka.test\n")
    (config / "loglevel").write_text("ERROR\n")
    bench.start(program("node", "nodejs"), modules / "Haraka" / "bin" / "haraka", "-c", folder,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**bench.environment, "YES_REALLY_DO_DISCARD": "1"})
    return Contestant("Haraka", port, 4000, 2000, "plugin queue/discard: nothing is kept; log level ERROR")


OPENSMTPD = """
listen on 127.0.0.1 port {port}
action "in" maildir "{mail}" virtual {{ "@" = nobody }}
match from any for domain "example.test" action "in"
"""

# By default Exim starts a delivery for each message while it takes the next: four processes and an execve a message,
# which on two cores is what its rate shows. queue_only leaves the deliveries to queue runners, as its specification
# advises for bursts, and deliver_drop_privilege spares the execve.
EXIM = """
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
primary_hostname = exim.test
domainlist local_domains = example.test
acl_smtp_rcpt = accept
smtp_accept_max = 0
smtp_accept_queue = 0
smtp_accept_queue_per_connection = 0
log_selector = -all
deliver_drop_privilege = true
queue_only = true
queue_run_max = 2
begin routers
all:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = {mail}
  maildir_format
  create_directory
"""


def opensmtpd(bench, cache):
    root = apart(bench, cache, "opensmtpd")
    port = free_port()
    box = root / "mail" / f"box-{port}"
    text = OPENSMTPD.format(port=port, mail=f"/mail/box-{port}")
    (root / "etc" / "bench.conf").write_text(text)
    bench.start("chroot", root, "smtpd", "-d", "-f", "/etc/bench.conf", stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
    settings = ("action maildir; a resolver that answers at once (lookup file), since each session looks its client's name "
                "up; two fsyncs and, for the delivery, two execves a message")
    return Contestant("OpenSMTPD", port, 150, 400, settings, lambda: count(box / "new") if (box / "new").exists() else 0)


def exim(bench, cache):
    root = apart(bench, cache, "exim4-daemon-light")
    port = free_port()
    box = root / "mail" / f"exim-{port}"
    bench.run("chroot", root, "install", "-d", "-o", "Debian-exim", f"/mail/exim-{port}")
    (root / "etc" / "exim4" / "exim4.conf").write_text(EXIM.format(port=port, mail=f"/mail/exim-{port}"))
    bench.start("chroot", root, "exim4", "-bdf", "-q1s", stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
    settings = ("queue_only with two queue runners and deliver_drop_privilege, as its specification advises for bursts; "
                "three fsyncs before the 250. A connection each is left out: Exim 4.96 holds its answer to QUIT back for "
                "0.2 s (TCP_CORK, then a poll for the client's close), which smtp-source waits for")
    return Contestant("Exim", port, 400, None, settings, lambda: count(box / "new") if (box / "new").exists() else 0)
