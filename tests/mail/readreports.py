"""Reads delivery status notifications with Python's own email package: a line of actions for each file, or why it is none."""

import email
import email.policy
import sys


def fields(raw, boundary):
    """The groups of the second part, for a type that the package does not know."""
    body = raw.split(b"--" + boundary.encode())[2].split(b"\n\n", 1)[1]
    return [email.message_from_bytes(group + b"\n\n") for group in body.split(b"\n\n") if group.strip()]


def actions(path):
    with open(path, "rb") as file:
        raw = file.read()
    message = email.message_from_bytes(raw, policy=email.policy.SMTPUTF8)
    parts = list(message.walk())
    defects = [repr(defect) for part in parts for defect in part.defects]
    assert not defects, defects
    assert message.get_content_type() == "multipart/report", message.get_content_type()
    assert message.get_param("report-type") == "delivery-status"
    children = message.get_payload()
    assert len(children) in (3, 4), len(children)
    assert children[0].get_content_type() == "text/plain" and children[0].get_content().strip()
    kind = children[1].get_content_type()
    assert kind in ("message/delivery-status", "message/global-delivery-status"), kind
    known = kind == "message/delivery-status"
    groups = children[1].get_payload() if known else fields(raw, message.get_boundary())
    assert groups[0]["Reporting-MTA"].startswith("dns;"), "Reporting-MTA"
    words = []
    for group in groups[1:]:
        assert group["Final-Recipient"] and group["Status"], group.items()
        words.append(group["Action"])
    assert words, "no recipient"
    return " ".join(words)


for name in sys.argv[1:]:
    print(actions(name))
