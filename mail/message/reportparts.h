#pragma once

#include <QByteArray>
#include <QList>

namespace glasspost::mail {

/// What reports of every kind are made of (RFC 6522). Text of strangers stands in them: none of it can end a
/// line or begin a field. Lines end in LF.

/// One line that cannot end early: controls are blanks; at most 2000 octets.
QByteArray oneLine(QByteArray text);
/// Words of at most 76 octets a line, each line indented.
QByteArray wrappedText(const QByteArray &text, const QByteArray &indent);
/// A field of a machine-readable part, folded between words.
QByteArray reportField(const QByteArray &name, const QByteArray &value);
bool isAscii(const QByteArray &text);
/// "rfc822; a@b" without its type, "<1@x>" without its brackets.
QByteArray withoutType(const QByteArray &value);
QByteArray bareMessageId(const QByteArray &id);

/// One part of a report, with the type it has when an octet past 7F stands in it (RFC 6533: reports on
/// internationalized mail have types of their own).
struct ReportPart
{
    QByteArray type;
    QByteArray globalType;
    QByteArray content;
    QByteArray description; ///< Content-Description, may be empty
};

/// Where a report goes and what it is called.
struct ReportHead
{
    QByteArray hostName; ///< for From (when it is empty) and Message-ID
    QByteArray from; ///< as it stands in From; empty: the mail system's
    QByteArray to; ///< an address
    QByteArray subject;
    QByteArray type; ///< report-type: "delivery-status", "disposition-notification"
    QByteArray original; ///< the message that it is about: its Message-ID goes into References
};

/// The whole message, multipart/report.
QByteArray makeReport(const ReportHead &head, const QList<ReportPart> &parts);
/// The header of a message with its last line end, at most 64 KiB, whole lines.
QByteArray headerOf(const QByteArray &message);

} // namespace glasspost::mail
