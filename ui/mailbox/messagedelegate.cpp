#include "ui/mailbox/messagedelegate.h"

#include "ui/mailbox/messagecells.h"
#include "ui/mailbox/place.h"
#include "ui/theme/icons.h"
#include "ui/widgets/chip.h"
#include "ui/words/format.h"

#include <QDateTime>
#include <QPainter>
#include <QTextLayout>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int dotRoom = 18; ///< leading room of every row for the dot of unread
constexpr int markSide = 14; ///< of the clip, the flag and the mark of a conversation
constexpr int foldRoom = 18; ///< behind the dot, for that mark
constexpr int narrowestChip = 28;
constexpr int leastPreview = 60; ///< less room than this behind a subject shows nothing of the text
const QList<mail::SearchField> subjectFields{mail::SearchField::Subject};
const QList<mail::SearchField> textFields{mail::SearchField::Body};
const QList<mail::SearchField> peopleFields{mail::SearchField::From, mail::SearchField::To};

void paintText(QPainter *painter, const QStyleOptionViewItem &option, const QRect &whole, const QRect &place,
    const QString &text, Qt::Alignment alignment = Qt::AlignLeading)
{
    // The row's own direction rules the place, the text's direction rules the reading within it.
    const QRect visual = QStyle::visualRect(option.direction, whole, place);
    const QString line = QString(text).replace(QLatin1Char('\n'), QLatin1Char(' '));
    painter->setLayoutDirection(Qt::LayoutDirectionAuto);
    painter->drawText(visual,
        int(Qt::AlignVCenter | QStyle::visualAlignment(option.direction, alignment) | Qt::AlignAbsolute)
            | Qt::TextSingleLine,
        painter->fontMetrics().elidedText(line, Qt::ElideRight, place.width()));
}

/// The first words of the text, or what a search found there.
QString wordsBehindSubject(const mail::MessageRow &row)
{
    return row.snippet.isEmpty() ? row.preview : row.snippet;
}

} // namespace

struct MessageDelegate::Ink
{
    QColor text;
    QColor muted;
    QColor accent;
    QFont font;
    bool selected = false;
    bool unread = false;
};

MessageDelegate::MessageDelegate(const MessageListModel *model, QObject *parent)
    : QStyledItemDelegate(parent), m_model(model)
{ }

int MessageDelegate::rowHeight(const QFontMetrics &metrics, Layout layout)
{
    return layout == Layout::Columns ? metrics.height() + space::one + space::half
                                     : 2 * metrics.height() + space::two + space::half;
}

void MessageDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    paintGround(painter, option);
    const std::optional<mail::MessageRow> row = m_model->row(index.row());
    if (!row) {
        paintWaiting(painter, option);
        painter->restore();
        return;
    }
    Ink ink;
    ink.selected = option.state & QStyle::State_Selected;
    // A row is bold as long as anything that it stands for is unread.
    ink.unread = row->conversation.others.isEmpty() ? !row->flags.testFlag(mail::MessageFlag::Seen)
                                                    : row->conversation.unread > 0;
    const QPalette &palette = option.palette;
    ink.text = palette.color(QPalette::Active, ink.selected ? QPalette::HighlightedText : QPalette::Text);
    ink.muted = ink.selected ? ink.text : mutedText(palette);
    ink.accent = ink.selected ? ink.text : toneColor(palette, Tone::Transit);
    ink.font = option.font;
    ink.font.setBold(ink.unread);
    painter->setFont(ink.font);
    if (m_layout == Layout::Columns)
        paintColumn(painter, option, index, *row, ink);
    else
        paintTwoLines(painter, option, *row, ink);
    painter->restore();
}

void MessageDelegate::paintGround(QPainter *painter, const QStyleOptionViewItem &option) const
{
    const QPalette &palette = option.palette;
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, palette.color(QPalette::Active, QPalette::Highlight));
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, hoverFill(palette));
    if (m_layout == Layout::TwoLines && !(option.state & QStyle::State_Selected)) {
        QColor line = hairline(palette);
        line.setAlphaF(0.6F);
        painter->fillRect(
            option.rect.left() + dotRoom, option.rect.bottom(), option.rect.width() - dotRoom, 1, line);
    }
}

void MessageDelegate::paintWaiting(QPainter *painter, const QStyleOptionViewItem &option)
{
    // Its page is on the way: a quiet bar in place of text, so that scrolling does not flash.
    painter->setPen(Qt::NoPen);
    painter->setBrush(hoverFill(option.palette));
    const QRect row = option.rect.adjusted(dotRoom, 0, -space::two, 0);
    painter->drawRoundedRect(QRectF(row.left(), row.center().y() - 4.0, row.width() * 0.7, 8), 4, 4);
}

QRect MessageDelegate::foldMark(const QRect &cell, Qt::LayoutDirection direction)
{
    return QStyle::visualRect(direction, cell, {cell.left() + dotRoom, cell.top(), foldRoom, cell.height()});
}

QRect MessageDelegate::paintLead(QPainter *painter, const QStyleOptionViewItem &option, QRect place,
    const mail::MessageRow &row, const Ink &ink) const
{
    if (ink.unread) {
        const QRect dot(place.left(), place.top(), dotRoom, place.height());
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink.accent);
        painter->drawEllipse(
            QPointF(QStyle::visualRect(option.direction, option.rect, dot).center()) + QPointF(0.5, 0.5), 3.5,
            3.5);
    }
    place.setLeft(place.left() + dotRoom);
    if (!m_model->isGrouped())
        return place;
    const mail::Conversation &conversation = row.conversation;
    if (conversation.messages > 1 && !conversation.isBelow) {
        const IconName closed
            = option.direction == Qt::RightToLeft ? IconName::ChevronLeft : IconName::ChevronRight;
        const QRect mark(place.left() + (foldRoom - markSide) / 2, place.top(), markSide, place.height());
        paintIcon(painter, QStyle::visualRect(option.direction, option.rect, mark),
            conversation.isUnfolded ? IconName::ChevronDown : closed, ink.muted);
    }
    place.setLeft(place.left() + (conversation.isBelow ? 2 * foldRoom : foldRoom));
    return place;
}

QRect MessageDelegate::paintMarks(QPainter *painter, const QStyleOptionViewItem &option, QRect place,
    const mail::MessageRow &row, const Ink &ink)
{
    const auto mark = [&](IconName name, const QColor &color) {
        const QRect side(place.right() - markSide + 1, place.top(), markSide, place.height());
        paintIcon(painter, QStyle::visualRect(option.direction, option.rect, side), name, color);
        place.setRight(side.left() - space::half);
    };
    if (row.hasAttachments)
        mark(IconName::Attachment, ink.muted);
    if (row.flags.testFlag(mail::MessageFlag::Flagged))
        mark(IconName::Flag, ink.selected ? ink.text : toneColor(option.palette, Tone::Deferred));
    return place;
}

QRect MessageDelegate::paintChips(QPainter *painter, const QStyleOptionViewItem &option, QRect place,
    const mail::MessageRow &row, const Ink &ink) const
{
    const int middle = place.left() + place.width() / 2;
    const auto chip = [&](const QString &text, const ChipColors &colors) {
        const int whole = chipSize(option.font, text).width();
        const int width = std::min(whole, place.right() + 1 - middle);
        if (width < std::min(narrowestChip, whole))
            return;
        const QRect side(place.right() - width + 1, place.top(), width, place.height());
        paintChip(painter, QStyle::visualRect(option.direction, option.rect, side), text, colors,
            option.palette, ink.selected);
        place.setRight(side.left() - space::half);
    };
    painter->setFont(option.font);
    if (row.conversation.messages > 1 && !row.conversation.isBelow)
        chip(option.locale.toString(row.conversation.messages), chipColors(option.palette, Tone::Neutral));
    if (const std::optional<StateChip> state = m_model->chip(row))
        chip(state->text, chipColors(option.palette, state->tone));
    for (const QString &tag : showsTags() ? row.tags : QStringList())
        chip(tag, chipColors(option.palette, tag));
    painter->setFont(ink.font);
    return place;
}

void MessageDelegate::paintColumn(QPainter *painter, const QStyleOptionViewItem &option,
    const QModelIndex &index, const mail::MessageRow &row, const Ink &ink) const
{
    QRect cell = option.rect.adjusted(space::half + 2, 0, -space::half - 2, 0);
    const auto column = MessageListModel::Column(index.column());
    if (column == MessageListModel::Who) {
        cell.setLeft(option.rect.left());
        cell = paintLead(painter, option, cell, row, ink);
    }
    if (column == MessageListModel::Subject) {
        cell = paintChips(painter, option, cell, row, ink);
        cell = paintMarks(painter, option, cell, row, ink);
    }
    const bool secondary = column != MessageListModel::Who && column != MessageListModel::Subject
        && column != MessageListModel::Recipient;
    painter->setPen(secondary ? ink.muted : ink.text);
    if (column == MessageListModel::Subject) {
        paintSubject(painter, option, cell, index.data().toString(), wordsBehindSubject(row), ink);
        return;
    }
    if (!secondary) {
        paintLit(painter, option, cell, index.data().toString(), peopleFields, ink);
        return;
    }
    painter->setFont(option.font);
    paintText(painter, option, option.rect, cell, index.data().toString(),
        column == MessageListModel::Size ? Qt::AlignTrailing : Qt::AlignLeading);
}

void MessageDelegate::paintLit(QPainter *painter, const QStyleOptionViewItem &option, const QRect &place,
    const QString &text, const QList<mail::SearchField> &fields, const Ink &ink) const
{
    const QString line = QString(text).replace(u'\n', u' ');
    const QString shown = painter->fontMetrics().elidedText(line, Qt::ElideRight, place.width());
    const QList<mail::TextSpan> hits = m_hits.in(shown, fields);
    if (hits.isEmpty() || ink.selected) {
        paintText(painter, option, option.rect, place, line);
        return;
    }
    QTextLayout layout(shown, painter->font());
    QTextOption reading(QStyle::visualAlignment(option.direction, Qt::AlignLeading) | Qt::AlignAbsolute);
    reading.setWrapMode(QTextOption::NoWrap);
    reading.setTextDirection(shown.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    layout.setTextOption(reading);
    QList<QTextLayout::FormatRange> lit;
    for (const mail::TextSpan &hit : hits) {
        QTextCharFormat format;
        format.setBackground(toneFill(option.palette, Tone::Deferred));
        lit.append({int(hit.begin), int(hit.length), format});
    }
    const QRect visual = QStyle::visualRect(option.direction, option.rect, place);
    layout.beginLayout();
    QTextLine only = layout.createLine();
    only.setLineWidth(visual.width());
    layout.endLayout();
    layout.draw(painter, QPointF(visual.left(), visual.center().y() + 1 - only.height() / 2), lit);
}

bool MessageDelegate::showsTags() const
{
    return m_layout == Layout::TwoLines ? m_details.testFlag(RowDetail::Tags) : !m_hasTagColumn;
}

QString MessageDelegate::peopleText(const mail::MessageRow &row) const
{
    const QString who = whoText(row);
    return m_details.testFlag(RowDetail::Recipient) && !row.to.isEmpty() && row.to != who
        ? tr("%1 to %2", "sender, recipient").arg(who, row.to)
        : who;
}

MessageDelegate::Lines MessageDelegate::lines(const mail::MessageRow &row) const
{
    const QDateTime now = QDateTime::currentDateTime();
    QStringList ends; // one date at most in the first line, all else in the second
    if (m_details.testFlag(RowDetail::Date))
        ends += relativeTime(m_model->dateOf(row), now);
    if (m_details.testFlag(RowDetail::OtherDate))
        ends += relativeTime(m_model->otherDateOf(row), now);
    const QString firstEnd = ends.isEmpty() ? QString() : ends.takeFirst();
    if (m_details.testFlag(RowDetail::Size))
        ends += sizeText(row.size);
    return {peopleText(row), firstEnd, cellText(row, MessageListModel::Subject),
        m_details.testFlag(RowDetail::Text) ? wordsBehindSubject(row) : QString(),
        ends.join(QStringLiteral(" \u00b7 "))};
}

QRect MessageDelegate::paintEnd(
    QPainter *painter, const QStyleOptionViewItem &option, QRect place, const QString &text, const Ink &ink)
{
    if (text.isEmpty())
        return place;
    const int width = std::min(option.fontMetrics.horizontalAdvance(text) + 2, place.width() / 2);
    painter->setFont(option.font);
    painter->setPen(ink.muted);
    paintText(painter, option, option.rect, {place.right() - width + 1, place.top(), width, place.height()},
        text, Qt::AlignTrailing);
    place.setRight(place.right() - width - space::one);
    return place;
}

void MessageDelegate::paintTwoLines(
    QPainter *painter, const QStyleOptionViewItem &option, const mail::MessageRow &row, const Ink &ink) const
{
    const QRect whole = option.rect;
    const int height = option.fontMetrics.height();
    const int top = whole.top() + (whole.height() - 2 * height - space::half) / 2;
    const QRect first
        = paintLead(painter, option, {whole.left(), top, whole.width() - space::one, height}, row, ink);
    const QRect second = first.translated(0, height + space::half);
    const Lines lines = this->lines(row);
    const QRect people = paintEnd(painter, option, first, lines.firstEnd, ink);
    painter->setFont(ink.font);
    painter->setPen(ink.text);
    paintLit(painter, option, people, lines.people, peopleFields, ink);

    QRect rest = paintEnd(painter, option, second, lines.secondEnd, ink);
    rest.setRight(paintChips(painter, option, rest.adjusted(0, -2, 0, 2), row, ink).right());
    rest = paintMarks(painter, option, rest, row, ink);
    painter->setFont(ink.font);
    painter->setPen(ink.unread ? ink.text : ink.muted);
    paintSubject(painter, option, rest, lines.subject, lines.text, ink);
}

void MessageDelegate::paintSubject(QPainter *painter, const QStyleOptionViewItem &option, const QRect &place,
    const QString &subject, const QString &words, const Ink &ink) const
{
    QRect first = place, rest = place;
    first.setWidth(painter->fontMetrics().horizontalAdvance(QString(subject).replace(u'\n', u' ')) + 1);
    rest.setLeft(first.right() + 1 + space::one);
    if (words.isEmpty() || rest.width() < leastPreview) {
        paintLit(painter, option, place, subject, subjectFields, ink);
        return;
    }
    paintLit(painter, option, first, subject, subjectFields, ink);
    painter->setFont(option.font);
    painter->setPen(ink.muted);
    paintLit(painter, option, rest, words, textFields, ink);
}

} // namespace glasspost::ui
