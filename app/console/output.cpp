#include "app/console/output.h"

#include "ui/words/errortext.h"
#include "ui/words/shownbytes.h"

#include <QJsonDocument>
#include <QStringView>

#include <cstdio>

namespace glasspost::app {

void printLine(const QByteArray &line)
{
    std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

void printObject(const QJsonObject &object)
{
    printLine(printableJson(QJsonDocument(object).toJson(QJsonDocument::Compact)));
}

void complain(const QString &sentence)
{
    // One line, whatever stood in the arguments or came from the other end.
    std::fprintf(stderr, "glasspost: %s\n", printable(sentence.toUtf8()).constData());
    std::fflush(stderr);
}

ExitCode complain(const mail::Error &error)
{
    complain(ui::errorText(error));
    return exitCodeFor(error);
}

ExitCode exitCodeFor(const mail::Error &error)
{
    switch (error.code) {
    case mail::ErrorCode::NotFound:
    case mail::ErrorCode::NoMailbox:
        return ExitCode::Unavailable;
    case mail::ErrorCode::NotPermitted:
    case mail::ErrorCode::NoSpace:
        return ExitCode::CannotCreate;
    case mail::ErrorCode::InUse:
    case mail::ErrorCode::StillQueued:
        return ExitCode::TryLater;
    case mail::ErrorCode::Damaged:
    case mail::ErrorCode::NotAMessage:
        return ExitCode::BadMessage;
    case mail::ErrorCode::BadAddress:
        return ExitCode::Usage;
    case mail::ErrorCode::BadSettings:
        return ExitCode::Settings;
    case mail::ErrorCode::ReportNotSent:
        return ExitCode::Unavailable;
    case mail::ErrorCode::IndexIncomplete:
        return ExitCode::IndexIncomplete;
    case mail::ErrorCode::InputOutput:
        break;
    }
    return ExitCode::CannotCreate;
}

QByteArray printable(const QByteArray &octets)
{
    return ui::shownBytes(octets).text.toUtf8();
}

QByteArray printableJson(const QByteArray &json)
{
    QString shown;
    for (const char32_t point : QString::fromUtf8(json).toUcs4()) {
        if (ui::isHarmless(point)) {
            shown += QChar::fromUcs4(point);
            continue;
        }
        const auto units = QChar::fromUcs4(point);
        for (const QChar unit : QStringView(units))
            shown += QStringLiteral("\\u%1").arg(unit.unicode(), 4, 16, QLatin1Char('0'));
    }
    return shown.toUtf8();
}

} // namespace glasspost::app
