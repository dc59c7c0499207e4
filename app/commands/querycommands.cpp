#include "app/commands/querycommands.h"

#include "app/commands/queuerun.h"
#include "app/commands/requestcommand.h"
#include "app/console/comparisonlines.h"
#include "app/console/output.h"
#include "app/console/textlines.h"
#include "app/control/journeyrequests.h"
#include "ui/message/html/paperthread.h"
#include "ui/message/reportpaper.h"
#include "ui/words/searchtext.h"

#include <QJsonArray>
#include <QSaveFile>

#include <utility>

namespace glasspost::app {

namespace {

/// How many sessions "glasspost transcript" lists.
constexpr int sessionLimit = 1000;

using TextOf = QByteArray (*)(const QJsonObject &);

/// Prints each object of one list in the answer, as it is or as a line for people.
RequestCommand::Print printList(const QString &key, OutputFormat format, TextOf text)
{
    return [key, format, text](const QJsonObject &answer) {
        for (const auto value : answer[key].toArray()) {
            if (format == OutputFormat::Json)
                printObject(value.toObject());
            else
                printLine(text(value.toObject()));
        }
        return ExitCode::Ok;
    };
}

QByteArray deletionLine(const QJsonObject &answer)
{
    return "records deleted: " + QByteArray::number(answer[QStringLiteral("deleted")].toArray().size());
}

/// Prints the answer, as it is or as lines for people.
RequestCommand::Print printWith(OutputFormat format, TextOf text)
{
    return [format, text](const QJsonObject &answer) {
        if (format == OutputFormat::Json)
            printObject(answer);
        else
            printLine(text(answer));
        return ExitCode::Ok;
    };
}

RequestCommand::Print printCount(OutputFormat format, bool someExpected)
{
    return [format, someExpected](const QJsonObject &answer) {
        const int count = answer[QStringLiteral("count")].toInt();
        if (format == OutputFormat::Json)
            printObject(answer);
        else
            printLine(QByteArray::number(count) + (count == 1 ? " entry" : " entries"));
        if (count == 0 && someExpected) {
            complain(QStringLiteral("the queue has no such entry"));
            return ExitCode::Unavailable;
        }
        return ExitCode::Ok;
    };
}

QByteArray textOf(const QJsonObject &answer)
{
    return answer[QStringLiteral("text")].toString().toUtf8();
}

/// Whole or not at all.
ExitCode writePage(const QString &path, const QByteArray &page)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(page) == page.size() && file.commit())
        return ExitCode::Ok;
    complain(QStringLiteral("%1: %2").arg(path, file.errorString()));
    return ExitCode::Internal;
}

ExitCode printCommands(const QJsonObject &answer)
{
    if (textOf(answer).isEmpty()) {
        complain(answer[QStringLiteral("whyNot")].toString());
        return ExitCode::Unavailable;
    }
    for (const QByteArray &line : textOf(answer).split('\n'))
        printLine(printable(line));
    return ExitCode::Ok;
}

QJsonObject reportRequest(const JourneyInvocation &invocation)
{
    return journeyReportRequest(invocation.name, invocation.showsAddresses, invocation.showsHeader);
}

ui::RepeatWith programOf(JourneyInvocation::Form form)
{
    return form == JourneyInvocation::Form::Curl   ? ui::RepeatWith::Curl
        : form == JourneyInvocation::Form::Openssl ? ui::RepeatWith::Openssl
                                                   : ui::RepeatWith::Swaks;
}

/// Writes the report on paper. It needs Qt Gui's fonts: app/run.cpp starts it with them.
class PaperCommand : public RequestCommand
{
public:
    PaperCommand(const QString &dataFolder, const QJsonObject &request, QString path)
        : RequestCommand(dataFolder, request, {}), m_path(std::move(path))
    { }

protected:
    void take(const QJsonObject &answer) override
    {
        ui::runOnPaper([page = textOf(answer), path = m_path]() -> mail::Result<bool> {
            ui::Sheets sheets(path, ui::reportHead(page));
            const bool isWhole = ui::paintReport(page, sheets);
            if (!isWhole && !sheets.isFull())
                return tl::unexpected(sheets.error());
            if (const mail::Result<void> written = sheets.finish(); !written)
                return tl::unexpected(written.error());
            return isWhole;
        }).then(this, [this](const mail::Result<bool> &isWhole) {
            if (isWhole && !*isWhole)
                complain(QStringLiteral("only the first %1 pages are included").arg(ui::Sheets::most));
            if (!isWhole)
                complain(isWhole.error());
            Q_EMIT finished(isWhole ? ExitCode::Ok : ExitCode::Internal); // as where a page cannot be written
        });
    }

private:
    QString m_path;
};

} // namespace

std::unique_ptr<RunningCommand> makeSearch(const SearchInvocation &invocation, const QString &dataFolder)
{
    for (const QString &notice : ui::searchNotices(invocation.query))
        complain(notice);
    return std::make_unique<RequestCommand>(dataFolder, searchRequest(invocation.query, invocation.limit),
        printList(QStringLiteral("rows"), invocation.format, rowLine));
}

std::unique_ptr<RunningCommand> makeTranscript(
    const TranscriptInvocation &invocation, const QString &dataFolder)
{
    if (invocation.session.isEmpty())
        return std::make_unique<RequestCommand>(dataFolder, sessionsRequest(sessionLimit),
            printList(QStringLiteral("sessions"), invocation.format, sessionLine));
    return std::make_unique<RequestCommand>(dataFolder, transcriptRequest(invocation.session),
        printList(QStringLiteral("entries"), invocation.format, transcriptLine));
}

std::unique_ptr<RunningCommand> makeJourney(const JourneyInvocation &invocation, const QString &dataFolder)
{
    switch (invocation.form) {
    case JourneyInvocation::Form::Told:
        break;
    case JourneyInvocation::Form::Page:
        return std::make_unique<RequestCommand>(dataFolder, reportRequest(invocation),
            [file = invocation.file](const QJsonObject &answer) { return writePage(file, textOf(answer)); });
    case JourneyInvocation::Form::Paper:
        return std::make_unique<PaperCommand>(dataFolder, reportRequest(invocation), invocation.file);
    case JourneyInvocation::Form::Swaks:
    case JourneyInvocation::Form::Curl:
    case JourneyInvocation::Form::Openssl:
        return std::make_unique<RequestCommand>(
            dataFolder, repeatRequest(invocation.name, programOf(invocation.form)), printCommands);
    case JourneyInvocation::Form::Compared:
        return std::make_unique<RequestCommand>(dataFolder,
            comparisonRequest(invocation.name, invocation.other),
            printWith(invocation.format, comparisonLines));
    case JourneyInvocation::Form::Deleted:
        return std::make_unique<RequestCommand>(
            dataFolder, journeyDeletionRequest(invocation.name), printWith(invocation.format, deletionLine));
    }
    return std::make_unique<RequestCommand>(
        dataFolder, journeyRequest(invocation.name), printWith(invocation.format, journeyLines));
}

std::unique_ptr<RunningCommand> makeQueue(const QueueInvocation &invocation, const QString &dataFolder)
{
    if (!invocation.request)
        return std::make_unique<RequestCommand>(dataFolder, queueListRequest(),
            printList(QStringLiteral("entries"), invocation.format, queueLine));
    const QJsonObject request = queueActionRequest(*invocation.request, invocation.ids);
    const auto print = printCount(invocation.format, !invocation.ids.isEmpty());
    if (invocation.request->action == mail::QueueAction::TryNow)
        return std::make_unique<QueueRun>(dataFolder, request, print);
    return std::make_unique<RequestCommand>(dataFolder, request, print);
}

} // namespace glasspost::app
