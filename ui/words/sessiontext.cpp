#include "ui/words/sessiontext.h"

#include "smtp/syntax/hostport.h"
#include "ui/words/format.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>

namespace glasspost::ui {

namespace {

struct SessionWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::SessionWords)
};

/// A client that closes without QUIT has its mail delivered, or it only looked whether somebody is there, as
/// health checks do.
QString endingWords(const smtp::SessionFacts &facts)
{
    if (facts.role == smtp::SessionRole::Client || facts.ending == "QUIT")
        return SessionWords::tr("completed");
    return facts.messages > 0 ? SessionWords::tr("delivered (no QUIT)")
                              : SessionWords::tr("disconnected without mail");
}

/// A session in which all went well but for some recipients is not plainly completed.
QString completedWords(const smtp::SessionFacts &facts)
{
    QStringList parts{endingWords(facts)};
    if (facts.refusedRecipients > 0)
        parts << SessionWords::tr("%1 refused").arg(countText(facts.refusedRecipients));
    if (facts.deferredRecipients > 0)
        parts << SessionWords::tr("%1 deferred").arg(countText(facts.deferredRecipients));
    return parts.join(QStringLiteral(", "));
}

} // namespace

bool wasDeferred(const smtp::SessionFacts &facts)
{
    return facts.outcome == smtp::SessionOutcome::Refused && facts.ending.startsWith('4');
}

QString outcomeText(const smtp::SessionFacts &facts)
{
    switch (facts.outcome) {
    case smtp::SessionOutcome::Open:
        return SessionWords::tr("in progress");
    case smtp::SessionOutcome::Completed:
        return completedWords(facts);
    case smtp::SessionOutcome::Refused:
        return wasDeferred(facts) ? SessionWords::tr("deferred") : SessionWords::tr("refused");
    case smtp::SessionOutcome::Broken:
        return SessionWords::tr("broken off");
    }
    return {};
}

Tone outcomeTone(const smtp::SessionFacts &facts)
{
    switch (facts.outcome) {
    case smtp::SessionOutcome::Open:
        return Tone::Transit;
    case smtp::SessionOutcome::Completed:
        return facts.refusedRecipients > 0 ? Tone::Refused
            : facts.deferredRecipients > 0 ? Tone::Deferred
                                           : Tone::Accepted;
    case smtp::SessionOutcome::Refused:
        return wasDeferred(facts) ? Tone::Deferred : Tone::Refused;
    case smtp::SessionOutcome::Broken:
        return Tone::Deferred;
    }
    return Tone::Neutral;
}

QString sessionLabel(const QByteArray &id)
{
    // Of an id that begins with 11 digits of microseconds, the ones that change from session to session.
    return QLatin1Char('#') + QString::fromLatin1(id.size() > 11 ? id.mid(6, 5) : id);
}

QString endpointText(const QHostAddress &address, quint16 port)
{
    if (address.isNull())
        return {};
    bool mapped = false;
    const quint32 ipv4 = address.toIPv4Address(&mapped);
    const QString host = mapped ? QHostAddress(ipv4).toString() : address.toString();
    return port == 0 ? smtp::hostInUrl(host) : smtp::hostPort(host, port);
}

QString peerText(const smtp::SessionFacts &facts)
{
    const QString address = endpointText(facts.peerAddress, facts.peerPort);
    const QString name = shownBytes(facts.peerName).text;
    if (name.isEmpty() && address.isEmpty())
        return facts.role == smtp::SessionRole::Client ? SessionWords::tr("no server reached")
                                                       : SessionWords::tr("an unknown client");
    if (name.isEmpty())
        return address;
    return address.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, address);
}

QString tlsText(const smtp::SessionFacts &facts)
{
    return facts.tls.isEmpty() ? SessionWords::tr("not encrypted") : shownBytes(facts.tls).text;
}

QString handshakeHint(const smtp::SessionFacts &facts)
{
    const bool failed = facts.role == smtp::SessionRole::Server
        && facts.outcome == smtp::SessionOutcome::Broken && facts.ending.startsWith("TLS handshake failed");
    if (!failed)
        return {};
    return SessionWords::tr("TLS with %1 failed: most clients refuse a self-signed certificate. To serve "
                            "them, set TLS to “none” in the listener's preferences.")
        .arg(endpointText(facts.peerAddress, facts.peerPort));
}

QString sessionDuration(const smtp::SessionFacts &facts, const QDateTime &now)
{
    if (facts.startedAt == 0)
        return {};
    const qint64 end = facts.endedAt != 0 ? facts.endedAt : now.toMSecsSinceEpoch() * 1000;
    return durationText(std::max<qint64>(0, end - facts.startedAt));
}

QString sessionLine(const smtp::SessionFacts &facts, const QDateTime &now)
{
    const bool incoming = facts.role == smtp::SessionRole::Server;
    QStringList parts{incoming ? SessionWords::tr("In from %1").arg(peerText(facts))
                               : SessionWords::tr("Out to %1").arg(peerText(facts))};
    if (!facts.peerAddress.isNull())
        parts << tlsText(facts);
    if (!facts.user.isEmpty())
        parts << (facts.isUserUnchecked ? SessionWords::tr("signed in as %1 (not checked)")
                                        : SessionWords::tr("signed in as %1"))
                     .arg(shownBytes(facts.user).text);
    if (facts.messages > 0)
        parts << (facts.messages == 1 ? SessionWords::tr("1 message")
                                      : SessionWords::tr("%Ln messages", nullptr, facts.messages));
    if (facts.octets > 0)
        parts << sizeText(facts.octets);
    if (facts.outcome != smtp::SessionOutcome::Open)
        parts << sessionDuration(facts, now);
    const bool plainEnd = facts.outcome == smtp::SessionOutcome::Completed || facts.ending.isEmpty();
    if (facts.outcome != smtp::SessionOutcome::Open && !plainEnd)
        parts << shownBytes(facts.ending).text;
    return parts.join(QStringLiteral(" · "));
}

} // namespace glasspost::ui
