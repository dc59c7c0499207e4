#include "app/output.h"

#include "ui/widgets/errorwords.h"

#include <QJsonDocument>
#include <QStringDecoder>

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
    printLine(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

void complain(const QString &sentence)
{
    // One line, whatever stood in the arguments or came from the other end.
    std::fprintf(stderr, "glasspost: %s\n", printable(sentence.toUtf8()).constData());
    std::fflush(stderr);
}

ExitCode complain(const mail::Error &error)
{
    complain(ui::errorWords(error));
    return exitCodeFor(error);
}

ExitCode exitCodeFor(const mail::Error &error)
{
    switch (error.code) {
    case mail::ErrorCode::NotFound:
        return ExitCode::Unavailable;
    case mail::ErrorCode::NotPermitted:
    case mail::ErrorCode::NoSpace:
        return ExitCode::CannotCreate;
    case mail::ErrorCode::InUse:
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
    static const char digits[] = "0123456789ABCDEF";
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder.decode(octets);
    const bool isUtf8 = !decoder.hasError();
    const auto shown = [isUtf8](uchar c) { return (c >= 0x20 && c < 0x7F) || (c >= 0x80 && isUtf8); };
    QByteArray line;
    line.reserve(octets.size());
    for (qsizetype i = 0; i < octets.size(); ++i) {
        const uchar c = uchar(octets.at(i));
        // U+0080 to U+009F are control characters too, C2 80 to C2 9F in UTF-8.
        const bool isC1 = c == 0xC2 && i + 1 < octets.size() && uchar(octets.at(i + 1)) < 0xA0;
        const bool isC1Tail = c >= 0x80 && c < 0xA0 && i > 0 && uchar(octets.at(i - 1)) == 0xC2;
        if (shown(c) && !isC1 && !isC1Tail)
            line += char(c);
        else
            line.append("\\x").append(digits[c >> 4]).append(digits[c & 15]);
    }
    return line;
}

} // namespace glasspost::app
