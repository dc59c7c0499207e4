#pragma once

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QString>

namespace glasspost::mail {

/// What the listener did with one message; "glasspost listen --json" prints these.
struct ReceptionEvent
{
    enum class Kind {
        Stored,
        Refused,
        Discarded ///< answered with 250 and kept nowhere, as the settings say
    };
    Kind kind = Kind::Stored;
    QByteArray sessionId;
    QByteArray from;
    QList<QByteArray> to;
    qint64 size = 0;
    QString file; ///< Stored: where it stands in its mailbox
    QByteArray reply; ///< Refused: the reply's line
};

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::ReceptionEvent)
