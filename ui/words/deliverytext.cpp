#include "ui/words/deliverytext.h"

#include "ui/words/replymeanings.h"
#include "ui/words/sessiontext.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>

namespace glasspost::ui {

namespace {

struct DeliveryWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::DeliveryText)
};

QString headWords(smtp::DeliveryResult result)
{
    switch (result) {
    case smtp::DeliveryResult::Delivered:
        return DeliveryWords::tr("Delivered");
    case smtp::DeliveryResult::Deferred:
        return DeliveryWords::tr("Deferred");
    case smtp::DeliveryResult::Refused:
        return DeliveryWords::tr("Refused permanently");
    case smtp::DeliveryResult::Unknown:
        return DeliveryWords::tr(
            "Connection lost after the message: it may have been accepted, and may arrive twice");
    }
    return {};
}

/// As the report says, or as the reply itself began.
smtp::EnhancedStatusCode statusOf(const smtp::RecipientReport &report)
{
    return report.status.isNull() ? report.reply.enhanced : report.status;
}

QString codes(const smtp::RecipientReport &report)
{
    QStringList parts;
    if (!report.reply.isNull())
        parts << QString::number(report.reply.code);
    if (const smtp::EnhancedStatusCode status = statusOf(report); !status.isNull())
        parts << QString::fromLatin1(status.toBytes());
    return parts.join(QLatin1Char(' '));
}

QString meaning(const smtp::RecipientReport &report)
{
    if (report.reply.isNull() && !report.reason.isEmpty())
        return shownBytes(report.reason).text;
    const smtp::EnhancedStatusCode status = statusOf(report);
    if (!status.isNull() && (status.subject != 0 || report.reply.isNull()))
        return statusCodeReason(status);
    QString sentence = report.reply.isNull() ? QString() : replyCodeMeaning(report.reply.code);
    if (sentence.endsWith(u'.'))
        sentence.chop(1);
    return sentence;
}

} // namespace

QString resultText(const smtp::RecipientReport &report)
{
    if (report.at == 0)
        return {};
    QString words = headWords(report.result);
    if (const QString numbers = codes(report); !numbers.isEmpty())
        words += QStringLiteral(" (%1)").arg(numbers);
    if (report.result == smtp::DeliveryResult::Delivered)
        return words;
    const QString why = meaning(report);
    return why.isEmpty() ? words : DeliveryWords::tr("%1: %2", "result: why").arg(words, why);
}

QString causeText(const smtp::RecipientReport &report)
{
    QStringList parts{codes(report), meaning(report)};
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

QString stageText(smtp::DeliveryStage stage)
{
    switch (stage) {
    case smtp::DeliveryStage::Local:
        return DeliveryWords::tr("before any connection");
    case smtp::DeliveryStage::Lookup:
        return DeliveryWords::tr("looking up the exchanger");
    case smtp::DeliveryStage::Connect:
        return DeliveryWords::tr("connecting");
    case smtp::DeliveryStage::Greeting:
        return DeliveryWords::tr("waiting for the greeting");
    case smtp::DeliveryStage::Hello:
        return DeliveryWords::tr("after EHLO");
    case smtp::DeliveryStage::StartTls:
        return DeliveryWords::tr("starting TLS");
    case smtp::DeliveryStage::Auth:
        return DeliveryWords::tr("signing in");
    case smtp::DeliveryStage::Mail:
        return DeliveryWords::tr("after MAIL FROM");
    case smtp::DeliveryStage::Rcpt:
        return DeliveryWords::tr("after RCPT TO");
    case smtp::DeliveryStage::Data:
        return DeliveryWords::tr("after DATA");
    case smtp::DeliveryStage::Body:
        return DeliveryWords::tr("while the message was sent");
    case smtp::DeliveryStage::EndOfData:
        return DeliveryWords::tr("after the message");
    }
    return {};
}

QString reportActionText(mail::ReportAction action)
{
    switch (action) {
    case mail::ReportAction::Failed:
        return DeliveryWords::tr("not delivered");
    case mail::ReportAction::Delayed:
        return DeliveryWords::tr("delayed, still being tried");
    case mail::ReportAction::Delivered:
        return DeliveryWords::tr("delivered");
    case mail::ReportAction::Relayed:
        return DeliveryWords::tr("relayed to a server that does not report success");
    case mail::ReportAction::Expanded:
        return DeliveryWords::tr("expanded to several recipients");
    }
    return {};
}

QString stageText(smtp::TraceStage stage)
{
    switch (stage) {
    case smtp::TraceStage::Lookup:
        return DeliveryWords::tr("Look-up");
    case smtp::TraceStage::Connect:
        return DeliveryWords::tr("Connection");
    case smtp::TraceStage::Greeting:
        return DeliveryWords::tr("Greeting");
    case smtp::TraceStage::Hello:
        return DeliveryWords::tr("EHLO");
    case smtp::TraceStage::StartTls:
        return DeliveryWords::tr("STARTTLS");
    case smtp::TraceStage::Handshake:
        return DeliveryWords::tr("TLS handshake");
    case smtp::TraceStage::Auth:
        return DeliveryWords::tr("Sign-in");
    case smtp::TraceStage::Between:
        return DeliveryWords::tr("Between messages");
    case smtp::TraceStage::Convert:
        return DeliveryWords::tr("Conversion to 7 bits");
    case smtp::TraceStage::Mail:
        return DeliveryWords::tr("MAIL");
    case smtp::TraceStage::Rcpt:
        return DeliveryWords::tr("RCPT");
    case smtp::TraceStage::Data:
        return DeliveryWords::tr("DATA");
    case smtp::TraceStage::Body:
        return DeliveryWords::tr("Message");
    case smtp::TraceStage::EndOfData:
        return DeliveryWords::tr("End of the message");
    case smtp::TraceStage::Reset:
        return DeliveryWords::tr("RSET");
    case smtp::TraceStage::Quit:
        return DeliveryWords::tr("QUIT");
    case smtp::TraceStage::ClientTurn:
        return DeliveryWords::tr("Client’s turn");
    }
    return {};
}

QString serverText(const smtp::RecipientReport &report)
{
    const QString name = shownBytes(report.remoteHost).text;
    const QString address = endpointText(report.remoteAddress, report.remotePort);
    if (name.isEmpty() || address.isEmpty())
        return name + address;
    return QStringLiteral("%1 (%2)").arg(name, address);
}

QString wireText(const smtp::RecipientReport &report)
{
    if (report.at == 0)
        return {};
    QStringList lines;
    if (!report.command.isEmpty())
        lines << QStringLiteral("C  ") + shownBytes(report.command).text;
    if (!report.reply.isNull()) {
        const QString head = codes(report);
        if (report.reply.lines.isEmpty())
            lines << QStringLiteral("S  ") + head;
        for (const QByteArray &line : report.reply.lines)
            lines << QStringLiteral("S  %1 %2").arg(head, shownBytes(line).text);
    } else if (!report.reason.isEmpty()) {
        lines << QStringLiteral("–  ") + shownBytes(report.reason).text;
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace glasspost::ui
