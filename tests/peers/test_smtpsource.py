"""Postfix's smtp-source into the listener: 10,000 messages of 1 KiB over 32 sessions, all there and complete."""

import re
import time

from peer import check, program, run, same, tried, without_trace


def flood(bench, count, *options):
    listener = bench.listen()
    began = time.monotonic()
    bench.run(program("smtp-source", "postfix"), "-s", 32, "-m", count, "-l", 1024, "-f", "a@client.test", "-t",
              "b@example.test", *options, f"127.0.0.1:{listener.port}", timeout=280)
    print(f"      {count / (time.monotonic() - began):.0f} messages a second", flush=True)
    for file in listener.wait_files(count):
        octets = file.read_bytes()
        declared = int(re.search(r",S=(\d+)", file.name).group(1))
        check(len(octets) == declared and octets.endswith(b"\n") and len(without_trace(octets)) >= 1024 * 0.9,
              "incomplete:", file, len(octets))
    for _ in range(count):
        event = listener.event("stored")
    same(event["to"], ["b@example.test"])
    listener.stop()
    same(len(listener.files()), count, "messages after the end")


@tried("smtp-source (Postfix)", "in", "32 sessions at once, a connection a message")
def test_new_connection_for_each_message(bench):
    flood(bench, 10000)


@tried("smtp-source (Postfix)", "in", "kept connections")
def test_kept_connections(bench):
    flood(bench, 10000, "-d")


if __name__ == "__main__":
    run(globals())
