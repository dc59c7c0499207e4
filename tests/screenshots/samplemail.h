#pragma once

#include <QByteArray>
#include <QList>

/// Realistic mail for the pictures: many scripts, long subjects, attachments, threads, newsletters, what a
/// test suite sends.
struct SampleMail
{
    QByteArray from; ///< addr-spec of the envelope
    QByteArray message; ///< whole, LF line ends
};

/// count messages to alice, the newest first, dated back from now (seconds since the Unix epoch).
QList<SampleMail> sampleMail(int count, qint64 now);
/// A newsletter with a text and an HTML part.
SampleMail sampleNewsletter(qint64 date);
/// A message with three attachments in a discussion.
SampleMail sampleWithAttachments(qint64 date);
/// HTML of so many rows that it is read a page at a time.
SampleMail sampleLong(qint64 date);
/// A plain text message, with a quote, a link and a signature.
SampleMail samplePlain(const char *from, const char *subject, qint64 date);
