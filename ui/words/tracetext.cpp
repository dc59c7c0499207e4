#include "ui/words/tracetext.h"

#include "ui/words/addresstext.h"
#include "ui/words/format.h"

#include <QCoreApplication>
#include <QStringList>

namespace glasspost::ui {

namespace {

struct TraceWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Trace)
};

constexpr qint64 longWait = 5 * 60; // seconds

QString secondsText(qint64 seconds)
{
    return seconds < 60 ? TraceWords::tr("%1 s").arg(QLocale().toString(seconds))
                        : durationText(seconds * 1000000);
}

QString methodTitle(const QString &method)
{
    static const QStringList shouted = {QStringLiteral("spf"), QStringLiteral("dkim"),
        QStringLiteral("dmarc"), QStringLiteral("arc"), QStringLiteral("bimi")};
    return shouted.contains(method) ? method.toUpper() : safeLine(method);
}

QString methodMeaning(const QString &method)
{
    if (method == QLatin1String("spf"))
        return TraceWords::tr("SPF: may the sending host send for the domain of the envelope?");
    if (method == QLatin1String("dkim"))
        return TraceWords::tr("DKIM: does the domain's signature match the message?");
    if (method == QLatin1String("dmarc"))
        return TraceWords::tr("DMARC: does SPF or DKIM vouch for the domain in From?");
    if (method == QLatin1String("arc"))
        return TraceWords::tr("ARC: is the chain of seals of those who passed it on intact?");
    if (method == QLatin1String("auth"))
        return TraceWords::tr("Did the sender sign in?");
    if (method == QLatin1String("iprev"))
        return TraceWords::tr("Does the sending host's name match its address?");
    return {};
}

} // namespace

QString delayText(const mail::ReceivedHop &hop)
{
    if (!hop.delay)
        return {};
    if (*hop.delay < 0)
        return TraceWords::tr("clock behind by %1").arg(secondsText(-*hop.delay));
    return *hop.delay == 0 ? TraceWords::tr("under 1 s") : secondsText(*hop.delay);
}

Tone delayTone(const mail::ReceivedHop &hop)
{
    const qint64 delay = hop.delay.value_or(0);
    return delay < 0 ? Tone::Refused : delay >= longWait ? Tone::Deferred : Tone::Neutral;
}

QString hopText(const mail::ReceivedHop &hop)
{
    QStringList lines;
    const auto add = [&lines](const QString &words, const QString &value) {
        if (!value.isEmpty())
            lines += words.arg(safeLine(value));
    };
    add(TraceWords::tr("Received by %1"), hop.by);
    add(TraceWords::tr("from a host that calls itself %1"), hop.from);
    add(TraceWords::tr("seen as %1"), hop.peer);
    add(TraceWords::tr("with %1"), hop.with);
    lines += hop.isEncrypted ? TraceWords::tr("encrypted, it says")
                             : TraceWords::tr("encryption is not mentioned");
    add(TraceWords::tr("for %1"), hop.recipient);
    add(TraceWords::tr("id %1"), hop.id);
    add(QStringLiteral("%1"), hop.at == 0 ? TraceWords::tr("no valid date") : exactTime(hop.at));
    if (hop.delay && *hop.delay < 0)
        lines += TraceWords::tr("This time is before that of the server before it: one of their clocks is "
                                "wrong, or the field is forged.");
    return lines.join(QLatin1Char('\n'));
}

QString verdictText(const mail::AuthenticationVerdict &verdict)
{
    QString words = TraceWords::tr("%1 %2", "method and result: SPF pass")
                        .arg(methodTitle(verdict.method), safeLine(verdict.result));
    if (!verdict.identity.isEmpty())
        words = TraceWords::tr("%1: %2", "result and domain").arg(words, safeLine(verdict.identity));
    if (verdict.standing == mail::AuthenticationVerdict::Standing::Receiver || verdict.server.isEmpty())
        return words;
    return TraceWords::tr("%1 says %2").arg(safeLine(verdict.server), words);
}

Tone verdictTone(const mail::AuthenticationVerdict &verdict)
{
    if (verdict.standing != mail::AuthenticationVerdict::Standing::Receiver)
        return Tone::Neutral;
    if (verdict.result == QLatin1String("pass"))
        return Tone::Accepted;
    const bool isFailure = verdict.result == QLatin1String("fail")
        || verdict.result == QLatin1String("hardfail") || verdict.result == QLatin1String("permerror");
    return isFailure ? Tone::Refused : Tone::Deferred;
}

QString verdictMeaning(const mail::AuthenticationVerdict &verdict)
{
    QStringList lines{methodMeaning(verdict.method)};
    switch (verdict.standing) {
    case mail::AuthenticationVerdict::Standing::Receiver:
        lines += TraceWords::tr("Said by %1, which received the message last.").arg(safeLine(verdict.server));
        break;
    case mail::AuthenticationVerdict::Standing::OnRoute:
        lines += TraceWords::tr("Said by %1, a server on the route, unless the sender forged it.")
                     .arg(safeLine(verdict.server));
        break;
    case mail::AuthenticationVerdict::Standing::Claimed:
        lines += TraceWords::tr("No server on the route has this name: the sender may have written it.");
        break;
    }
    if (!verdict.property.isEmpty())
        lines += QStringLiteral("%1=%2").arg(safeLine(verdict.property), safeLine(verdict.identity));
    if (!verdict.reason.isEmpty())
        lines += safeLine(verdict.reason);
    lines.removeAll(QString());
    return lines.join(QLatin1Char('\n'));
}

} // namespace glasspost::ui
