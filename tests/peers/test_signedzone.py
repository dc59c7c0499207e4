"""MX, null MX, DANE and MTA-STS against a signed zone on a real nameserver, with TLS servers behind it."""

from peer import check, run, same
from signedzone import World


def refuses(world, domain, *words, code=75):
    """The mail waits, the transcript says why, and nothing was handed over."""
    said = world.send(domain, code=code)
    for word in words:
        check(word in said, f"no {word!r} in", said)
    same(world.keeper.recipients, [], domain)


def delivers(world, domain, *words, tls=True):
    said = world.send(domain)
    for word in words:
        check(word in said, f"no {word!r} in", said)
    same(world.keeper.recipients, [(f"b@{domain}", tls)])
    return said


def test_signed_mx(bench):
    delivers(World(bench), "plain.test", "MX plain.test: 10 plain.mx.test (DNSSEC: secure)")


def test_null_mx(bench):
    refuses(World(bench), "null.test", "5.1.10", code=68)


def test_no_such_domain(bench):
    refuses(World(bench), "nowhere.test", "5.1.2", code=68)


def test_forged_mx(bench):
    refuses(World(bench), "forged.test", "4.4.3", "DNSSEC validation failed")


def test_dane_good(bench):
    """C49: matched by the record, though the certificate is of nobody's authority."""
    delivers(World(bench), "good.test", "DANE: the certificate matches TLSA 3 1 1")


def test_dane_trust_anchor(bench):
    delivers(World(bench), "anchor.test", "DANE: the certificate matches TLSA 2 0 1")


def test_dane_mismatch(bench):
    refuses(World(bench), "mismatch.test", "no TLSA record matches the certificate", "4.7.5")


def test_dane_without_starttls(bench):
    """Records ask for TLS: a server that offers none, or somebody on the way who takes it out, gets no mail."""
    refuses(World(bench), "clear.test", "DANE requires TLS")


def test_dane_unusable_records(bench):
    delivers(World(bench), "useless.test", "its TLSA records are unusable")


def test_dane_bogus(bench):
    refuses(World(bench), "bogus.test", "DANE: TLSA look-up for bogus.mx.test failed: DNSSEC validation failed", "4.7.5")


def test_dane_insecure_is_ignored(bench):
    said = delivers(World(bench), "insecure.test")
    check("DANE" not in said and "(DNSSEC: secure)" not in said, said)


def test_mta_sts_enforced(bench):
    """C48: the exchanger is listed, and its certificate is of an authority that is trusted."""
    world = World(bench)
    delivers(world, "listed.test", "MTA-STS: policy fetched, id 1", "certificate verified")
    same(world.policies_asked, ["mta-sts.listed.test"])


def test_mta_sts_wrong_certificate(bench):
    """The exchanger is listed, and its certificate is of another name."""
    refuses(World(bench), "misnamed.test", "certificate could not be verified", "MTA-STS requires TLS", "4.7.5")


def test_mta_sts_not_listed(bench):
    refuses(World(bench), "other.test", "MTA-STS: the policy of other.test does not list other.mx.test", "4.7.5")


def test_mta_sts_testing(bench):
    delivers(World(bench), "testing.test", "MTA-STS (testing): the policy of testing.test does not list")


def test_mta_sts_unknown_authority(bench):
    """The web server's certificate is of nobody's authority, so there is no policy, and mail goes as it would."""
    world = World(bench, authority=None)
    said = world.send("listed.test")
    check("MTA-STS: no policy from mta-sts.listed.test" in said, said)
    same(world.keeper.recipients, [("b@listed.test", True)])


if __name__ == "__main__":
    run(globals())
