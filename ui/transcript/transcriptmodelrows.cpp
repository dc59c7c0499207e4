#include "ui/transcript/transcriptmodel.h"
#include "ui/words/format.h"
#include "ui/words/replymeanings.h"
#include "ui/words/sessiontext.h"

#include <QDateTime>

#include <algorithm>

// What a row of the transcript's model shows, and what is copied and saved of it.

namespace glasspost::ui {

namespace {

constexpr int mostPieces = 5000; ///< rows that one unfolded message may take

int lineCount(const QByteArray &content)
{
    const bool isOpen = !content.isEmpty() && !content.endsWith('\n');
    return int(content.count('\n')) + (isOpen ? 1 : 0);
}

} // namespace

const QList<qsizetype> &TranscriptModel::rowsOf(qint64 serial) const
{
    if (m_contentOf != serial)
        m_contentRows = contentRows(m_log.line(serial).entry.bytes, m_view);
    m_contentOf = serial;
    return m_contentRows;
}

int TranscriptModel::piecesOf(qint64 serial) const
{
    if (!m_unfolded.contains(serial))
        return 1;
    const TranscriptLine &line = m_log.line(serial);
    if (line.entry.isData)
        return 1 + int(std::min<qsizetype>(mostPieces, rowsOf(serial).size() - 1));
    const int length = int(line.entry.bytes.size()), columns = lineColumns(m_columns, m_view);
    return std::clamp((length + columns - 1) / columns, 1, mostPieces);
}

ShownBytes TranscriptModel::pieceOf(const Ref &ref) const
{
    const TranscriptLine &line = m_log.line(ref.serial);
    if (line.entry.isData)
        return contentRow(line.entry.bytes, rowsOf(ref.serial), ref.piece - 1, m_view);
    return lineRow(line.entry.bytes, ref.piece, m_columns, m_view);
}

void TranscriptModel::toggleFold(int row)
{
    if (row < 0 || row >= int(m_rows.size()) || this->row(row).fold == TranscriptRow::Fold::None)
        return;
    const qint64 serial = m_rows[size_t(row)].serial;
    const int first = row - m_rows[size_t(row)].piece;
    if (m_unfolded.contains(serial)) {
        const int more = piecesOf(serial) - 1;
        m_unfolded.remove(serial);
        if (more > 0) {
            beginRemoveRows({}, first + 1, first + more);
            m_rows.erase(m_rows.begin() + first + 1, m_rows.begin() + first + 1 + more);
            endRemoveRows();
        }
    } else {
        m_unfolded.insert(serial);
        const int more = piecesOf(serial) - 1;
        if (more > 0) {
            std::deque<Ref> pieces;
            for (int piece = 1; piece <= more; ++piece)
                pieces.push_back({serial, piece});
            beginInsertRows({}, first + 1, first + more);
            m_rows.insert(m_rows.begin() + first + 1, pieces.begin(), pieces.end());
            endInsertRows();
        }
    }
    Q_EMIT dataChanged(index(first), index(first));
}

TranscriptRow TranscriptModel::row(int row) const
{
    const Ref ref = m_rows[size_t(row)];
    const TranscriptLine &line = m_log.line(ref.serial);
    TranscriptRow shown;
    shown.session = sessionLabel(m_log.session(line.session).facts.id);
    if (ref.piece == headerPiece) {
        shown.kind = TranscriptRow::Kind::Session;
        shown.text.text = sessionLine(m_log.session(line.session).facts, QDateTime::currentDateTime());
        return shown;
    }
    shown.speaker = line.entry.speaker;
    shown.exchange = line.exchange;
    shown.code = line.code;
    shown.isData = line.entry.isData;
    if (ref.piece > 0) {
        shown.kind = TranscriptRow::Kind::Piece;
        shown.text = pieceOf(ref);
        return shown;
    }
    showLine(ref, shown);
    return shown;
}

void TranscriptModel::showLine(const Ref &ref, TranscriptRow &shown) const
{
    const TranscriptLine &line = m_log.line(ref.serial);
    const smtp::TranscriptEntry &entry = line.entry;
    const bool isUnfolded = m_unfolded.contains(ref.serial);
    shown.time = clockText(entry.at);
    shown.since = sinceText(line.sincePrevious);
    if (entry.isData) {
        if (entry.bytes.size() >= entry.dataSize) {
            const int lines = lineCount(entry.bytes);
            shown.text.text
                = (lines == 1 ? tr("message, %1, 1 line") : tr("message, %1, %Ln lines", nullptr, lines))
                      .arg(sizeText(entry.dataSize));
        } else {
            shown.text.text = tr("message, %1, the first %2 kept here")
                                  .arg(sizeText(entry.dataSize), sizeText(entry.bytes.size()));
        }
        shown.fold = entry.bytes.isEmpty() ? TranscriptRow::Fold::None
            : isUnfolded                   ? TranscriptRow::Fold::Unfolded
                                           : TranscriptRow::Fold::Folded;
        return;
    }
    if (entry.speaker == smtp::Speaker::Server && m_view != OctetView::Hex) {
        if (const auto head = parseReplyHead(entry.bytes))
            shown.codeLength = head->length;
    }
    shown.text = pieceOf(ref);
    if (entry.bytes.size() > lineColumns(m_columns, m_view)) {
        shown.fold = isUnfolded ? TranscriptRow::Fold::Unfolded : TranscriptRow::Fold::Folded;
        shown.note = tr("%Ln octets", nullptr, int(entry.bytes.size()));
    }
}

void TranscriptModel::save(
    const Ref &ref, bool hasContent, QHash<int, int> &places, SavedTranscript &saved) const
{
    const TranscriptLine &line = m_log.line(ref.serial);
    auto place = places.constFind(line.session);
    if (place == places.cend()) {
        place = places.insert(line.session, int(saved.sessions.size()));
        saved.sessions.append(m_log.session(line.session).facts);
    }
    if (ref.piece == headerPiece)
        saved.lines.append({*place, true, false, {}, 0});
    else
        saved.lines.append({*place, false, hasContent, line.entry, line.sincePrevious});
}

SavedTranscript TranscriptModel::saved() const
{
    SavedTranscript saved;
    QHash<int, int> places;
    saved.lines.reserve(qsizetype(m_rows.size()));
    for (const Ref &ref : m_rows) {
        if (ref.piece <= 0)
            save(ref, true, places, saved);
    }
    return saved;
}

SavedTranscript TranscriptModel::saved(const QList<int> &rows) const
{
    SavedTranscript saved;
    QHash<int, int> places;
    qint64 last = -1;
    for (const int row : rows) {
        const Ref &ref = m_rows[size_t(row)];
        if (ref.piece != headerPiece && ref.serial == last)
            continue; // a piece of a line that was written whole
        save(ref, m_unfolded.contains(ref.serial), places, saved);
        last = ref.piece == headerPiece ? -1 : ref.serial;
    }
    return saved;
}

} // namespace glasspost::ui
