#include "smtp/syntax/parameters.h"

#include "smtp/syntax/deliveryparameters.h"
#include "smtp/syntax/octets.h"
#include "smtp/syntax/path.h"
#include "smtp/syntax/xtext.h"

#include <algorithm>
#include <limits>

namespace glasspost::smtp {

namespace {

using Fault = std::optional<SyntaxError>;
constexpr qsizetype envelopeIdLimit = 100; // RFC 3461 4.4
constexpr qsizetype originalRecipientLimit = 500; // RFC 3461 4.2

enum class ValueRule { None, Required };

/// Where the parameters of MAIL go.
struct MailTarget
{
    Envelope &envelope;
    qint64 now = 0;
};

/// One known keyword: what it needs, and how its value goes into the Target (MailTarget or
/// EnvelopeRecipient).
template <typename Target> struct ParameterRule
{
    QByteArrayView name;
    ValueRule value;
    std::optional<ParameterExtension> needs;
    bool (*apply)(QByteArrayView value, Target &target);
};

bool applySize(QByteArrayView value, MailTarget &target)
{
    // RFC 1870 3: 1*20DIGIT. What does not fit into 63 bits is larger than any limit.
    if (value.isEmpty() || value.size() > 20 || !std::all_of(value.begin(), value.end(), isDigit))
        return false;
    bool fits = false;
    const qint64 size = value.toByteArray().toLongLong(&fits);
    target.envelope.declaredSize = fits ? size : std::numeric_limits<qint64>::max();
    return true;
}

bool applyBody(QByteArrayView value, MailTarget &target)
{
    if (equalIgnoringCase(value, "8BITMIME"))
        target.envelope.body = BodyType::EightBitMime;
    else if (equalIgnoringCase(value, "7BIT"))
        target.envelope.body = BodyType::SevenBit;
    else if (equalIgnoringCase(value, "BINARYMIME"))
        target.envelope.body = BodyType::BinaryMime;
    else
        return false;
    return true;
}

bool applySmtpUtf8(QByteArrayView, MailTarget &target)
{
    target.envelope.smtpUtf8 = true;
    return true;
}

bool applyRet(QByteArrayView value, MailTarget &target)
{
    if (equalIgnoringCase(value, "FULL"))
        target.envelope.dsnReturn = DsnReturn::Full;
    else if (equalIgnoringCase(value, "HDRS"))
        target.envelope.dsnReturn = DsnReturn::Headers;
    else
        return false;
    return true;
}

bool isPrintableAscii(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool applyEnvid(QByteArrayView value, MailTarget &target)
{
    const auto decoded = decodeXtext(value);
    if (!decoded || decoded->isEmpty() || value.size() > envelopeIdLimit || !isPrintableAscii(*decoded))
        return false;
    target.envelope.envelopeId = *decoded;
    return true;
}

bool applyAuth(QByteArrayView value, MailTarget &target)
{
    // RFC 4954 5: an untrusted client's word is taken as AUTH=<>, so the value is only kept to be shown.
    const auto decoded = decodeXtext(value);
    if (!decoded || (*decoded != "<>" && !parseMailbox(*decoded)))
        return false;
    target.envelope.submitter = value.toByteArray();
    return true;
}

std::optional<Notify> notifyOf(QByteArrayView word)
{
    if (equalIgnoringCase(word, "SUCCESS"))
        return Notify::Success;
    if (equalIgnoringCase(word, "FAILURE"))
        return Notify::Failure;
    if (equalIgnoringCase(word, "DELAY"))
        return Notify::Delay;
    return {};
}

bool applyNotify(QByteArrayView value, EnvelopeRecipient &recipient)
{
    if (equalIgnoringCase(value, "NEVER")) {
        recipient.notify = Notify::Never;
        return true;
    }
    for (qsizetype start = 0; start <= value.size();) {
        const qsizetype comma = value.indexOf(',', start);
        const qsizetype end = comma < 0 ? value.size() : comma;
        const auto notify = notifyOf(value.sliced(start, end - start));
        if (!notify || recipient.notify.testFlag(*notify))
            return false;
        recipient.notify |= *notify;
        start = end + 1;
    }
    return true;
}

/// utf-8-addr-unitext (RFC 6533 3) made ASCII, as utf-8-addr-xtext writes it: "\\x{E4}". Nothing when an
/// octet stands in it that has no place there.
std::optional<QByteArray> asciiFromUnitext(QByteArrayView text)
{
    const bool fits = isUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
        return isControl(c) || c == ' ' || c == '+' || c == '=';
    });
    if (!fits)
        return {};
    QByteArray ascii;
    const QList<uint> points = QString::fromUtf8(text).toUcs4();
    for (const uint point : points) {
        if (point < 0x80)
            ascii += static_cast<char>(point);
        else
            ascii += "\\x{" + QByteArray::number(point, 16).toUpper() + '}';
    }
    return ascii;
}

bool applyOrcpt(QByteArrayView value, EnvelopeRecipient &recipient)
{
    const qsizetype semicolon = value.indexOf(';');
    if (semicolon <= 0 || value.size() > originalRecipientLimit)
        return false;
    const QByteArrayView type = value.first(semicolon);
    const bool typeFits = std::all_of(type.begin(), type.end(), isAtext) && !hasPast7F(type);
    const QByteArrayView coded = value.sliced(semicolon + 1);
    const bool unitext = equalIgnoringCase(type, "utf-8") && hasPast7F(coded);
    const auto address = unitext ? asciiFromUnitext(coded) : decodeXtext(coded);
    if (!typeFits || !address || address->isEmpty() || !isPrintableAscii(*address))
        return false;
    recipient.originalRecipient = type.toByteArray() + ';' + *address;
    return true;
}

bool applyRequireTls(QByteArrayView, MailTarget &target)
{
    target.envelope.requireTls = true;
    return true;
}

bool applyBy(QByteArrayView value, MailTarget &target)
{
    target.envelope.deliverBy = parseDeliverBy(value);
    return target.envelope.deliverBy.has_value();
}

/// RFC 4865 4: one of the two hold parameters, not both.
bool applyHold(const std::optional<qint64> &until, Envelope &envelope)
{
    if (!until || envelope.holdUntil != 0)
        return false;
    envelope.holdUntil = *until;
    return true;
}

bool applyHoldFor(QByteArrayView value, MailTarget &target)
{
    const std::optional<qint64> seconds = parseHoldFor(value);
    return seconds && applyHold(target.now + *seconds, target.envelope);
}

bool applyHoldUntil(QByteArrayView value, MailTarget &target)
{
    return applyHold(parseHoldUntil(value), target.envelope);
}

bool applyPriority(QByteArrayView value, MailTarget &target)
{
    target.envelope.priority = parsePriority(value);
    return target.envelope.priority.has_value();
}

const ParameterRule<MailTarget> mailKeywords[] = {
    {"SIZE", ValueRule::Required, {}, applySize},
    {"BODY", ValueRule::Required, {}, applyBody},
    {"SMTPUTF8", ValueRule::None, ParameterExtension::SmtpUtf8, applySmtpUtf8},
    {"RET", ValueRule::Required, ParameterExtension::Dsn, applyRet},
    {"ENVID", ValueRule::Required, ParameterExtension::Dsn, applyEnvid},
    {"AUTH", ValueRule::Required, ParameterExtension::Auth, applyAuth},
    {"REQUIRETLS", ValueRule::None, ParameterExtension::RequireTls, applyRequireTls},
    {"BY", ValueRule::Required, ParameterExtension::DeliverBy, applyBy},
    {"HOLDFOR", ValueRule::Required, ParameterExtension::FutureRelease, applyHoldFor},
    {"HOLDUNTIL", ValueRule::Required, ParameterExtension::FutureRelease, applyHoldUntil},
    {"MT-PRIORITY", ValueRule::Required, ParameterExtension::MtPriority, applyPriority},
};

const ParameterRule<EnvelopeRecipient> rcptKeywords[] = {
    {"NOTIFY", ValueRule::Required, ParameterExtension::Dsn, applyNotify},
    {"ORCPT", ValueRule::Required, ParameterExtension::Dsn, applyOrcpt},
};

/// esmtp-param = esmtp-keyword ["=" esmtp-value]
struct Parameter
{
    QByteArrayView keyword;
    QByteArrayView value;
    bool hasValue = false;
};

tl::expected<Parameter, SyntaxError> parseParameter(QByteArrayView text)
{
    const qsizetype equals = text.indexOf('=');
    const QByteArrayView keyword = equals < 0 ? text : text.first(equals);
    const bool keywordFits = !keyword.isEmpty() && isLetterOrDigit(keyword.front())
        && std::all_of(keyword.begin(), keyword.end(), [](char c) { return isLetterOrDigit(c) || c == '-'; });
    if (!keywordFits)
        return tl::unexpected(SyntaxError::BadKeyword);
    if (equals < 0)
        return Parameter{keyword, {}, false};
    const QByteArrayView value = text.sliced(equals + 1);
    const bool valueFits = !value.isEmpty() && std::none_of(value.begin(), value.end(), [](char c) {
        return isControl(c) || c == ' ' || c == '=';
    });
    if (!valueFits)
        return tl::unexpected(SyntaxError::BadValue);
    return Parameter{keyword, value, true};
}

template <typename Target, std::size_t size>
Fault applyParameter(const ParameterRule<Target> (&known)[size], quint32 &seen, const Parameter &parameter,
    ParameterExtensions offered, Target &target)
{
    for (std::size_t i = 0; i < size; ++i) {
        if (!equalIgnoringCase(known[i].name, parameter.keyword))
            continue;
        if (known[i].needs && !offered.testFlag(*known[i].needs))
            return SyntaxError::UnknownParameter;
        if ((seen & (1U << i)) != 0)
            return SyntaxError::Repeated;
        seen |= 1U << i;
        const bool valueExpected = known[i].value == ValueRule::Required;
        if (valueExpected != parameter.hasValue || !known[i].apply(parameter.value, target))
            return SyntaxError::BadValue;
        return {};
    }
    return SyntaxError::UnknownParameter;
}

template <typename Target, std::size_t size>
Fault parseParameters(QByteArrayView text, const ParameterRule<Target> (&known)[size],
    ParameterExtensions offered, Target &target)
{
    quint32 seen = 0;
    for (text = withoutBlanksBefore(text); !text.isEmpty(); text = withoutBlanksBefore(text)) {
        const qsizetype blank = text.indexOf(' ');
        const qsizetype length = blank < 0 ? text.size() : blank;
        const auto parameter = parseParameter(text.first(length));
        if (!parameter)
            return parameter.error();
        if (const Fault fault = applyParameter(known, seen, *parameter, offered, target))
            return fault;
        text = text.sliced(length);
    }
    return {};
}

} // namespace

std::optional<SyntaxError> parseMailParameters(
    QByteArrayView text, ParameterExtensions offered, qint64 now, Envelope &envelope)
{
    MailTarget target{envelope, now};
    if (const Fault fault = parseParameters(text, mailKeywords, offered, target))
        return fault;
    // BODY is always there, this value of it not (RFC 3030 3).
    if (envelope.body == BodyType::BinaryMime && !offered.testFlag(ParameterExtension::BinaryMime))
        return SyntaxError::BadValue;
    return {};
}

std::optional<SyntaxError> parseRcptParameters(
    QByteArrayView text, ParameterExtensions offered, EnvelopeRecipient &recipient)
{
    return parseParameters(text, rcptKeywords, offered, recipient);
}

} // namespace glasspost::smtp
