#pragma once

#include "mail/message/messagereader.h"

#include <QByteArray>
#include <QByteArrayView>

#include <utility>

namespace glasspost::mail {

/// The id in the topmost Received field: the session that brought the message. Empty when there is none.
QByteArray sessionIdOf(QByteArrayView source);
/// Who the envelope named, as the fields on top of the message tell (Return-Path, Delivered-To): recipients
/// that no field of the sender's names are found by a search, and a message without From has a sender.
void addEnvelope(IndexFields &fields, const QByteArray &source);
/// Octets with every LF counted as CRLF.
qint64 wireSize(QByteArrayView source);
/// CRLF made LF; what has none comes back shared.
QByteArray withLf(const QByteArray &source);

/// CRLF made LF over the borders of chunks: a CR at the end waits for what follows it.
class LineEnds
{
public:
    QByteArray toLf(const QByteArray &octets)
    {
        QByteArray result = m_waiting ? '\r' + octets : octets;
        m_waiting = result.endsWith('\r');
        if (m_waiting)
            result.chop(1);
        return withLf(result);
    }
    QByteArray rest() { return std::exchange(m_waiting, false) ? QByteArrayLiteral("\r") : QByteArray(); }

private:
    bool m_waiting = false;
};

} // namespace glasspost::mail
