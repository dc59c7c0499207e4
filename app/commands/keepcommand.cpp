#include "app/commands/keepcommand.h"

#include "app/commands/requestcommand.h"
#include "app/console/output.h"
#include "app/control/keepingrequests.h"

#include <QJsonArray>

#include <utility>

namespace glasspost::app {

namespace {

/// "7d", "12h", "90s": the largest unit that says it exactly.
QByteArray spanText(qint64 seconds)
{
    for (const auto &[unit, letter] : {std::pair(86400, 'd'), std::pair(3600, 'h'), std::pair(60, 'm')}) {
        if (seconds % unit == 0)
            return QByteArray::number(seconds / unit) + letter;
    }
    return QByteArray::number(seconds) + 's';
}

/// "shop/Inbox: 50 messages, 7d, 1000000 octets, teal"
QByteArray keepingLine(const QJsonObject &keeping)
{
    const auto whole = [&keeping](const char *key) { return keeping[QLatin1String(key)].toInteger(); };
    const auto word
        = [&keeping](const char *key) { return printable(keeping[QLatin1String(key)].toString().toUtf8()); };
    QByteArrayList parts;
    if (const qint64 number = whole("number"); number > 0)
        parts += QByteArray::number(number) + (number == 1 ? " message" : " messages");
    if (const qint64 age = whole("age"); age > 0)
        parts += spanText(age);
    if (const qint64 size = whole("size"); size > 0)
        parts += QByteArray::number(size) + " octets";
    if (parts.isEmpty())
        parts += "no limits of its own";
    if (const QByteArray color = word("color"); !color.isEmpty())
        parts += color;
    return word("mailbox") + '/' + word("folder") + ": " + parts.join(", ");
}

} // namespace

std::unique_ptr<RunningCommand> makeKeep(const KeepInvocation &invocation, const QString &dataFolder)
{
    return std::make_unique<RequestCommand>(
        dataFolder, keepRequest(invocation), [format = invocation.format](const QJsonObject &answer) {
            for (const auto value : answer[QStringLiteral("folders")].toArray()) {
                const QJsonObject keeping = value.toObject();
                if (format == OutputFormat::Json)
                    printObject(keeping);
                else
                    printLine(keepingLine(keeping));
            }
            return ExitCode::Ok;
        });
}

} // namespace glasspost::app
