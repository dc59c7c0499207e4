#include "ui/message/html/layout/visualorder.h"

#include <QGlyphRun>
#include <QTextLayout>

#include <algorithm>
#include <numeric>

namespace glasspost::ui {

namespace {

constexpr qsizetype longestLine = 2000; // characters; a line that is longer stays as it is
constexpr int widestGap = 2; // pixels between words of one line, which are rounded

struct Line
{
    QList<qsizetype> items;
    QString text;
};

bool isRightToLeft(QChar c)
{
    return c.direction() == QChar::DirR || c.direction() == QChar::DirAL;
}

/// The left end of a part of a line.
qreal leftOf(const QTextLine &line, int from, int length)
{
    qreal left = largestPage;
    const QList<QGlyphRun> runs = line.glyphRuns(from, length);
    for (const QGlyphRun &run : runs)
        for (const QPointF &glyph : run.positions())
            left = qMin(left, glyph.x());
    return left;
}

/// The letter by which a piece has its place among the others: marks at its ends may be read the other way.
int letterOf(const QString &piece)
{
    const auto isLetter = [](QChar c) { return c.direction() == QChar::DirL || isRightToLeft(c); };
    const auto letter = std::find_if(piece.cbegin(), piece.cend(), isLetter);
    return letter == piece.cend() ? -1 : int(letter - piece.cbegin());
}

/// Where each of the line's pieces is when the whole is laid out as one.
QList<qreal> readingPlaces(const Page &page, const Line &line)
{
    QTextLayout layout(line.text);
    QList<QTextLayout::FormatRange> fonts;
    int at = 0;
    for (const qsizetype item : line.items) {
        const auto &text = std::get<PageText>(page.items.at(item).content);
        QTextCharFormat format;
        format.setFont(page.fonts.at(text.font).font());
        fonts.append({at, int(text.text.size()), format});
        at += int(text.text.size());
    }
    layout.setFormats(fonts);
    QTextOption option(Qt::AlignLeft);
    option.setTextDirection(line.text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    option.setWrapMode(QTextOption::NoWrap);
    layout.setTextOption(option);
    layout.beginLayout();
    QTextLine laid = layout.createLine();
    laid.setLineWidth(largestPage);
    layout.endLayout();
    QList<qreal> places;
    at = 0;
    for (const qsizetype item : line.items) {
        const QString &text = std::get<PageText>(page.items.at(item).content).text;
        const int letter = letterOf(text);
        places.append(letter < 0 ? leftOf(laid, at, int(text.size())) : leftOf(laid, at + letter, 1));
        at += int(text.size());
    }
    return places;
}

using Moves = QHash<QPoint, QPoint>; ///< from where a word was to where it is

void order(Page &page, const Line &line, Moves &moves)
{
    if (line.items.size() < 2 || line.text.size() > longestLine
        || std::none_of(line.text.cbegin(), line.text.cend(), isRightToLeft))
        return;
    const QList<qreal> places = readingPlaces(page, line);
    QList<qsizetype> sequence(line.items.size());
    std::iota(sequence.begin(), sequence.end(), 0);
    std::stable_sort(sequence.begin(), sequence.end(),
        [&places](qsizetype a, qsizetype b) { return places.at(a) < places.at(b); });
    int x = page.items.at(line.items.constFirst()).place.left();
    for (const qsizetype piece : sequence) {
        QRect &place = page.items[line.items.at(piece)].place;
        moves.insert(place.topLeft(), QPoint(x, place.top()));
        place.moveLeft(x);
        x += place.width();
    }
}

/// Whether the place goes on where the line's last one ends.
bool goesOn(const QRect &last, const QRect &place)
{
    return place.top() < last.bottom() && last.top() < place.bottom()
        && qAbs(place.left() - (last.left() + last.width())) <= widestGap;
}

} // namespace

void orderVisually(Page &page)
{
    Line line;
    Moves moves;
    QRect last;
    for (qsizetype i = 0; i < page.items.size(); ++i) {
        PageItem &item = page.items[i];
        auto *text = std::get_if<PageText>(&item.content);
        if (text == nullptr)
            continue;
        text->continues = !line.items.isEmpty() && goesOn(last, item.place);
        if (!text->continues) {
            order(page, line, moves);
            line = Line();
        }
        line.items.append(i);
        line.text += text->text;
        last = item.place;
    }
    order(page, line, moves);
    for (PageLink &link : page.links)
        for (QRect &place : link.places)
            place.moveTopLeft(moves.value(place.topLeft(), place.topLeft()));
}

} // namespace glasspost::ui
