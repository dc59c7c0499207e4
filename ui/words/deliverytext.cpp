#include "ui/words/deliverytext.h"

#include "ui/words/replymeanings.h"
#include "ui/words/sessiontext.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>

namespace glasspost::ui {

namespace {

struct ServerReplyWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::ReplyWords)
};

QString headWords(smtp::DeliveryResult result)
{
    switch (result) {
    case smtp::DeliveryResult::Delivered:
        return ServerReplyWords::tr("Delivered");
    case smtp::DeliveryResult::Deferred:
        return ServerReplyWords::tr("Deferred");
    case smtp::DeliveryResult::Refused:
        return ServerReplyWords::tr("Refused permanently");
    case smtp::DeliveryResult::Unknown:
        return ServerReplyWords::tr(
            "Lost after the message: it may have been accepted, and may arrive twice");
    }
    return {};
}

QString codes(const smtp::RecipientReport &report)
{
    QStringList parts;
    if (!report.reply.isNull())
        parts << QString::number(report.reply.code);
    if (!report.status.isNull())
        parts << QString::fromLatin1(report.status.toBytes());
    return parts.join(QLatin1Char(' '));
}

// "For good: the mailbox does not exist" without its class, which the head has said already.
QString meaning(const smtp::RecipientReport &report)
{
    if (report.reply.isNull() && !report.reason.isEmpty())
        return shownBytes(report.reason).text;
    if (!report.status.isNull() && (report.status.subject != 0 || report.reply.isNull())) {
        const QString words = statusCodeMeaning(report.status);
        return words.mid(words.indexOf(QLatin1Char(':')) + 1).trimmed();
    }
    return report.reply.isNull() ? QString() : replyCodeMeaning(report.reply.code);
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
    return why.isEmpty() ? words : ServerReplyWords::tr("%1: %2", "result: why").arg(words, why);
}

QString stageText(smtp::DeliveryStage stage)
{
    switch (stage) {
    case smtp::DeliveryStage::Local:
        return ServerReplyWords::tr("before any connection");
    case smtp::DeliveryStage::Lookup:
        return ServerReplyWords::tr("looking up the exchanger");
    case smtp::DeliveryStage::Connect:
        return ServerReplyWords::tr("connecting");
    case smtp::DeliveryStage::Greeting:
        return ServerReplyWords::tr("waiting for the greeting");
    case smtp::DeliveryStage::Hello:
        return ServerReplyWords::tr("after EHLO");
    case smtp::DeliveryStage::StartTls:
        return ServerReplyWords::tr("starting TLS");
    case smtp::DeliveryStage::Auth:
        return ServerReplyWords::tr("signing in");
    case smtp::DeliveryStage::Mail:
        return ServerReplyWords::tr("after MAIL FROM");
    case smtp::DeliveryStage::Rcpt:
        return ServerReplyWords::tr("after RCPT TO");
    case smtp::DeliveryStage::Data:
        return ServerReplyWords::tr("after DATA");
    case smtp::DeliveryStage::Body:
        return ServerReplyWords::tr("while the message was sent");
    case smtp::DeliveryStage::EndOfData:
        return ServerReplyWords::tr("after the message");
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
