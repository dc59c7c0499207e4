#include "mail/queue/attempttranscript.h"

#include "mail/message/reportparts.h"

#include <QDateTime>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostText = 64 * 1024;

bool beginsTransaction(const smtp::TranscriptEntry &entry)
{
    return entry.speaker == smtp::Speaker::Client && !entry.isData
        && entry.bytes.left(10).toUpper() == "MAIL FROM:";
}

QByteArray speakerMark(smtp::Speaker speaker)
{
    switch (speaker) {
    case smtp::Speaker::Client:
        return "C: ";
    case smtp::Speaker::Server:
        return "S: ";
    case smtp::Speaker::Event:
        break;
    }
    return "-  ";
}

QByteArray lineOf(const smtp::TranscriptEntry &entry)
{
    const QByteArray time
        = QDateTime::fromMSecsSinceEpoch(entry.at / 1000).toString(QStringLiteral("HH:mm:ss.zzz")).toLatin1();
    const QByteArray text = entry.isData
        ? '(' + QByteArray::number(entry.dataSize) + " octets of the message)"
        : oneLine(entry.bytes);
    return time + ' ' + speakerMark(entry.speaker) + QString::fromUtf8(text).toUtf8() + '\n';
}

} // namespace

QByteArray attemptText(
    const smtp::SessionFacts &session, const QList<smtp::TranscriptEntry> &entries, qint64 decidedAt)
{
    const auto opening = std::find_if(entries.begin(), entries.end(), beginsTransaction);
    auto from = opening;
    auto to = entries.end();
    for (auto entry = opening; entry != entries.end(); ++entry) {
        if (!beginsTransaction(*entry))
            continue;
        if (entry->at > decidedAt) {
            to = entry;
            break;
        }
        from = entry;
    }
    QByteArray text = "Session " + session.id + " on "
        + QDateTime::fromMSecsSinceEpoch(session.startedAt / 1000).toString(Qt::ISODate).toLatin1() + '\n';
    const auto add = [&text](const smtp::TranscriptEntry &entry) {
        if (text.size() < mostText)
            text += lineOf(entry);
    };
    std::for_each(entries.begin(), opening, add);
    std::for_each(from, to, add);
    return text;
}

} // namespace glasspost::mail
