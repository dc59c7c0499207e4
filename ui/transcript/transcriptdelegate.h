#pragma once

#include "ui/transcript/transcriptmodel.h"

#include <QStyledItemDelegate>

namespace glasspost::ui {

/// Paints a row of the transcript: time, time since the line before, session number when there are several,
/// gutter mark, text in monospace. The columns' widths come from the font.
class TranscriptDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    TranscriptDelegate(const TranscriptModel *model, QObject *parent);

    /// The exchange that is highlighted; 0 for none.
    void setLit(int exchange) { m_lit = exchange; }
    void paint(
        QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// How many characters of text a row of that width has room for.
    [[nodiscard]] int columnsFor(int width, const QFont &font) const;

private:
    struct Places
    {
        int time, since, session, mark, text; ///< left edges
    };
    [[nodiscard]] Places places(int left, int width, const QFontMetrics &metrics) const;
    void paintGround(QPainter *painter, const QStyleOptionViewItem &option, const TranscriptRow &row) const;
    void paintHeader(QPainter *painter, const QStyleOptionViewItem &option, const TranscriptRow &row,
        const smtp::SessionFacts &facts) const;
    void paintMark(
        QPainter *painter, const QRect &place, const TranscriptRow &row, const QPalette &palette) const;
    void paintText(QPainter *painter, const QRect &place, const TranscriptRow &row, const QColor &ink,
        const QPalette &palette) const;

    const TranscriptModel *m_model;
    int m_lit = 0;
};

} // namespace glasspost::ui
