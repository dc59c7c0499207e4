#pragma once

#include "mail/maildir/messageid.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace glasspost::mail {

struct DraftAttachment
{
    QString path; ///< the file to read when the message is made
    QString name; ///< as the recipient will see it
    QString contentType; ///< empty: found from the content

    friend bool operator==(const DraftAttachment &, const DraftAttachment &) = default;
};

/// A message being written, as the composer holds it. Address fields are what the person typed, RFC 5322
/// lists.
struct Draft
{
    QByteArray id; ///< of this composer, for autosave; made by newDraftId()
    QString from, to, cc, bcc, subject, text;
    QString html; ///< empty: plain text alone
    QList<DraftAttachment> attachments;
    QByteArray inReplyTo; ///< Message-ID without angle brackets
    QList<QByteArray> references;
    MessageId origin; ///< the message answered or forwarded: gets Replied or Passed
    bool asksForMdn = false; ///< readers are asked to say that they saw it (RFC 8098 2.1)

    friend bool operator==(const Draft &, const Draft &) = default;
};
QByteArray newDraftId();

/// A draft that was saved: its message in Drafts, and its attachments as copies that only the program
/// changes.
struct SavedDraft
{
    MessageId id;
    QList<DraftAttachment> attachments;
};

/// A composer that is open, as it is kept against a crash.
struct KeptComposer
{
    Draft draft;
    MessageId savedAs; ///< its version in Drafts, null when it has none

    friend bool operator==(const KeptComposer &, const KeptComposer &) = default;
};

enum class DraftField { From, To, Cc, Bcc, Subject, Text, Attachments };

/// One thing that keeps a draft from leaving, or that the person should know.
struct DraftProblem
{
    enum class Kind {
        NoRecipient,
        NoFrom,
        BadAddress,
        NoSuchLocalUser,
        FileUnreadable,
        EmptySubject,
        AttachmentForgotten
    };
    Kind kind = Kind::BadAddress;
    DraftField field = DraftField::To;
    QString excerpt; ///< the very text at fault
    bool isWarning = false; ///< may be sent all the same

    friend bool operator==(const DraftProblem &, const DraftProblem &) = default;
};

} // namespace glasspost::mail
