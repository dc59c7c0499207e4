#include "ui/message/waterfallsvg.h"

#include "ui/words/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr qsizetype mostSvgRows = 1000;
constexpr qsizetype svgRowsOnSheet = 40;
constexpr int svgWidth = 1000;
constexpr int svgLabels = 220; // of the width
constexpr int svgChart = 460; // the rest is for the results
constexpr int svgRow = 18;
constexpr int svgBar = 10;
constexpr int svgGap = 6;
constexpr double leastSvgBar = 2;
constexpr qsizetype mostSvgCharacters = 40; // of a result beside the chart
constexpr qsizetype mostSvgHeading = 140; // of a heading's, which has the chart's place as well
constexpr qsizetype mostSvgLabel = 32;

struct SvgWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Waterfall)
};

QString svgColorOf(Tone tone)
{
    switch (tone) {
    case Tone::Neutral:
        break;
    case Tone::Accepted:
        return QStringLiteral("#1a7f37");
    case Tone::Deferred:
        return QStringLiteral("#9a6700");
    case Tone::Refused:
        return QStringLiteral("#cf222e");
    case Tone::Transit:
        return QStringLiteral("#0969da");
    }
    return QStringLiteral("#57606a");
}

QString shortText(const QString &text, qsizetype most)
{
    return (text.size() > most ? text.left(most - 1) + u'…' : text).toHtmlEscaped();
}

QString textAt(int x, int y, const QString &text, const char *kind)
{
    return QStringLiteral("<text x=\"%1\" y=\"%2\" class=\"%3\">").arg(x).arg(y).arg(QLatin1String(kind))
        + text + QStringLiteral("</text>");
}

double svgPlace(const FoldedAxis &axis, qint64 place)
{
    return svgLabels + double(place) / double(axis.length()) * svgChart;
}

QString svgBarOf(const FoldedAxis &axis, const WaterfallRow &row, int top, const TextMask &mask)
{
    const double from = svgPlace(axis, axis.place(row.from));
    const double width = std::max(leastSvgBar, svgPlace(axis, axis.place(row.to)) - from);
    const QString color = svgColorOf(row.tone);
    return QStringLiteral("<rect x=\"%1\" y=\"%2\" width=\"%3\" height=\"%4\" stroke=\"%5\" fill=\"%6\" "
                          "fill-opacity=\"%7\"><title>")
               .arg(from, 0, 'f', 2)
               .arg(top + (svgRow - svgBar) / 2)
               .arg(width, 0, 'f', 2)
               .arg(svgBar)
               .arg(color, color, QString::number(fillOf(row.spent)))
        + mask(factsOf(row).join(u'\n')).toHtmlEscaped() + QStringLiteral("</title></rect>");
}

QString foldsOf(const FoldedAxis &axis, int height)
{
    QString bands;
    for (const FoldedAxis::Fold &fold : axis.folds()) {
        const double from = svgPlace(axis, fold.at);
        bands += QStringLiteral("<rect x=\"%1\" y=\"0\" width=\"%2\" height=\"%3\" fill=\"#d0d7de\"><title>")
                     .arg(from, 0, 'f', 2)
                     .arg(svgPlace(axis, fold.at + fold.width) - from, 0, 'f', 2)
                     .arg(height)
            + durationText(fold.length).toHtmlEscaped() + QStringLiteral("</title></rect>");
    }
    return bands;
}

QString svgRowOf(const FoldedAxis &axis, const WaterfallRow &row, int top, const TextMask &mask)
{
    const bool isHeading = row.kind == WaterfallRow::Kind::Attempt;
    const int base = top + svgRow - svgGap;
    QString svg = textAt(
        isHeading ? 0 : svgGap, base, shortText(mask(row.label), mostSvgLabel), isHeading ? "h" : "l");
    if (!isHeading)
        svg += svgBarOf(axis, row, top, mask);
    return svg
        + textAt(isHeading ? svgLabels : svgLabels + svgChart + svgGap, base,
            shortText(mask(resultOf(row)), isHeading ? mostSvgHeading : mostSvgCharacters), "r");
}

QString svgOf(int height, const QString &content)
{
    return QStringLiteral("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1 %2\" width=\"100%\" "
                          "role=\"img\">")
               .arg(svgWidth)
               .arg(height)
        + content + QStringLiteral("</svg>\n");
}

} // namespace

QString waterfallSvg(const QList<WaterfallRow> &rows, const TextMask &mask)
{
    const TextMask shownAs = mask ? mask : [](const QString &text) { return text; };
    const QList<WaterfallRow> shown = rows.mid(0, mostSvgRows);
    const FoldedAxis axis(shown);
    QString svg;
    for (qsizetype first = 0; first < shown.size(); first += svgRowsOnSheet) {
        const QList<WaterfallRow> sheet = shown.mid(first, svgRowsOnSheet);
        const int height = svgRow * int(sheet.size());
        QString content = foldsOf(axis, height);
        for (qsizetype i = 0; i < sheet.size(); ++i)
            content += svgRowOf(axis, sheet[i], svgRow * int(i), shownAs);
        svg += svgOf(height, content);
    }
    if (shown.size() < rows.size())
        svg += svgOf(svgRow,
            textAt(0, svgRow - svgGap,
                SvgWords::tr("%Ln further row(s) left out", nullptr, int(rows.size() - shown.size()))
                    .toHtmlEscaped(),
                "r"));
    return svg;
}

} // namespace glasspost::ui
