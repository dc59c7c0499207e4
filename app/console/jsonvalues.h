#pragma once

#include "mail/accept/receptionevent.h"
#include "mail/base/error.h"
#include "mail/index/rows.h"
#include "mail/queue/queuevalues.h"
#include "smtp/session/transcript.h"

#include <QJsonObject>

#include <optional>

namespace glasspost::app {

/// The program's values as the JSON objects that --json prints and the control socket carries; field names
/// are part of the command line's contract. Times are ISO 8601, UTC. Octets that are not UTF-8 are in
/// "base64" in place of "text".
/// {"event":"stored"|"refused", ...}, one line without its end; thousands of times a second.
QByteArray toJsonLine(const mail::ReceptionEvent &event);
QJsonObject toJson(const mail::QueueEntry &entry);
QJsonObject toJson(const mail::MessageRow &row);
QJsonObject toJson(const smtp::SessionFacts &session);
QJsonObject toJson(const QByteArray &sessionId, const smtp::TranscriptEntry &entry, qint64 startedAt);
QJsonObject toJson(const smtp::RecipientReport &report);
/// {"error":code,"subject":...,"system":...} and back.
QJsonObject toJson(const mail::Error &error);
mail::Error errorFromJson(const QJsonObject &object);

QJsonObject toJson(const smtp::Envelope &envelope);
smtp::Envelope envelopeFromJson(const QJsonObject &object);

QString stateWord(mail::RecipientState state); ///< "deferred"
/// By that word; nothing for another one.
std::optional<mail::RecipientState> recipientState(const QString &word);
QString isoTime(qint64 microseconds); ///< since the epoch; empty for 0

} // namespace glasspost::app
