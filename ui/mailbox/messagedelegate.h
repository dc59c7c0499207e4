#pragma once

#include "mail/index/rows.h"
#include "mail/index/searchhits.h"
#include "ui/mailbox/messagecolumns.h"
#include "ui/mailbox/messagelistmodel.h"

#include <QStyledItemDelegate>

namespace glasspost::ui {

/// Paints the message list: columns when wide, two lines in the first column when narrow. A dot for unread, a
/// mark and the count of a conversation, a clip for attachments, a flag, chips for the state of sent messages
/// and for tags.
class MessageDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    enum class Layout { Columns, TwoLines };

    MessageDelegate(const MessageListModel *model, QObject *parent);

    void setLayout(Layout layout) { m_layout = layout; }
    [[nodiscard]] Layout layout() const { return m_layout; }
    /// Whether a column of their own shows the tags.
    void setTagColumn(bool shown) { m_hasTagColumn = shown; }
    /// What two lines show beside sender and subject.
    void setDetails(RowDetails details) { m_details = details; }
    /// The words in a row of two lines, but those of its chips.
    struct Lines
    {
        QString people;
        QString firstEnd; ///< at the far end of the first line
        QString subject;
        QString text; ///< behind it, as much as there is room for
        QString secondEnd;
    };
    [[nodiscard]] Lines lines(const mail::MessageRow &row) const;
    /// What is highlighted in sender and subject.
    void setHits(const mail::SearchHits &hits) { m_hits = hits; }
    /// Where a row of a conversation is opened and closed: within its first column's cell.
    [[nodiscard]] static QRect foldMark(const QRect &cell, Qt::LayoutDirection direction);
    /// Of every row, in device-independent pixels.
    [[nodiscard]] static int rowHeight(const QFontMetrics &metrics, Layout layout);

    void paint(
        QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    struct Ink;
    void paintGround(QPainter *painter, const QStyleOptionViewItem &option) const;
    void paintColumn(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index,
        const mail::MessageRow &row, const Ink &ink) const;
    void paintTwoLines(QPainter *painter, const QStyleOptionViewItem &option, const mail::MessageRow &row,
        const Ink &ink) const;
    /// Without an end that is empty; the room that is left.
    [[nodiscard]] static QRect paintEnd(QPainter *painter, const QStyleOptionViewItem &option, QRect place,
        const QString &text, const Ink &ink);
    /// Dot of unread and mark of a conversation at the near end, as high as the place; the room that is left.
    [[nodiscard]] QRect paintLead(QPainter *painter, const QStyleOptionViewItem &option, QRect place,
        const mail::MessageRow &row, const Ink &ink) const;
    /// Clip and flag at the far end; the room that is left.
    [[nodiscard]] static QRect paintMarks(QPainter *painter, const QStyleOptionViewItem &option, QRect place,
        const mail::MessageRow &row, const Ink &ink);
    /// State and tags at the far end of it, over no more than half of it; the room that is left.
    QRect paintChips(QPainter *painter, const QStyleOptionViewItem &option, QRect place,
        const mail::MessageRow &row, const Ink &ink) const;
    /// A text that shows these fields, with the hits in it lit.
    void paintLit(QPainter *painter, const QStyleOptionViewItem &option, const QRect &place,
        const QString &text, const QList<mail::SearchField> &fields, const Ink &ink) const;
    /// The subject, and as much of the words behind it as there is room.
    void paintSubject(QPainter *painter, const QStyleOptionViewItem &option, const QRect &place,
        const QString &subject, const QString &words, const Ink &ink) const;
    [[nodiscard]] bool showsTags() const;
    [[nodiscard]] QString peopleText(const mail::MessageRow &row) const;
    static void paintWaiting(QPainter *painter, const QStyleOptionViewItem &option);

    const MessageListModel *m_model;
    Layout m_layout = Layout::Columns;
    bool m_hasTagColumn = false;
    RowDetails m_details;
    mail::SearchHits m_hits;
};

} // namespace glasspost::ui
