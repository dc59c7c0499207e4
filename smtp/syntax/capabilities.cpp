#include "smtp/syntax/capabilities.h"

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
    }
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
}

} // namespace

Capabilities Capabilities::fromEhlo(const Reply &reply)
{
    Capabilities capabilities = fromHelo(reply);
    for (qsizetype i = 1; i < reply.lines.size(); ++i)
        readLine(capabilities, reply.lines.at(i));
    return capabilities;
}

Capabilities Capabilities::fromHelo(const Reply &reply)
{
    Capabilities capabilities;
    capabilities.greetingName = firstWord(reply);
    return capabilities;
}

} // namespace glasspost::smtp
