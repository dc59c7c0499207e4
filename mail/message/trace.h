#pragma once

#include "smtp/session/transcript.h"
#include "smtp/syntax/envelope.h"

#include <QByteArray>
#include <QDateTime>

namespace glasspost::mail {

/// Trace fields, RFC 5321 4.4; each ends in LF, folded where long.

/// "Received: from <HELO name> ([peer]) by <host> with ESMTPS id <session id> for <recipient>; <date>". The
/// recipient stands in it only when it is the only one.
QByteArray receivedField(const smtp::SessionFacts &session, const QByteArray &hostName, bool esmtp,
    const smtp::Envelope &envelope, const QDateTime &when);
/// The same for what is captured and goes nowhere: with who signed in, and whether that was checked.
QByteArray capturedReceivedField(const smtp::SessionFacts &session, const QByteArray &hostName,
    const smtp::Envelope &envelope, const QDateTime &when);
QByteArray returnPathField(const smtp::Mailbox &reversePath);
QByteArray deliveredToField(const QByteArray &address);
/// "X-Glasspost-Tolerated: MAIL FROM: <a@b> (there is a blank before it)".
QByteArray toleratedField(const QByteArray &tolerated);
/// The parameters of a captured message that nobody acts on here (RFC 3461, RFC 4954 5):
/// "X-Glasspost-Parameters: RCPT TO:<a@b> NOTIFY=NEVER".
QByteArray parametersFields(const smtp::Envelope &envelope);
/// RFC 5322 date-time with the local offset.
QByteArray dateTime(const QDateTime &when);
QByteArray newMessageId(const QByteArray &hostName); ///< without angle brackets

/// Fields that a submitted message lacks and RFC 6409 8 lets us add: Date, Message-ID, and From when there is
/// none.
QByteArray missingFields(
    const QByteArray &message, const smtp::Envelope &envelope, const QByteArray &hostName);

/// How often the message has been here or there: Received fields in the header.
int hopCount(QByteArrayView message);
/// True when a Delivered-To field names this address already: a loop.
bool wasDeliveredTo(QByteArrayView message, const QByteArray &address);

} // namespace glasspost::mail
