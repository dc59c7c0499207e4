#include "app/commands/messagecommands.h"

#include "app/commands/requestcommand.h"
#include "app/commands/sendspool.h"
#include "app/console/output.h"
#include "app/console/textlines.h"
#include "app/control/messagerequests.h"

#include <QFile>
#include <QJsonArray>

#include <cstdio>

namespace glasspost::app {

namespace {

/// A message that is not there has an exit code of its own.
class MessageCommand : public RequestCommand
{
public:
    using RequestCommand::RequestCommand;

protected:
    void fail(const mail::Error &error) override
    {
        if (error.code != mail::ErrorCode::NotFound)
            return RequestCommand::fail(error);
        complain(QStringLiteral("there is no such message, or no such part of it: %1").arg(error.subject));
        Q_EMIT finished(ExitCode::NoMessage);
    }
};

/// What lies in a file, onto standard output as it is.
ExitCode printFile(const QString &path)
{
    constexpr qint64 pieceSize = 256 * 1024;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        complain(QStringLiteral("%1 cannot be read: %2").arg(path, file.errorString()));
        return ExitCode::CannotCreate;
    }
    for (QByteArray piece = file.read(pieceSize); !piece.isEmpty(); piece = file.read(pieceSize)) {
        if (std::fwrite(piece.constData(), 1, size_t(piece.size()), stdout) != size_t(piece.size()))
            return ExitCode::CannotCreate; // nobody reads on
    }
    const bool isWhole = file.error() == QFileDevice::NoError && std::fflush(stdout) == 0;
    return isWhole ? ExitCode::Ok : ExitCode::CannotCreate;
}

/// The octets go through a file: a message may be larger than what a request should hold.
std::unique_ptr<RunningCommand> makeSave(const ShowInvocation &invocation, const QString &dataFolder)
{
    const bool isPart = invocation.form == ShowInvocation::Form::Part;
    const auto part = isPart ? std::optional<int>(invocation.part) : std::nullopt;
    const auto spool = std::make_shared<SendSpool>();
    const QString path = spool->path() + QStringLiteral("/octets");
    return std::make_unique<MessageCommand>(dataFolder,
        saveRequest(invocation.id, invocation.mailbox, part, path),
        [spool, path](const QJsonObject &) { return printFile(path); });
}

} // namespace

std::unique_ptr<RunningCommand> makeShow(const ShowInvocation &invocation, const QString &dataFolder)
{
    using Form = ShowInvocation::Form;
    if (invocation.form == Form::Raw || invocation.form == Form::Part)
        return makeSave(invocation, dataFolder);
    return std::make_unique<MessageCommand>(dataFolder, showRequest(invocation.id, invocation.mailbox),
        [isJson = invocation.form == Form::Json](const QJsonObject &answer) {
            const QJsonObject message = answer[QStringLiteral("message")].toObject();
            if (isJson)
                printObject(message);
            else
                printLine(messageLines(message));
            return ExitCode::Ok;
        });
}

std::unique_ptr<RunningCommand> makeCheck(const CheckInvocation &invocation, const QString &dataFolder)
{
    return std::make_unique<MessageCommand>(dataFolder,
        checkRequest(invocation.id, invocation.mailbox, invocation.spamd),
        [format = invocation.format](const QJsonObject &answer) {
            const QJsonObject checks = answer[QStringLiteral("checks")].toObject();
            if (format == OutputFormat::Json)
                printObject(checks);
            else
                printLine(checkLines(checks));
            return checks[QStringLiteral("errors")].toInt() > 0 ? ExitCode::Findings : ExitCode::Ok;
        });
}

std::unique_ptr<RunningCommand> makeChange(const ChangeInvocation &invocation, const QString &dataFolder)
{
    const auto print = [invocation](const QJsonObject &answer) {
        const int count = answer[QStringLiteral("count")].toInt();
        const char *const done = invocation.change == ChangeInvocation::Change::Delete ? "deleted"
            : invocation.change == ChangeInvocation::Change::Mark                      ? "marked"
                                                                                       : "tagged";
        if (invocation.format == OutputFormat::Json)
            printObject(answer);
        else
            printLine(QByteArray::number(count) + (count == 1 ? " message " : " messages ") + done);
        const QJsonArray missing = answer[QStringLiteral("missing")].toArray();
        for (const auto id : missing)
            complain(QStringLiteral("there is no message \"%1\"").arg(id.toString()));
        return missing.isEmpty() ? ExitCode::Ok : ExitCode::NoMessage;
    };
    return std::make_unique<MessageCommand>(dataFolder, changeRequest(invocation), print);
}

} // namespace glasspost::app
