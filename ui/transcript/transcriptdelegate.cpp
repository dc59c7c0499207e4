#include "ui/transcript/transcriptdelegate.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chip.h"
#include "ui/words/sessiontext.h"

#include <QPainter>
#include <QTextLayout>

#include <cmath>

namespace glasspost::ui {

namespace {

constexpr int arrowSide = 14;
constexpr int wideEnough = 560; ///< narrower panes keep the absolute time alone

Tone toneOf(const TranscriptRow &row)
{
    if (row.code >= 500)
        return Tone::Refused;
    if (row.code >= 400)
        return Tone::Deferred;
    return Tone::Neutral;
}

QColor inkOf(const TranscriptRow &row, const QPalette &palette)
{
    if (row.code >= 400)
        return toneColor(palette, toneOf(row));
    if (row.speaker == smtp::Speaker::Event)
        return mutedText(palette);
    return palette.color(QPalette::Text);
}

int textWidth(const QFontMetrics &metrics, int characters)
{
    return int(std::ceil(QFontMetricsF(metrics).horizontalAdvance(QLatin1Char('0')) * characters));
}

} // namespace

TranscriptDelegate::TranscriptDelegate(const TranscriptModel *model, QObject *parent)
    : QStyledItemDelegate(parent), m_model(model)
{ }

TranscriptDelegate::Places TranscriptDelegate::places(int left, int width, const QFontMetrics &metrics) const
{
    Places at{};
    at.time = left + space::one;
    at.since = at.time + textWidth(metrics, 12) + space::one;
    at.session = width < wideEnough ? at.since : at.since + textWidth(metrics, 8) + space::one;
    const int numberRoom = textWidth(metrics, 7); // of sessionLabel()
    at.mark = m_model->log().sessionCount() > 1 ? at.session + numberRoom + space::half : at.session;
    at.text = at.mark + textWidth(metrics, 1) + space::two + space::half;
    return at;
}

int TranscriptDelegate::columnsFor(int width, const QFont &font) const
{
    const QFontMetrics metrics(font);
    const int room = width - places(0, width, metrics).text - space::two;
    // Room for the fold arrow and the note behind a long line.
    return room / std::max(1, textWidth(metrics, 1)) - 18;
}

QSize TranscriptDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {200, QFontMetrics(option.font).height() + 4};
}

void TranscriptDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    painter->setClipRect(option.rect);
    // The view's own direction, which its painter does not take over: the columns run from left to right.
    painter->setLayoutDirection(Qt::LeftToRight);
    const TranscriptRow row = m_model->row(index.row());
    paintGround(painter, option, row);
    painter->setFont(option.font);
    if (row.kind == TranscriptRow::Kind::Session) {
        paintHeader(painter, option, row, m_model->sessionAt(index.row()).value_or(smtp::SessionFacts()));
        painter->restore();
        return;
    }
    const QRect &whole = option.rect;
    const Places at = places(whole.left(), whole.width(), option.fontMetrics);
    const auto column = [&](int from, int to) { return QRect(from, whole.top(), to - from, whole.height()); };
    painter->setPen(mutedText(option.palette));
    painter->drawText(column(at.time, at.since), Qt::AlignVCenter | Qt::AlignLeft, row.time);
    if (at.session != at.since)
        painter->drawText(
            column(at.since, at.session - space::one), Qt::AlignVCenter | Qt::AlignRight, row.since);
    if (at.mark != at.session)
        painter->drawText(
            column(at.session, at.mark - space::half), Qt::AlignVCenter | Qt::AlignLeft, row.session);
    paintMark(painter, column(at.mark, at.text - space::one), row, option.palette);
    paintText(painter, column(at.text, whole.right() - space::half), row, inkOf(row, option.palette),
        option.palette);
    painter->restore();
}

void TranscriptDelegate::paintGround(
    QPainter *painter, const QStyleOptionViewItem &option, const TranscriptRow &row) const
{
    const QPalette &palette = option.palette;
    if (row.kind == TranscriptRow::Kind::Session)
        painter->fillRect(option.rect, palette.color(QPalette::Window));
    else if (row.speaker == smtp::Speaker::Server)
        painter->fillRect(option.rect, palette.color(QPalette::AlternateBase));
    QColor accent = palette.color(QPalette::Active, QPalette::Highlight);
    const bool isLit = m_lit != 0 && row.exchange == m_lit;
    const bool isSelected = option.state & QStyle::State_Selected;
    if (isLit || isSelected) {
        // A veil, so that the reply's colour and the shade of the speaker stay readable below it.
        accent.setAlphaF(isSelected ? 0.22F : 0.12F);
        painter->fillRect(option.rect, accent);
    }
    if (isLit)
        painter->fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())),
            palette.color(QPalette::Active, QPalette::Highlight));
}

void TranscriptDelegate::paintHeader(QPainter *painter, const QStyleOptionViewItem &option,
    const TranscriptRow &row, const smtp::SessionFacts &facts) const
{
    const QPalette &palette = option.palette;
    painter->fillRect(QRect(option.rect.topLeft(), QSize(option.rect.width(), 1)), hairline(palette));
    QRect rest = option.rect.adjusted(space::one, 0, -space::one, 0);
    const IconName name = facts.role == smtp::SessionRole::Server ? IconName::Incoming : IconName::Outgoing;
    paintIcon(painter, QRect(rest.left(), rest.top() + (rest.height() - arrowSide) / 2, arrowSide, arrowSide),
        name, mutedText(palette));
    rest.setLeft(rest.left() + arrowSide + space::one);

    QFont plain = option.widget ? option.widget->property("bodyFont").value<QFont>() : option.font;
    painter->setFont(plain);
    const QString words = outcomeText(facts);
    const int chipWidth = std::min(chipSize(plain, words).width(), rest.width() / 3);
    const QRect chip(rest.right() - chipWidth, rest.top(), chipWidth, rest.height());
    paintChip(painter, chip, words, chipColors(palette, outcomeTone(facts)), palette);
    rest.setRight(chip.left() - space::one);

    plain.setBold(true);
    painter->setFont(plain);
    painter->setPen(palette.color(QPalette::Text));
    const QString number = row.session;
    painter->drawText(rest, Qt::AlignVCenter | Qt::AlignLeft, number);
    rest.setLeft(rest.left() + QFontMetrics(plain).horizontalAdvance(number) + space::one);
    plain.setBold(false);
    painter->setFont(plain);
    painter->drawText(rest, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
        QFontMetrics(plain).elidedText(row.text.text, Qt::ElideRight, rest.width()));
}

void TranscriptDelegate::paintMark(
    QPainter *painter, const QRect &place, const TranscriptRow &row, const QPalette &palette) const
{
    QColor ink = mutedText(palette);
    QString letter = QStringLiteral("–");
    switch (row.speaker) {
    case smtp::Speaker::Client:
        letter = QStringLiteral("C");
        ink = toneColor(palette, Tone::Transit);
        break;
    case smtp::Speaker::Server:
        letter = QStringLiteral("S");
        ink = row.code >= 400 ? toneColor(palette, toneOf(row)) : palette.color(QPalette::Text);
        break;
    case smtp::Speaker::Event:
        break;
    }
    if (row.kind == TranscriptRow::Kind::Piece)
        letter = QStringLiteral("·");
    QFont bold = painter->font();
    bold.setBold(true);
    const QFont before = painter->font();
    painter->setFont(bold);
    painter->setPen(ink);
    painter->drawText(place, Qt::AlignVCenter | Qt::AlignLeft, letter);
    painter->setFont(before);
}

void TranscriptDelegate::paintText(QPainter *painter, const QRect &place, const TranscriptRow &row,
    const QColor &ink, const QPalette &palette) const
{
    QRect room = place;
    if (row.fold != TranscriptRow::Fold::None) {
        const QRect arrow(room.left(), room.top() + (room.height() - arrowSide) / 2, arrowSide, arrowSide);
        paintIcon(painter, arrow,
            row.fold == TranscriptRow::Fold::Folded ? IconName::ChevronRight : IconName::ChevronDown,
            mutedText(palette));
        room.setLeft(room.left() + arrowSide + space::half);
    }
    if (!row.note.isEmpty()) {
        const QString note = QStringLiteral("… ") + row.note;
        const int width = painter->fontMetrics().horizontalAdvance(note) + space::half;
        painter->setPen(mutedText(palette));
        painter->drawText(room, Qt::AlignVCenter | Qt::AlignRight, note);
        room.setRight(room.right() - width);
    }

    QList<QTextLayout::FormatRange> formats;
    const auto mark = [&](int start, int length, const QColor &color, bool bold) {
        QTextLayout::FormatRange range;
        range.start = start;
        range.length = length;
        range.format.setForeground(color);
        if (bold)
            range.format.setFontWeight(QFont::Bold);
        formats.append(range);
    };
    if (row.codeLength > 0)
        mark(0, row.codeLength, ink, true);
    for (const auto &[start, length] : row.text.escapes)
        mark(start, length, toneColor(palette, Tone::Deferred), false);
    // A line on the wire reads from the left whatever letters are in it.
    QTextOption left(Qt::AlignLeft);
    left.setTextDirection(Qt::LeftToRight);
    left.setWrapMode(QTextOption::NoWrap);
    QTextLayout layout(
        painter->fontMetrics().elidedText(row.text.text, Qt::ElideRight, room.width()), painter->font());
    layout.setTextOption(left);
    layout.setFormats(formats);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    line.setLineWidth(room.width());
    layout.endLayout();
    painter->setPen(ink);
    if (row.isData && row.kind == TranscriptRow::Kind::Line)
        painter->setPen(mutedText(palette));
    layout.draw(painter, QPointF(room.left(), room.top() + (room.height() - line.height()) / 2));
}

} // namespace glasspost::ui
