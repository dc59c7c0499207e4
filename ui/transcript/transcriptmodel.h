#pragma once

#include "ui/transcript/transcriptlog.h"
#include "ui/words/shownbytes.h"

#include <QAbstractListModel>

#include <optional>

namespace glasspost::ui {

/// One row of the pane, ready to paint.
struct TranscriptRow
{
    enum class Kind {
        Session, ///< the header line of a session
        Line, ///< a line, or the first piece of a long one that is unfolded
        Piece ///< more of a long line or of a message
    };
    enum class Fold { None, Folded, Unfolded };
    Kind kind = Kind::Line;
    smtp::Speaker speaker = smtp::Speaker::Event;
    QString time; ///< "10:02:11.204"
    QString since; ///< "+0.005", seconds since the line before
    QString session; ///< its label
    int exchange = 0;
    int code = 0;
    int codeLength = 0; ///< characters of text that are code and status code
    ShownBytes text;
    QString note; ///< of a folded one: its length, in words
    Fold fold = Fold::None;
    bool isData = false;
};

/// The rows of the transcript pane over a log: each session opens with a header row, long lines and messages
/// are folded until asked for, filters leave rows out. All rows are of one height. Text is made for the rows
/// that are asked for alone. GUI thread.
class TranscriptModel : public QAbstractListModel
{
    Q_OBJECT
public:
    struct Filter
    {
        bool errorsOnly = false;
        QString words; ///< without case; a line that has it is shown
        friend bool operator==(const Filter &, const Filter &) = default;
    };

    explicit TranscriptModel(QObject *parent = nullptr);

    /// Facts and entries that came, in order. Returns how many rows came.
    int take(const QList<smtp::SessionFacts> &sessions,
        const QList<std::pair<QByteArray, smtp::TranscriptEntry>> &entries);
    void clear();
    void setFilter(const Filter &filter);
    [[nodiscard]] const Filter &filter() const { return m_filter; }
    /// Longer lines are folded. Past 40 at least.
    void setWrapColumns(int columns);
    void toggleFold(int row);

    [[nodiscard]] const TranscriptLog &log() const { return m_log; }
    [[nodiscard]] TranscriptRow row(int row) const;
    [[nodiscard]] int exchangeAt(int row) const; ///< 0 for none
    [[nodiscard]] std::optional<smtp::SessionFacts> sessionAt(int row) const;
    /// When that was said: microseconds since the Unix epoch, 0 where there is no such row.
    [[nodiscard]] qint64 timeAt(int row) const;
    /// The first row at or after that time of the session, its header row for at == 0; -1 when not there.
    [[nodiscard]] int rowOf(const QByteArray &sessionId, qint64 at) const;
    /// Rows that were dropped at the front since the start: a view keeps its place with it.
    [[nodiscard]] qint64 droppedRows() const { return m_droppedRows; }
    /// For copy and save: the rows given, or all; folded ones whole. One line each, ended by LF.
    [[nodiscard]] QString plainText(const QList<int> &rows) const;
    [[nodiscard]] QString plainText() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Ref
    {
        qint64 serial = 0;
        int piece = 0; ///< -1: the header of the line's session
    };
    [[nodiscard]] bool shows(const TranscriptLine &line) const;
    [[nodiscard]] int piecesOf(qint64 serial) const;
    [[nodiscard]] QByteArray pieceOf(const TranscriptLine &line, int piece) const;
    void collect(qint64 from, std::deque<Ref> &rows);
    void rebuild();
    void trim();
    [[nodiscard]] QString tip(const TranscriptLine &line) const;
    [[nodiscard]] QString plainRow(const Ref &ref, bool whole) const;

    TranscriptLog m_log;
    std::deque<Ref> m_rows;
    Filter m_filter;
    QSet<qint64> m_unfolded;
    QSet<int> m_headed; ///< sessions with a header row
    int m_lastSession = 0; ///< of the last row, for headers of filtered views
    int m_columns = 120;
    qint64 m_droppedRows = 0;
};

} // namespace glasspost::ui
