#pragma once

#include "app/control/controlserver.h"
#include "mail/system/mailsystem.h"
#include "ui/message/repeatcommand.h"

#include <QJsonObject>

namespace glasspost::app {

/// How a message came and left. It is named by its id, by its queue entry or by a session of it.
QJsonObject journeyRequest(
    const QByteArray &name); ///< {"message": {...}, "arrival": {...}, "journeys": [...]}
/// What went through the queue, newest first (docs/JOURNEY.md): {"journeys": [...], "next": id}
QJsonObject journeysRequest(const mail::JourneyFilter &filter);
/// Of a session, or of all those of a message: {"sessions": [...], "entries": [...]}
QJsonObject transcriptRequest(const QByteArray &name);

/// The page that tells of it, to be kept or sent on: {"text": "<!DOCTYPE html>..."}
QJsonObject journeyReportRequest(const QByteArray &name, bool showsAddresses, bool showsHeader);
/// What has a program say it again, a line for each delivery: {"text": "swaks --server ..."}, or why it
/// cannot: {"text": "", "whyNot": "..."}
QJsonObject repeatRequest(const QByteArray &name, ui::RepeatWith program);
/// Deletes the records of a message or a queue entry: {"deleted": ["ENTRY", ...]}
QJsonObject journeyDeletionRequest(const QByteArray &name);
/// What differs between two deliveries or sessions: {"differences": 2, "rows": [...], ...}
QJsonObject comparisonRequest(const QByteArray &left, const QByteArray &right);

void answerJourney(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerJourneys(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerTranscript(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerJourneyReport(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerRepeat(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerJourneyDeletion(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerComparison(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);

} // namespace glasspost::app
