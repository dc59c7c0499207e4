#include "mail/rules/rulematching.h"

#include "smtp/syntax/hostport.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

using Kind = RuleTest::Kind;

RuleTruth truthOf(bool isMet)
{
    return isMet ? RuleTruth::Yes : RuleTruth::No;
}

/// RFC 4790 9.2: the letters of ASCII alone.
QString asciiFolded(QString text)
{
    for (QChar &c : text) {
        if (c >= u'A' && c <= u'Z')
            c = QChar(c.unicode() + (u'a' - u'A'));
    }
    return text;
}

QString folded(const QString &text, RuleTest::Comparator comparator)
{
    switch (comparator) {
    case RuleTest::Comparator::AsciiCasemap:
        return asciiFolded(text);
    case RuleTest::Comparator::UnicodeCasemap:
        return text.toCaseFolded();
    case RuleTest::Comparator::Octet:
        break;
    }
    return text;
}

RuleTruth anyMatch(const RuleKeys &keys, const QStringList &values)
{
    return truthOf(std::any_of(
        values.cbegin(), values.cend(), [&keys](const QString &value) { return keys.match(value); }));
}

/// The null reverse-path has empty parts (RFC 5228 5.4); an address without a domain has none.
std::optional<QString> partOf(const QString &address, RuleTest::Part part)
{
    const qsizetype at = address.lastIndexOf(u'@');
    switch (part) {
    case RuleTest::Part::All:
        break;
    case RuleTest::Part::LocalPart:
        return at < 0 ? address : address.first(at);
    case RuleTest::Part::Domain:
        if (at >= 0)
            return address.sliced(at + 1);
        return address.isEmpty() ? std::optional(address) : std::nullopt;
    }
    return address;
}

QStringList partsOf(const QStringList &addresses, RuleTest::Part part)
{
    QStringList parts;
    for (const QString &address : addresses) {
        if (const auto one = partOf(address, part))
            parts.append(*one);
    }
    return parts;
}

/// Nothing when it cannot be told.
std::optional<QStringList> envelopeAddresses(const QString &name, const RuleMessage &message)
{
    if (name.compare(u"from", Qt::CaseInsensitive) == 0)
        return message.reversePath ? std::optional(QStringList{QString::fromUtf8(*message.reversePath)})
                                   : std::nullopt;
    if (!message.recipients)
        return std::nullopt;
    QStringList addresses;
    for (const QByteArray &recipient : *message.recipients)
        addresses.append(QString::fromUtf8(recipient));
    return addresses;
}

/// An address that meets the test settles it, though others cannot be told.
RuleTruth envelopeTruth(const RuleTest &test, const RuleMessage &message)
{
    const RuleKeys keys(test);
    RuleTruth result = RuleTruth::No;
    for (const QString &name : test.names) {
        const auto addresses = envelopeAddresses(name, message);
        if (!addresses)
            result = RuleTruth::Unknown;
        else if (anyMatch(keys, partsOf(*addresses, test.part)) == RuleTruth::Yes)
            return RuleTruth::Yes;
    }
    return result;
}

/// Nothing when it cannot be told.
std::optional<QString> environmentOf(const QString &item, const RuleMessage &message, const QString &mailbox)
{
    if (item == QLatin1String(RuleEnvironment::mailbox))
        return mailbox;
    if (item == QLatin1String(RuleEnvironment::senderKnown)) {
        if (!message.isSenderKnown)
            return std::nullopt;
        return *message.isSenderKnown ? QStringLiteral("yes") : QStringLiteral("no");
    }
    if (!message.session)
        return std::nullopt;
    const smtp::SessionFacts &session = *message.session;
    if (item == QLatin1String(RuleEnvironment::signIn))
        return QString::fromUtf8(session.user);
    if (item == QLatin1String(RuleEnvironment::remoteIp))
        return session.peerAddress.toString();
    return session.localAddress.isNull() ? QString()
                                         : smtp::hostPort(session.localAddress, session.localPort);
}

RuleTruth environmentTruth(const RuleTest &test, const RuleMessage &message, const QString &mailbox)
{
    const auto value = environmentOf(test.names.value(0), message, mailbox);
    return value ? anyMatch(RuleKeys(test), {*value}) : RuleTruth::Unknown;
}

RuleTruth fieldTruth(const RuleTest &test, RuleReading &reading)
{
    const RuleKeys keys(test);
    for (const QString &name : test.names) {
        const QStringList values
            = test.kind == Kind::Header ? reading.texts(name) : partsOf(reading.addresses(name), test.part);
        if (anyMatch(keys, values) == RuleTruth::Yes)
            return RuleTruth::Yes;
    }
    return RuleTruth::No;
}

/// Of all of the tests, or of any: what one of them settles is settled, whatever cannot be told of others.
RuleTruth joined(const RuleTest &test, RuleReading &reading, const QString &mailbox)
{
    const RuleTruth settling = test.kind == Kind::AllOf ? RuleTruth::No : RuleTruth::Yes;
    RuleTruth result = test.kind == Kind::AllOf ? RuleTruth::Yes : RuleTruth::No;
    for (const RuleTest &child : test.children) {
        const RuleTruth one = meets(child, reading, mailbox);
        if (one == settling)
            return one;
        if (one == RuleTruth::Unknown)
            result = one;
    }
    return result;
}

RuleTruth inverse(RuleTruth truth)
{
    if (truth == RuleTruth::Unknown)
        return truth;
    return truthOf(truth == RuleTruth::No);
}

} // namespace

RuleKeys::RuleKeys(const RuleTest &test) : m_match(test.match), m_comparator(test.comparator)
{
    for (const QString &key : test.keys) {
        const QString word = folded(key, m_comparator);
        if (m_match == RuleTest::Match::Matches)
            m_patterns.append(WildcardPattern(word));
        else
            m_words.append(word);
    }
}

bool RuleKeys::match(const QString &value) const
{
    const QString text = folded(value, m_comparator);
    switch (m_match) {
    case RuleTest::Match::Is:
        return m_words.contains(text);
    case RuleTest::Match::Contains:
        return std::any_of(
            m_words.cbegin(), m_words.cend(), [&text](const QString &word) { return text.contains(word); });
    case RuleTest::Match::Matches:
        break;
    }
    const QList<uint> characters = text.toUcs4();
    return std::any_of(m_patterns.cbegin(), m_patterns.cend(),
        [&characters](const WildcardPattern &pattern) { return pattern.matches(characters); });
}

RuleTruth meets(const RuleTest &test, RuleReading &reading, const QString &mailbox)
{
    const RuleMessage &message = reading.message();
    switch (test.kind) {
    case Kind::True:
        return RuleTruth::Yes;
    case Kind::False:
        return RuleTruth::No;
    case Kind::AllOf:
    case Kind::AnyOf:
        return joined(test, reading, mailbox);
    case Kind::Not:
        return inverse(meets(test.children.constFirst(), reading, mailbox));
    case Kind::Header:
    case Kind::Address:
        return fieldTruth(test, reading);
    case Kind::Envelope:
        return envelopeTruth(test, message);
    case Kind::Exists:
        return truthOf(std::all_of(test.names.cbegin(), test.names.cend(),
            [&reading](const QString &name) { return reading.has(name); }));
    case Kind::Size:
        return truthOf(test.isOver ? message.size > test.size : message.size < test.size);
    case Kind::Body:
        return anyMatch(RuleKeys(test), {test.isRaw ? reading.rawBody() : reading.bodyText()});
    case Kind::Environment:
        return environmentTruth(test, message, mailbox);
    }
    return RuleTruth::No;
}

} // namespace glasspost::mail
