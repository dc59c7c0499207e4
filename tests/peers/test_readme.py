"""The lines that README.md and docs/ show to test suites, run as they stand: ports, and they alone, are this machine's."""

import pathlib
import re

from peer import check, free_port, program, run, same

ROOT = pathlib.Path(__file__).parents[2]
PDF = b"%PDF-1.4\nnot much of one\n"
ORDER = b"""From: Shop <shop@a.test>
To: ann@b.test
Subject: Order 4711
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Your code is 482913. Look at https://a.test/orders/4711
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename=invoice.pdf

""" + PDF + b"\n--b--\n"


def lines_of(document, heading):
    """The first indented block below a heading."""
    below = (ROOT / document).read_text().split(f"\n{heading}\n", 1) if heading else ["", (ROOT / document).read_text()]
    check(len(below) == 2, document, "has no", heading)
    block = re.search(r"(?:^    .*\n)+", below[1], re.M)
    check(block, "no lines below", heading)
    return [line[4:] for line in block[0].splitlines()]


def run_lines(bench, lines, ports):
    """In one shell that ends at the first line that fails. Behind a program in the background it awaits its ports. What each
    of the others printed."""
    (bench.folder / "bin").mkdir()
    (bench.folder / "bin" / "glasspost").symlink_to(pathlib.Path(bench.program).resolve())
    (bench.folder / "order.eml").write_bytes(ORDER)
    program("jq", "jq")
    script = ["set -euo pipefail", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT"]
    for line in lines:
        for shown, mine in ports.items():
            line = re.sub(rf"\b{shown}\b", str(mine), line)
        if line.endswith("&"):
            script.append(line[:-1] + "> listen.out &")
            script += [f"until (exec 3<>/dev/tcp/127.0.0.1/{mine}) 2>/dev/null; do sleep 0.05; kill -0 $!; done"
                       for shown, mine in ports.items() if str(mine) in line]
        else:
            script.append(line)
    environment = {"PATH": f"{bench.folder}/bin:{bench.environment['PATH']}"}
    return bench.run("bash", "-c", "\n".join(script), env=environment).stdout.decode()


def test_readme(bench):
    lines = lines_of("README.md", "## For test suites")
    check(len(lines) >= 12, lines)
    said = run_lines(bench, lines, {port: free_port() for port in ("2525", "8025", "1110")}).splitlines()
    same([line.strip() for line in said],
         ["https://a.test/orders/4711", "482913", "Order 4711", "invoice.pdf", "Subject: Order 4711", "shop", "shop",
          "shop/Inbox: 50 messages, 7d, teal", "1 message deleted"])
    same((bench.folder / "invoice.pdf").read_bytes(), PDF)
    mail = bench.folder / "D" / "mail"
    same([len([*(mail / user).glob("new/*"), *(mail / user).glob("cur/*")]) for user in ("captured", "shop")], [0, 1])


def test_http(bench):
    listener = bench.listen("--http", "127.0.0.1:0")
    sign_up = bench.folder / "sign-up"
    sign_up.write_text("#!/bin/sh\nprintf 'Subject: Your code\\n\\nYour code is 482913.\\n' | "
                       f"curl -sS --crlf smtp://127.0.0.1:{listener.port} --mail-from a@b.test --mail-rcpt $1 -T -\n")
    sign_up.chmod(0o755)
    said = run_lines(bench, lines_of("docs/HTTP.md", "### wait"), {"8025": listener.event("http")["port"]})
    same(said.split(), ["482913"])


def test_pop3(bench):
    said = run_lines(bench, lines_of("docs/POP3.md", ""), {"2525": free_port(), "1110": free_port()})
    check("Subject: Order 4711" in said and PDF.decode().splitlines()[0] in said, said)


if __name__ == "__main__":
    run(globals())
