// What a domain publishes: RDATA of any octets, and the policy that its web server hands out. A value that is
// accepted holds nothing that could forge a line or name a file.
#include "smtp/dns/dnsrecord.h"
#include "smtp/dns/mtasts.h"
#include "smtp/dns/tlsarecord.h"
#include "tests/fuzz/target.h"

#include <algorithm>

namespace glasspost::fuzz {

using namespace glasspost::smtp;

namespace {

bool isPrintable(const QByteArray &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](char c) { return uchar(c) > 0x20 && uchar(c) < 0x7F; });
}

} // namespace

void stsPolicy(QByteArrayView input)
{
    const QByteArray text = input.toByteArray();
    if (const auto id = stsPolicyId({text}))
        demand(isPrintable(*id) && id->size() <= 32, "RFC 8461 3.1: an id is 1 to 32 letters and digits");
    const auto policy = parseStsPolicy(text);
    if (!policy)
        return demand(!policy.error().isEmpty(), "a policy that is none says why");
    demand(policy->mode == StsPolicy::Mode::None || !policy->patterns.isEmpty(), "a policy names exchangers");
    demand(policy->maxAge.count() >= 0 && policy->maxAge.count() <= 31557600, "RFC 8461 3.2: a year at most");
    for (const QByteArray &pattern : policy->patterns) {
        demand(isPrintable(pattern), "a pattern is a host name");
        if (!pattern.startsWith("*."))
            demand(policy->lists(pattern.toUpper()), "a policy lists the hosts it names, in any case");
    }
}

void dnsRecord(QByteArrayView input)
{
    const QByteArray data = input.toByteArray();
    if (const auto record = mxFromData(data))
        demand(record->host.isEmpty() || isPrintable(record->host), "a host name cannot forge a line");
    if (const auto name = nameFromData(data))
        demand(name->size() < data.size(), "a name is shorter than its labels with their lengths");
    if (const auto text = textFromData(data))
        demand(text->size() < data.size(), "strings are shorter than with their lengths");
    if (const auto record = tlsaFromData(data)) {
        demand(record->data.size() == data.size() - 3, "RFC 6698 2.1");
        demand(!record->isUsable() || !record->data.isEmpty(), "a record without data is of no use");
        demand(record->toBytes().size() < 40, "a record is shown short");
    }
    const auto address = addressFromData(data);
    demand(address.has_value() == (data.size() == 4 || data.size() == 16), "RFC 1035 3.4.1, RFC 3596 2.2");
}

} // namespace glasspost::fuzz
