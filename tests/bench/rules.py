"""What rules cost: the same mail into two listeners, one of which has ten rules, in turn."""

from glasspost import Glasspost, indexed
from peer import wait_for
from receiving import blast
from report import Row, median

# Each condition that there is; those with "nothing" meet no message, the last two meet all.
TEN = """require ["fileinto", "imap4flags", "envelope", "body", "environment"];
# rule:[1]
if header :contains "List-Id" "nothing" { fileinto "Lists"; }
# rule:[2]
if header :matches "Subject" "*nothing*" { fileinto "Subject"; }
# rule:[3]
if address :domain :is ["From", "Reply-To"] "nothing.test" { fileinto "From"; }
# rule:[4]
if envelope :localpart :is "to" "nothing" { fileinto "To"; }
# rule:[5]
if size :over 10M { fileinto "Large"; }
# rule:[6]
if body :contains "nothing of this" { fileinto "Text"; }
# rule:[7]
if environment "vnd.glasspost.sign-in" "nothing" { fileinto "Shop"; }
# rule:[8]
if allof(exists "X-Spam-Flag", not header :is "X-Spam-Flag" "no") { discard; }
# rule:[9]
if envelope :domain :is "from" "client.test" { addflag "\\\\Flagged"; }
# rule:[10]
if size :over 100 { fileinto "All"; }
"""


def rate(bench, rounds, messages):
    ways = {}
    for name in ("without", "with"):
        data = bench.folder / f"rules-{name}"
        data.mkdir()
        if name == "with":
            (data / "rules.sieve").write_text(TEN)
        ways[name] = Glasspost(bench, data)
    found = {name: [] for name in ways}
    sent = 0
    for _ in range(rounds):
        sent += messages
        for name, ours in ways.items():
            found[name].append(blast(bench, ours.port, messages, "kept"))
            wait_for(lambda data=ours.data: indexed(data) == sent, "the index", 120)
    for ours in ways.values():
        ours.stop()
    filed = sum(1 for _ in (ways["with"].data / "mail/captured/.All/cur").iterdir())
    assert filed == sent, f"{filed} of {sent} were filed by the rules"
    Row("messages a second with ten rules", median(found["with"]), "without", median(found["without"]), 0.9)
