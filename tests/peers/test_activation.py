"""Sockets that systemd passes: systemd-socket-activate starts the listener with the first connection."""

import json
import os
import pathlib
import smtplib
import socket
import subprocess

from test_capture import AtSocket
from peer import check, free_port, message_to, program, run, same, tried, wait_for, without_trace

RESOURCES = pathlib.Path(__file__).parents[2] / "resources" / "systemd"

MESSAGE = message_to("systemd", lines=1).replace(b"\n", b"\r\n")


def passed_on(bench):
    """It gives the program no more of the environment than it is told to."""
    names = [name for name in bench.environment
             if name in ("XDG_RUNTIME_DIR", "HOME", "LC_ALL") or name.endswith("_OPTIONS")]
    return [word for name in names for word in ("-E", f"{name}={bench.environment[name]}")]


@tried("systemd-socket-activate", "in", "a listening socket passed", "a Unix socket passed")
def test_socket_passed(bench):
    port, path, data = free_port(), bench.folder / "smtp.sock", bench.folder / "data"
    process = bench.start(program("systemd-socket-activate", "systemd"), "-l", f"127.0.0.1:{port}", "-l", path,
                          *passed_on(bench), pathlib.Path(bench.program).resolve(), "listen", "--json", "--data", data,
                          stdout=subprocess.PIPE)

    def connected():
        try:
            return smtplib.SMTP("127.0.0.1", port, timeout=60)
        except ConnectionRefusedError:  # it does not listen yet
            return None
    with wait_for(connected, "systemd-socket-activate") as client:
        client.sendmail("a@client.test", ["bob@example.test"], MESSAGE)
    said = [process.stdout.readline() for _ in range(2)]
    check(all(b'"listening"' in line for line in said), said)
    check(any(str(port).encode() in line for line in said) and any(str(path).encode() in line for line in said), said)
    with AtSocket(path) as client:
        client.sendmail("a@client.test", ["bob@example.test"], MESSAGE)

    def stored():
        files = list((data / "mail" / "captured").glob("new/*"))
        return files if len(files) == 2 else None
    same([without_trace(file.read_bytes()) for file in wait_for(stored, "the messages")],
         [message_to("systemd", lines=1)] * 2)
    process.terminate()
    same(process.wait(60), 0)
    check(path.exists(), "the file is systemd's")


def test_useless_socket(bench):
    """One that does not listen: the listener says so, listens where it is told to, and keeps it from the programs it runs."""
    hook, seen = bench.folder / "hook", bench.folder / "seen"
    hook.write_text(f'#!/bin/sh\necho "third: $(readlink /proc/$$/fd/3)" > {seen}.part\nmv {seen}.part {seen}\n')
    hook.chmod(0o755)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as given:
        start = ("import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); "
                 "os.execv(sys.argv[2], sys.argv[2:])")
        process = bench.start("/usr/bin/python3", "-c", start, str(given.fileno()), pathlib.Path(bench.program).resolve(),
                              "listen", "--json", "--data", bench.folder / "data", "--bind", "127.0.0.1:0",
                              "--run-for-each", hook, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              pass_fds=(given.fileno(),))
        event = json.loads(process.stdout.readline())
        same(event["event"], "listening")
        with smtplib.SMTP("127.0.0.1", event["port"], timeout=60) as client:
            client.sendmail("a@client.test", ["bob@example.test"], MESSAGE)
        check("socket:" not in wait_for(lambda: seen.exists() and seen.read_text(), "the program"), "the program has it")
        process.terminate()
        _, complaint = process.communicate(timeout=60)
    check(b"socket 3" in complaint, complaint)


def test_what_is_for_another_program(bench):
    """LISTEN_PID names another process: the socket is not ours."""
    listener = bench.listen()
    bench.environment.update({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"})
    other = bench.listen(data="other")
    check(other.port not in (0, listener.port), other.port)
    same([event["event"] for event in other.events], ["listening"])
    other.stop()


def test_units(bench):
    """What is installed for a user's systemd is what it understands."""
    (bench.folder / "glasspost.socket").write_text((RESOURCES / "glasspost.socket").read_text())
    service = (RESOURCES / "glasspost.service.in").read_text().replace("@CMAKE_INSTALL_PREFIX@/bin/glasspost", "/bin/true")
    (bench.folder / "glasspost.service").write_text(service)
    done = bench.run(program("systemd-analyze", "systemd"), "--user", "verify", bench.folder / "glasspost.socket",
                     bench.folder / "glasspost.service", code=None)
    check(done.returncode == 0 and b"glasspost" not in done.stderr, done.stderr.decode())


if __name__ == "__main__":
    run(globals())
