#pragma once

#include "smtp/client/deliveryreport.h"
#include "smtp/session/transcript.h"

#include <QByteArray>
#include <QJsonObject>

namespace glasspost::app {

/// Lines for people, out of the objects of jsonvalues.h or the values themselves. Times are local; nothing in
/// them can control a terminal.
QByteArray rowLine(const QJsonObject &row);
QByteArray messageLines(const QJsonObject &message); ///< header, text, codes, links, attachments, session
QByteArray checkLines(const QJsonObject &checks); ///< what "glasspost check" found, a line each, and the sums
QByteArray sessionLine(const QJsonObject &session);
QByteArray transcriptLine(
    const QJsonObject &entry); ///< data: its lines, indented, and how many were left out
/// What "glasspost journey" answers: the message, how it came, and each entry with all that happened.
QByteArray journeyLines(const QJsonObject &answer);
QByteArray queueLine(const QJsonObject &entry); ///< several lines: the entry, then each recipient

QByteArray transcriptLine(const smtp::TranscriptEntry &entry, qint64 startedAt);
/// "bob@example.org: delivered, 250 2.0.0 Ok, mx1.example.org [192.0.2.1]:25"
QByteArray reportLine(const smtp::RecipientReport &report);

} // namespace glasspost::app
