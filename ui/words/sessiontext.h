#pragma once

#include "smtp/session/transcript.h"
#include "ui/theme/theme.h"

#include <QDateTime>
#include <QString>

namespace glasspost::ui {

/// "in progress", "completed", "completed, 2 refused, 1 deferred" (recipients), "delivered (no QUIT)",
/// "disconnected without mail", "deferred", "refused", "broken off".
QString outcomeText(const smtp::SessionFacts &facts);
Tone outcomeTone(const smtp::SessionFacts &facts);
/// Whether what was asked was put off (4yz), not refused.
bool wasDeferred(const smtp::SessionFacts &facts);
/// The short name of a session, made of its id alone and so the same in every view: "#K3F9X".
QString sessionLabel(const QByteArray &id);
/// "127.0.0.1:53412", "[::1]:25"; a mapped IPv4 address as IPv4; empty when nothing was reached.
QString endpointText(const QHostAddress &address, quint16 port);
/// The other end: its name and address, as far as known.
QString peerText(const smtp::SessionFacts &facts);
/// TLS in words: the version and cipher, or "not encrypted".
QString tlsText(const smtp::SessionFacts &facts);
/// For a session that came to our listener and did not get past TLS: that, and what helps; empty for others.
QString handshakeHint(const smtp::SessionFacts &facts);
/// "0.21 s"; for an open session up to now.
QString sessionDuration(const smtp::SessionFacts &facts, const QDateTime &now);
/// The header line of a session in the transcript: direction, peer, TLS, sign-in, result, duration.
QString sessionLine(const smtp::SessionFacts &facts, const QDateTime &now);

} // namespace glasspost::ui
