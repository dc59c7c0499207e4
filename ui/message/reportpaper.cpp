#include "ui/message/reportpaper.h"

#include "ui/message/textprint.h"
#include "ui/theme/theme.h"

#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTextLayout>
#include <QXmlStreamReader>

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

namespace glasspost::ui {

namespace {

constexpr int reportLetters = 12, reportHeading = 15; // CSS pixels
constexpr qreal columnGap = 8, ruleGap = 3;
constexpr qreal leastBelowHeading = 96; // of what a heading is above
constexpr qreal leastOfRow = 160; // a row that is lower is not divided between two sheets
constexpr QColor reportInk(0x1f, 0x23, 0x28), reportMuted(0x57, 0x60, 0x6a), reportRule(0xd0, 0xd7, 0xde);

QFont reportFont(int pixelSize, QFont::Weight weight = QFont::Normal)
{
    QFont font;
    font.setPixelSize(pixelSize);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

/// What XML knows no way to write would end its reading.
QString readableXml(const QByteArray &page)
{
    QString text = QString::fromUtf8(page);
    for (QChar &character : text) {
        const bool isControl = character.unicode() < 0x20 && character != u'\n' && character != u'\t';
        if (isControl || character.unicode() >= 0xfffe)
            character = QChar::ReplacementCharacter;
    }
    return text;
}

QStringList picturesIn(const QString &page)
{
    static const QRegularExpression picture(
        QStringLiteral("<svg .*?</svg>"), QRegularExpression::DotMatchesEverythingOption);
    QStringList pictures;
    QRegularExpressionMatchIterator found = picture.globalMatch(page);
    while (found.hasNext())
        pictures << found.next().captured();
    return pictures;
}

/// With the letters that the page's style gives it, and without what only a pointer shows.
QByteArray pictureOnPaper(QString svg)
{
    static const QRegularExpression titles(QStringLiteral("<title>[^<]*</title>"));
    const QString letters = QStringLiteral("font-family=\"sans-serif\" font-size=\"12\" fill=\"%1\"%2");
    return svg.remove(titles)
        .replace(QLatin1String("class=\"h\""),
            letters.arg(reportInk.name(), QStringLiteral(" font-weight=\"bold\"")))
        .replace(QLatin1String("class=\"l\""), letters.arg(reportInk.name(), QString()))
        .replace(QLatin1String("class=\"r\""), letters.arg(reportMuted.name(), QString()))
        .toUtf8();
}

/// A text that is set in a column.
struct ReportCell
{
    QString text;
    QFont font;
    QColor color = reportInk;
    qreal from = 0;
    qreal width = 0;
};

std::unique_ptr<QTextLayout> setInColumn(const ReportCell &cell)
{
    auto layout = std::make_unique<QTextLayout>(cell.text, cell.font);
    QTextOption option(cell.text.isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout->setTextOption(option);
    layout->beginLayout();
    for (QTextLine line = layout->createLine(); line.isValid(); line = layout->createLine())
        line.setLineWidth(cell.width);
    layout->endLayout();
    return layout;
}

/// What part of the sheet's width each column has.
QList<qreal> columnsFor(qsizetype count)
{
    if (count == 3) // a stage, when it began, and its facts; likewise recipients
        return {0.32, 0.16, 0.52};
    if (count == 2)
        return {0.3, 0.7};
    return QList<qreal>(count, 1 / qreal(std::max<qsizetype>(count, 1)));
}

class ReportPainter
{
public:
    ReportPainter(const QString &page, Sheets &sheets)
        : m_xml(page), m_pictures(picturesIn(page)), m_sheets(sheets)
    { }

    bool paint()
    {
        if (!m_sheets.makeRoom(0))
            return false;
        while (!m_xml.atEnd()) {
            if (m_xml.readNext() == QXmlStreamReader::StartElement && !paintElement())
                return false;
        }
        return !m_xml.hasError();
    }

private:
    /// Of the element that has begun, to its end.
    QString words();
    bool paintElement();
    bool paintHeading(const QString &title);
    bool paintParagraph(const QString &text, const QColor &color);
    bool paintTableRow();
    bool paintPicture(const QByteArray &svg);
    /// Beside each other; high ones a line of all of them after another, so that a sheet may end between two.
    bool paintCells(const QList<ReportCell> &cells);
    void paintRule();

    QXmlStreamReader m_xml;
    QStringList m_pictures; ///< that were not painted yet
    Sheets &m_sheets;
};

QString ReportPainter::words()
{
    QString words;
    while (!m_xml.atEnd() && m_xml.readNext() != QXmlStreamReader::EndElement) {
        if (m_xml.isStartElement()) { // a line ends
            m_xml.skipCurrentElement();
            words += QChar::LineSeparator;
        } else {
            words += m_xml.text();
        }
    }
    return words;
}

bool ReportPainter::paintElement()
{
    const QString name = m_xml.name().toString();
    if (name == u"head" || name == u"h1") { // stands above the sheets
        m_xml.skipCurrentElement();
        return true;
    }
    if (name == u"svg") {
        m_xml.skipCurrentElement();
        return m_pictures.isEmpty() || paintPicture(pictureOnPaper(m_pictures.takeFirst()));
    }
    if (name == u"h2")
        return paintHeading(words());
    if (name == u"p") {
        const bool isRemark = m_xml.attributes().value(QLatin1String("class")) == u"m";
        return paintParagraph(words(), isRemark ? reportMuted : reportInk);
    }
    if (name == u"tr")
        return paintTableRow();
    if (name == u"pre")
        return print(words(), monospaceFont(reportFont(reportLetters)), m_sheets);
    return true; // it is read for what is in it
}

bool ReportPainter::paintHeading(const QString &title)
{
    if (!m_sheets.makeRoom(leastBelowHeading))
        return false;
    m_sheets.moveDown(space::two);
    if (!paintCells({{title, reportFont(reportHeading, QFont::Bold), reportInk, 0, m_sheets.width()}}))
        return false;
    paintRule();
    m_sheets.moveDown(space::half);
    return true;
}

bool ReportPainter::paintParagraph(const QString &text, const QColor &color)
{
    if (!paintCells({{text, reportFont(reportLetters), color, 0, m_sheets.width()}}))
        return false;
    m_sheets.moveDown(space::one);
    return true;
}

bool ReportPainter::paintTableRow()
{
    QStringList texts;
    QFont::Weight weight = QFont::Normal;
    while (m_xml.readNextStartElement()) {
        if (m_xml.name() == u"th")
            weight = QFont::Bold;
        texts << words();
    }
    const QList<qreal> columns = columnsFor(texts.size());
    QList<ReportCell> cells;
    qreal from = 0;
    for (qsizetype i = 0; i < texts.size(); ++i) {
        const qreal width = columns[i] * m_sheets.width();
        cells.append({texts[i], reportFont(reportLetters, weight), reportInk, from, width - columnGap});
        from += width;
    }
    if (!paintCells(cells))
        return false;
    paintRule();
    return true;
}

bool ReportPainter::paintPicture(const QByteArray &svg)
{
    QSvgRenderer renderer(svg);
    const QSizeF box = renderer.viewBoxF().size();
    if (box.isEmpty())
        return true;
    const QRectF place(0, 0, m_sheets.width(), m_sheets.width() * box.height() / box.width());
    if (!m_sheets.makeRoom(place.height()))
        return false;
    renderer.render(&m_sheets.painter(), place);
    m_sheets.moveDown(place.height());
    return true;
}

bool ReportPainter::paintCells(const QList<ReportCell> &cells)
{
    std::vector<std::unique_ptr<QTextLayout>> layouts;
    QList<qreal> heights; // of each line
    for (const ReportCell &cell : cells) {
        layouts.push_back(setInColumn(cell));
        const QTextLayout &layout = *layouts.back();
        heights.resize(std::max<qsizetype>(heights.size(), layout.lineCount()));
        for (int line = 0; line < layout.lineCount(); ++line)
            heights[line] = std::max(heights[line], layout.lineAt(line).height());
    }
    const qreal whole = std::accumulate(heights.begin(), heights.end(), qreal(0));
    const bool isUndivided = whole < leastOfRow;
    if (isUndivided && !m_sheets.makeRoom(whole))
        return false;
    const auto paintLine = [&](size_t cell, int line, qreal top) {
        if (line >= layouts[cell]->lineCount())
            return;
        m_sheets.painter().setPen(cells[qsizetype(cell)].color);
        layouts[cell]->lineAt(line).draw(&m_sheets.painter(), QPointF(cells[qsizetype(cell)].from, top));
    };
    if (isUndivided) { // a cell after another, so that whoever copies the text has it in this order
        for (size_t cell = 0; cell < layouts.size(); ++cell) {
            qreal top = 0;
            for (int line = 0; line < heights.size(); top += heights[line++])
                paintLine(cell, line, top);
        }
        m_sheets.moveDown(whole);
        return true;
    }
    for (int line = 0; line < heights.size(); ++line) {
        if (!m_sheets.makeRoom(heights[line]))
            return false;
        for (size_t cell = 0; cell < layouts.size(); ++cell)
            paintLine(cell, line, 0);
        m_sheets.moveDown(heights[line]);
    }
    return true;
}

/// At the foot of a sheet it may go over its edge by less than it is high, which nobody sees.
void ReportPainter::paintRule()
{
    m_sheets.painter().fillRect(QRectF(0, ruleGap, m_sheets.width(), 1), reportRule);
    m_sheets.moveDown(2 * ruleGap + 1);
}

} // namespace

SheetHead reportHead(const QByteArray &page)
{
    QXmlStreamReader xml(readableXml(page.left(page.indexOf("</head>")))); // the rest may be long
    SheetHead head;
    while (!xml.atEnd() && head.subject.isEmpty()) {
        if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == u"title")
            head.subject = xml.readElementText();
    }
    head.line = head.subject;
    return head;
}

bool paintReport(const QByteArray &page, Sheets &sheets)
{
    return ReportPainter(readableXml(page), sheets).paint();
}

} // namespace glasspost::ui
