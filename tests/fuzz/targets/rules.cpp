// Sieve that strangers wrote, and what rules make of a message of theirs.
#include "mail/rules/rulematching.h"
#include "mail/rules/sieve.h"
#include "mail/rules/sievesyntax.h"
#include "mail/rules/verdict.h"
#include "tests/fuzz/target.h"

namespace glasspost::fuzz {

using namespace glasspost::mail;

void sieve(QByteArrayView input)
{
    const QByteArray script = input.toByteArray();
    const Result<QList<Rule>> rules = readSieve(script);
    if (!rules) {
        demand(rules.error().code == ErrorCode::Damaged && !rules.error().systemText.isEmpty(),
            "a fault says what it is");
        return;
    }
    const QByteArray written = writeSieve(*rules);
    const Result<QList<Rule>> again = readSieve(written);
    demand(again && *again == *rules, "rules read back as they were written");
    demand(writeSieve(*again) == written, "there is one way to write them");

    RuleMessage message;
    message.octets = script;
    message.size = script.size();
    RuleReading reading(message);
    const RuleVerdict verdict = judge(*rules, reading, QStringLiteral("alice"), {"here.example", 50});
    bool isDiscarded = false;
    for (const RuleDeed &deed : verdict.deeds)
        isDiscarded = isDiscarded || (deed.action && deed.action->kind == RuleAction::Kind::Discard);
    demand(isDiscarded || !verdict.placements.isEmpty() || !verdict.forwards.isEmpty(),
        "no message is lost unless a rule discards it");
    demand(verdict.forwards.size() <= mostForwards, "a message is forwarded a few times");
}

} // namespace glasspost::fuzz
