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

/// One place of a pattern: a character, or what stands for any.
struct PatternPlace
{
    enum class Kind { Character, AnyOne, AnyMany };
    Kind kind = Kind::Character;
    char32_t character = 0;

    [[nodiscard]] bool takes(char32_t c) const { return kind == Kind::AnyOne || character == c; }
};

QList<PatternPlace> patternOf(const QString &key)
{
    QList<PatternPlace> places;
    const auto characters = key.toUcs4();
    for (qsizetype at = 0; at < characters.size(); ++at) {
        char32_t c = characters.at(at);
        if (c == U'*') {
            places.append({PatternPlace::Kind::AnyMany, 0});
        } else if (c == U'?') {
            places.append({PatternPlace::Kind::AnyOne, 0});
        } else {
            if (c == U'\\' && at + 1 < characters.size())
                c = characters.at(++at);
            places.append({PatternPlace::Kind::Character, c});
        }
    }
    return places;
}

/// Goes back to the last * alone: its time is that of the value times the pattern, whatever they are.
bool looksLike(const QString &value, const QString &key)
{
    const QList<PatternPlace> pattern = patternOf(key);
    const auto text = value.toUcs4();
    qsizetype at = 0, place = 0, star = -1, afterStar = 0;
    while (at < text.size()) {
        const bool isHere = place < pattern.size();
        if (isHere && pattern.at(place).kind == PatternPlace::Kind::AnyMany) {
            star = place++;
            afterStar = at;
        } else if (isHere && pattern.at(place).takes(char32_t(text.at(at)))) {
            ++place;
            ++at;
        } else if (star >= 0) {
            place = star + 1;
            at = ++afterStar;
        } else {
            return false;
        }
    }
    return std::all_of(pattern.cbegin() + place, pattern.cend(),
        [](const PatternPlace &one) { return one.kind == PatternPlace::Kind::AnyMany; });
}

RuleTruth anyMatch(const RuleTest &test, const QStringList &values)
{
    for (const QString &value : values) {
        for (const QString &key : test.keys) {
            if (isMatch(test, value, key))
                return RuleTruth::Yes;
        }
    }
    return RuleTruth::No;
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
    RuleTruth result = RuleTruth::No;
    for (const QString &name : test.names) {
        const auto addresses = envelopeAddresses(name, message);
        if (!addresses)
            result = RuleTruth::Unknown;
        else if (anyMatch(test, partsOf(*addresses, test.part)) == RuleTruth::Yes)
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
    return value ? anyMatch(test, {*value}) : RuleTruth::Unknown;
}

RuleTruth fieldTruth(const RuleTest &test, RuleReading &reading)
{
    for (const QString &name : test.names) {
        const QStringList values
            = test.kind == Kind::Header ? reading.texts(name) : partsOf(reading.addresses(name), test.part);
        if (anyMatch(test, values) == RuleTruth::Yes)
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

bool isMatch(const RuleTest &test, const QString &value, const QString &key)
{
    const QString text = folded(value, test.comparator), wanted = folded(key, test.comparator);
    switch (test.match) {
    case RuleTest::Match::Is:
        return text == wanted;
    case RuleTest::Match::Contains:
        return text.contains(wanted);
    case RuleTest::Match::Matches:
        break;
    }
    return looksLike(text, wanted);
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
        return anyMatch(test, {test.isRaw ? reading.rawBody() : reading.bodyText()});
    case Kind::Environment:
        return environmentTruth(test, message, mailbox);
    }
    return RuleTruth::No;
}

} // namespace glasspost::mail
