#include "ui/compare/comparisondelegate.h"

#include "ui/compare/comparisonmodel.h"
#include "ui/theme/theme.h"
#include "ui/words/comparisontext.h"

#include <QPainter>
#include <QStyle>
#include <QTextLayout>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int comparedBars = 56; // pixels
constexpr int comparedBar = 4; // the height of one
constexpr int leastComparedBar = 2;
constexpr int edgeWidth = 3;
constexpr float groundShare = 0.45F;
constexpr float veilShare = 0.22F;

using mail::ComparisonRow;

bool isMissing(const ComparisonRow &row, int column)
{
    return (column == ComparisonModel::Left && !row.left.isThere)
        || (column == ComparisonModel::Right && !row.right.isThere);
}

/// What was on the wire reads from the left whatever letters are in it.
bool isOfPeers(const ComparisonRow &row, int column)
{
    return row.kind != ComparisonRow::Kind::Session
        && (column == ComparisonModel::Left || column == ComparisonModel::Right);
}

LitText lineIn(const ComparisonModel &model, const ComparisonRow &row, const QModelIndex &index)
{
    LitText line;
    if (index.column() == ComparisonModel::Left)
        line = comparedText(row, Side::Left);
    else if (index.column() == ComparisonModel::Right)
        line = comparedText(row, Side::Right);
    else if (index.column() == ComparisonModel::Title && !row.differences.isEmpty())
        line = {QStringLiteral("≠ ") + comparisonTitle(row), {{0, 1}}};
    else
        line.text = model.data(index, Qt::DisplayRole).toString();
    return line;
}

} // namespace

ComparisonDelegate::ComparisonDelegate(const ComparisonModel *model, QObject *parent)
    : QStyledItemDelegate(parent), m_model(model)
{ }

int ComparisonDelegate::barsWidth()
{
    return comparedBars + space::one;
}

QSize ComparisonDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {comparedBars, option.fontMetrics.height() + space::one};
}

void ComparisonDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ComparisonRow &row = m_model->row(index.row());
    painter->save();
    painter->setClipRect(option.rect);
    paintGround(painter, option, row, index.column());
    QRect place = option.rect.adjusted(space::one, 0, -space::half, 0);
    if (option.direction == Qt::RightToLeft)
        place = option.rect.adjusted(space::half, 0, -space::one, 0);
    if (index.column() == ComparisonModel::Times && row.kind == ComparisonRow::Kind::Stage) {
        paintBars(painter, option, place, row);
        const QRect rest(
            place.left() + barsWidth(), place.top(), place.width() - barsWidth(), place.height());
        place = QStyle::visualRect(option.direction, place, rest);
    }
    paintLine(painter, option, place, row, index);
    painter->restore();
}

void ComparisonDelegate::paintGround(
    QPainter *painter, const QStyleOptionViewItem &option, const ComparisonRow &row, int column) const
{
    const QPalette &palette = option.palette;
    if (row.kind == ComparisonRow::Kind::Session)
        painter->fillRect(option.rect, palette.color(QPalette::Window));
    if (!row.differences.isEmpty()) {
        QColor ground = toneFill(palette, Tone::Deferred);
        ground.setAlphaF(groundShare);
        painter->fillRect(option.rect, ground);
    }
    if (option.state & QStyle::State_Selected) {
        QColor veil = palette.color(QPalette::Active, QPalette::Highlight);
        veil.setAlphaF(veilShare);
        painter->fillRect(option.rect, veil);
    }
    if (!row.differences.isEmpty() && column == ComparisonModel::Title) {
        const QRect edge(option.rect.topLeft(), QSize(edgeWidth, option.rect.height()));
        painter->fillRect(
            QStyle::visualRect(option.direction, option.rect, edge), toneColor(palette, Tone::Deferred));
    }
}

void ComparisonDelegate::paintBars(
    QPainter *painter, const QStyleOptionViewItem &option, const QRect &place, const ComparisonRow &row) const
{
    const int middle = place.top() + place.height() / 2;
    const auto bar = [&](const mail::ComparedCell &cell, int top, Tone tone) {
        if (!cell.isThere)
            return;
        const double share = double(cell.took()) / double(m_model->longest());
        const QRect one(
            place.left(), top, std::max(leastComparedBar, int(share * comparedBars)), comparedBar);
        painter->fillRect(QStyle::visualRect(option.direction, place, one), toneColor(option.palette, tone));
    };
    bar(row.left, middle - comparedBar - 1, Tone::Neutral);
    bar(row.right, middle + 1, Tone::Transit);
}

void ComparisonDelegate::paintLine(QPainter *painter, const QStyleOptionViewItem &option, const QRect &place,
    const ComparisonRow &row, const QModelIndex &index) const
{
    const LitText line = lineIn(*m_model, row, index);
    QFont font = option.font;
    font.setBold(row.kind == ComparisonRow::Kind::Session);
    font.setItalic(isMissing(row, index.column()));
    QList<QTextLayout::FormatRange> formats;
    for (const auto &[start, length] : line.lit) {
        QTextLayout::FormatRange range;
        range.start = start;
        range.length = length;
        range.format.setFontWeight(QFont::Bold);
        range.format.setFontUnderline(index.column() != ComparisonModel::Title);
        range.format.setForeground(toneColor(option.palette, Tone::Deferred));
        formats.append(range);
    }
    QTextOption how(QStyle::visualAlignment(option.direction, Qt::AlignLeft));
    how.setTextDirection(isOfPeers(row, index.column()) ? Qt::LeftToRight : option.direction);
    how.setWrapMode(QTextOption::NoWrap);
    QTextLayout layout(
        QFontMetrics(font).elidedText(line.text, Qt::ElideRight, std::max(0, place.width())), font);
    layout.setTextOption(how);
    layout.setFormats(formats);
    layout.beginLayout();
    QTextLine laid = layout.createLine();
    laid.setLineWidth(place.width());
    layout.endLayout();
    const bool isMuted = isMissing(row, index.column()) || index.column() >= ComparisonModel::Times;
    painter->setPen(isMuted ? mutedText(option.palette) : option.palette.color(QPalette::Text));
    layout.draw(painter, QPointF(place.left(), place.top() + (place.height() - laid.height()) / 2));
}

} // namespace glasspost::ui
