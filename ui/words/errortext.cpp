#include "ui/words/errortext.h"

#include "ui/words/addresstext.h"

#include <QCoreApplication>

namespace glasspost::ui {

namespace {

struct ErrorWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::ErrorWords)
};

QString subjectOf(const mail::Error &error)
{
    return error.subject.isEmpty() ? ErrorWords::tr("The data folder") : error.subject;
}

QString withSystemText(const QString &sentence, const mail::Error &error)
{
    if (error.systemText.isEmpty() || sentence.contains(error.systemText))
        return sentence;
    return ErrorWords::tr("%1 (The system says: %2.)").arg(sentence, error.systemText);
}

} // namespace

QString errorText(const mail::Error &error)
{
    const QString subject = subjectOf(error);
    switch (error.code) {
    case mail::ErrorCode::NotFound:
        return ErrorWords::tr("%1 was not found. It may have been moved or removed.").arg(subject);
    case mail::ErrorCode::NoMailbox:
        return ErrorWords::tr("There is no mailbox named %1.").arg(subject);
    case mail::ErrorCode::StillQueued:
        return ErrorWords::tr("%1 still waits in the queue. Wait until it has left, or remove it from there.")
            .arg(subject);
    case mail::ErrorCode::NotPermitted:
        return withSystemText(
            ErrorWords::tr("You do not have permission to use %1. Change its permissions or choose another.")
                .arg(subject),
            error);
    case mail::ErrorCode::NoSpace:
        return ErrorWords::tr(
            "The disk or quota is full: %1 could not be written. Free some space and try again.")
            .arg(subject);
    case mail::ErrorCode::InUse:
        return ErrorWords::tr("%1 is in use by another program. Close that program, or choose another one.")
            .arg(subject);
    case mail::ErrorCode::Damaged:
        return withSystemText(
            ErrorWords::tr("%1 is damaged: its contents are not valid.").arg(subject), error);
    case mail::ErrorCode::NotAMessage:
        if (!error.systemText.isEmpty())
            return withSystemText(subject.isEmpty()
                    ? ErrorWords::tr("The message cannot be accepted as it is.")
                    : ErrorWords::tr("%1 cannot be accepted as it is.").arg(subject),
                error);
        return ErrorWords::tr("%1 is not a mail message: it does not start with a header.").arg(subject);
    case mail::ErrorCode::BadAddress:
        return notAnAddressText(subject);
    case mail::ErrorCode::BadSettings:
        return withSystemText(
            ErrorWords::tr("The setting %1 is invalid. Correct it in settings.ini.").arg(subject), error);
    case mail::ErrorCode::ReportNotSent:
        return ErrorWords::tr(
            "A report to %1 could not be sent. The postmaster's Inbox has it, with the reason.")
            .arg(subject);
    case mail::ErrorCode::IndexIncomplete:
        return withSystemText(
            ErrorWords::tr("The index of the mail is incomplete: %1 cannot be used now, so messages would be "
                           "missing. It is being rebuilt automatically; try again later.")
                .arg(subject),
            error);
    case mail::ErrorCode::InputOutput:
        break;
    }
    return withSystemText(ErrorWords::tr("%1 could not be read or written.").arg(subject), error);
}

} // namespace glasspost::ui
