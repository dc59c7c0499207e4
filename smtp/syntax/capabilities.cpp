#include "smtp/syntax/capabilities.h"

#include <QDateTime>

#include <algorithm>
#include <array>

namespace glasspost::smtp {

namespace {

struct FlagKeyword
{
    const char *name;
    Capability capability;
};

constexpr std::array keywords{
    FlagKeyword{"PIPELINING", Capability::Pipelining},
    FlagKeyword{"8BITMIME", Capability::EightBitMime},
    FlagKeyword{"SMTPUTF8", Capability::SmtpUtf8},
    FlagKeyword{"ENHANCEDSTATUSCODES", Capability::EnhancedStatusCodes},
    FlagKeyword{"CHUNKING", Capability::Chunking},
    FlagKeyword{"DSN", Capability::Dsn},
    FlagKeyword{"STARTTLS", Capability::StartTls},
    FlagKeyword{"SIZE", Capability::Size},
    FlagKeyword{"AUTH", Capability::Auth},
    FlagKeyword{"REQUIRETLS", Capability::RequireTls},
    FlagKeyword{"BINARYMIME", Capability::BinaryMime},
    FlagKeyword{"DELIVERBY", Capability::DeliverBy},
    FlagKeyword{"FUTURERELEASE", Capability::FutureRelease},
    FlagKeyword{"MT-PRIORITY", Capability::MtPriority},
    FlagKeyword{"LIMITS", Capability::Limits},
    FlagKeyword{"XCLIENT", Capability::XClient},
};

QList<QByteArray> words(const QByteArray &line)
{
    return line.simplified().split(' ');
}

QByteArray firstWord(const Reply &reply)
{
    return reply.lines.isEmpty() ? QByteArray() : words(reply.lines.constFirst()).constFirst();
}

void addMechanisms(Capabilities &capabilities, const QList<QByteArray> &names)
{
    for (const QByteArray &name : names) {
        const QByteArray upper = name.toUpper();
        if (!upper.isEmpty() && !capabilities.authMechanisms.contains(upper))
            capabilities.authMechanisms.append(upper);
    }
}

/// RFC 9422 4: "LIMITS RCPTMAX=n MAILMAX=n"; what does not parse is as if it were not there.
void readLimits(Capabilities &capabilities, const QList<QByteArray> &parameters)
{
    for (const QByteArray &parameter : parameters) {
        const qsizetype equals = parameter.indexOf('=');
        bool ok = false;
        const int value = parameter.mid(equals + 1).toInt(&ok);
        if (equals < 0 || !ok || value < 1)
            continue;
        const QByteArray name = parameter.first(equals).toUpper();
        if (name == "RCPTMAX")
            capabilities.recipientLimit = value;
        else if (name == "MAILMAX")
            capabilities.mailLimit = value;
        else if (name == "RCPTDOMAINMAX")
            capabilities.recipientDomainLimit = value;
    }
}

qint64 secondsIn(const QByteArray &text)
{
    bool ok = false;
    const qint64 seconds = text.toLongLong(&ok);
    return ok && seconds > 0 ? seconds : 0;
}

/// RFC 4865 3: the longest interval, and the latest time as RFC 3339 writes it.
void readFutureRelease(Capabilities &capabilities, const QList<QByteArray> &parameters)
{
    capabilities.longestHold = secondsIn(parameters.value(0));
    const QDateTime latest
        = QDateTime::fromString(QString::fromLatin1(parameters.value(1)), Qt::ISODateWithMs);
    capabilities.latestHold = latest.isValid() ? latest.toSecsSinceEpoch() : 0;
}

void readSizeLimit(Capabilities &capabilities, const QList<QByteArray> &parameters)
{
    bool ok = false;
    const qint64 limit = parameters.value(0).toLongLong(&ok);
    if (ok && limit > 0)
        capabilities.sizeLimit = limit;
}

void readLine(Capabilities &capabilities, const QByteArray &line)
{
    QList<QByteArray> parameters = words(line);
    QByteArray keyword = parameters.takeFirst().toUpper();
    if (keyword.startsWith("AUTH=")) { // written so before RFC 2554, and still said beside the right form
        parameters.prepend(keyword.mid(5));
        keyword = "AUTH";
    }
    for (const FlagKeyword &known : keywords) {
        if (keyword == known.name)
            capabilities.flags |= known.capability;
    }
    if (keyword == "SIZE")
        readSizeLimit(capabilities, parameters);
    else if (keyword == "AUTH")
        addMechanisms(capabilities, parameters);
    else if (keyword == "LIMITS")
        readLimits(capabilities, parameters);
    else if (keyword == "DELIVERBY")
        capabilities.shortestDeliverBy = secondsIn(parameters.value(0));
    else if (keyword == "FUTURERELEASE")
        readFutureRelease(capabilities, parameters);
    else if (keyword == "XCLIENT") {
        for (const QByteArray &attribute : std::as_const(parameters))
            capabilities.xclientAttributes.append(attribute.toUpper());
    }
}

} // namespace

Capabilities Capabilities::fromEhlo(const Reply &reply)
{
    Capabilities capabilities = fromHelo(reply);
    for (qsizetype i = 1; i < reply.lines.size(); ++i)
        readLine(capabilities, reply.lines.at(i));
    return capabilities;
}

Capabilities Capabilities::without(CapabilityFlags passedOver) const
{
    Capabilities rest = *this;
    rest.flags &= ~passedOver;
    if (!rest.has(Capability::Limits)) {
        rest.recipientLimit.reset();
        rest.mailLimit.reset();
        rest.recipientDomainLimit.reset();
    }
    if (!rest.has(Capability::Size))
        rest.sizeLimit = 0;
    if (!rest.has(Capability::Auth))
        rest.authMechanisms.clear();
    return rest;
}

QByteArray Capabilities::keywordsOf(CapabilityFlags flags)
{
    QList<QByteArray> names;
    for (const FlagKeyword &known : keywords) {
        if (flags.testFlag(known.capability))
            names.append(known.name);
    }
    return names.join(' ');
}

Capabilities Capabilities::fromHelo(const Reply &reply)
{
    Capabilities capabilities;
    capabilities.greetingName = firstWord(reply);
    return capabilities;
}

std::optional<CapabilityFlags> Capabilities::flagsOf(const QByteArray &text)
{
    CapabilityFlags flags;
    for (const QByteArray &word : words(text)) {
        const auto known = std::find_if(keywords.begin(), keywords.end(),
            [&word](const FlagKeyword &keyword) { return word.toUpper() == keyword.name; });
        if (known == keywords.end() && !word.isEmpty())
            return std::nullopt;
        if (known != keywords.end())
            flags |= known->capability;
    }
    return flags;
}

} // namespace glasspost::smtp
