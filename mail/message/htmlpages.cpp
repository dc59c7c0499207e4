#include "mail/message/htmlpages.h"

#include <QRegularExpression>

#include <algorithm>

namespace glasspost::mail {

namespace {

// Microseconds as measured with litehtml, rounded up.
constexpr qint64 mostOfPage = 1000000;
constexpr qint64 ofCharacter = 12;
constexpr qint64 ofElement = 50;
constexpr qint64 ofLineEnd = 100;
constexpr qint64 ofCell = 400; // it is laid out for its least and its greatest width, and as wide as it is
constexpr qint64 ofNestedCell = 1000; // again for each width that the tables around it try, or what it spans
constexpr qint64 ofListItem = 400;
constexpr qint64 ofPicture = 500;
constexpr qsizetype longestToken = 4000; // characters of one token, which is cut where it is longer
constexpr qsizetype longestRun = 1000; // breaking one word into lines costs the square of its length
constexpr qsizetype mostMarks = 64; // upon one letter, which costs the same
constexpr qsizetype longestTag = 400; // of what is opened again on the next page with its attributes

int number(const HtmlToken &token, QStringView attribute)
{
    return qBound(1, token.attribute(attribute).toInt(), 50);
}

bool isCell(const QString &name)
{
    return name == QLatin1String("td") || name == QLatin1String("th");
}

/// With a place to break in words that have none.
QString breakable(QStringView text)
{
    QString result;
    qsizetype run = 0, marks = 0;
    for (const QChar c : text) {
        run = c.isSpace() ? 0 : run + 1;
        marks = c.isMark() ? marks + 1 : 0;
        if ((run > longestRun && !c.isLowSurrogate()) || marks > mostMarks) {
            result += QChar(0x200B);
            run = 1;
            marks = 0;
        }
        result += c;
    }
    return result;
}

} // namespace

HtmlPages::HtmlPages(const QString &html) : m_html(html), m_tokens(m_html), m_ahead(m_tokens.next())
{
    split();
}

/// A text that is too long for a page is handed out in pieces.
void HtmlPages::split()
{
    if (m_ahead.kind != HtmlToken::Kind::Text || m_ahead.text.size() <= longestToken)
        return;
    qsizetype end = m_ahead.text.first(longestToken).lastIndexOf(u' ');
    if (end < longestToken / 2)
        end = longestToken;
    // Neither a reference nor a pair of surrogates is cut in two.
    const qsizetype reference = m_ahead.text.first(end).lastIndexOf(u'&');
    if (reference > 0 && end - reference < 16)
        end = reference;
    else if (m_ahead.text[end - 1].isHighSurrogate())
        --end;
    m_tokens.goBack(m_ahead.text.size() - end);
    m_ahead.text = m_ahead.text.first(end);
}

/// What the token adds to the page. A table's cost is that of its whole grid, empty cells too.
qint64 HtmlPages::cost(const HtmlToken &token) const
{
    if (token.kind == HtmlToken::Kind::Close)
        return 0;
    if (token.kind == HtmlToken::Kind::Text)
        return token.text.size() * ofCharacter;
    const qint64 tag = (token.name == QLatin1String("br") ? ofLineEnd : ofElement) + token.text.size() / 4;
    if (token.name == QLatin1String("li"))
        return tag + ofListItem;
    if (token.name == QLatin1String("img"))
        return tag + ofPicture;
    if (m_tables.isEmpty())
        return tag;
    const Table &table = m_tables.constLast();
    const qint64 ofPlace = m_tables.size() > 1 ? ofNestedCell : ofCell;
    if (token.name == QLatin1String("tr"))
        return tag + ofPlace * qMax(table.columns, 1);
    if (!isCell(token.name))
        return tag;
    const int width = number(token, u"colspan"), height = number(token, u"rowspan");
    const qint64 columns = qMax(table.columns, table.columnsOfRow + width);
    const qint64 rows = qMax(table.rows, 1) + height - 1;
    const qint64 spanned = width * height > 1 ? width * height : 0;
    return tag + ofPlace * (columns * rows - qint64(table.columns) * table.rows)
        + (ofNestedCell - ofPlace) * spanned;
}

void HtmlPages::note(const HtmlToken &token)
{
    if (token.kind == HtmlToken::Kind::Close) {
        if (!m_open.isEmpty() && m_open.constLast().name == token.name)
            m_open.removeLast();
        if (token.name == QLatin1String("table") && !m_tables.isEmpty())
            m_tables.removeLast();
        return;
    }
    if (token.kind != HtmlToken::Kind::Open || token.isVoid())
        return;
    if (token.name == QLatin1String("li"))
        countItem(token);
    const bool isShort = token.text.size() <= longestTag;
    const QString start = token.attribute(u"start");
    m_open.append({token.name, isShort ? token.text.toString() : u'<' + token.name + u'>',
        start.isEmpty() ? 1 : start.toInt()});
    if (token.name == QLatin1String("table"))
        m_tables.append(Table());
    if (m_tables.isEmpty())
        return;
    Table &table = m_tables.last();
    if (token.name == QLatin1String("tr")) {
        ++table.rows;
        table.columnsOfRow = 0;
    } else if (isCell(token.name)) {
        table.columnsOfRow += number(token, u"colspan");
        table.columns = qMax(table.columns, table.columnsOfRow);
        table.rows = qMax(table.rows, 1) + number(token, u"rowspan") - 1;
    }
}

/// HTML 4.4.5 and 4.4.8: an item has the number that it names, or the one after the last.
void HtmlPages::countItem(const HtmlToken &item)
{
    const auto list = std::find_if(m_open.rbegin(), m_open.rend(), [](const Element &element) {
        return element.name == QLatin1String("ol") || element.name == QLatin1String("ul");
    });
    if (list == m_open.rend())
        return;
    const QString value = item.attribute(u"value");
    list->nextItem = (value.isEmpty() ? list->nextItem : value.toInt()) + 1;
}

/// A list begins with the item that it was left in, or with the next one.
QString HtmlPages::tagToContinue(qsizetype open) const
{
    const Element &element = m_open.at(open);
    if (element.name != QLatin1String("ol"))
        return element.tag;
    static const QRegularExpression startAttribute(QStringLiteral(" start=\"[^\"]*\""));
    const bool isInItem = open + 1 < m_open.size() && m_open.at(open + 1).name == QLatin1String("li");
    const int number = element.nextItem - (isInItem ? 1 : 0);
    const QString rest = QString(element.tag).remove(startAttribute).sliced(3);
    return QStringLiteral("<ol start=\"%1\"").arg(number) + rest;
}

void HtmlPages::take(QString &page)
{
    if (m_ahead.kind == HtmlToken::Kind::Text)
        page += breakable(m_ahead.text);
    else
        page += m_ahead.text;
    note(m_ahead);
    m_ahead = m_tokens.next();
    split();
}

QString HtmlPages::next()
{
    QString page;
    qint64 spent = 0;
    // On a new page a table begins anew, with the row and the cell that it was left in.
    const qsizetype tables = m_tables.size();
    m_tables = QList<Table>(tables, Table{1, 1, 1});
    for (qsizetype open = 0; open < m_open.size(); ++open) {
        const QString tag = tagToContinue(open);
        page += tag;
        spent += ofElement + tag.size() / 4;
    }
    spent += ofNestedCell * tables;
    bool isBegun = false;
    while (!atEnd() && (!isBegun || spent + cost(m_ahead) <= mostOfPage)) {
        isBegun = isBegun || m_ahead.kind != HtmlToken::Kind::Close;
        spent += cost(m_ahead);
        take(page);
    }
    for (auto element = m_open.crbegin(); element != m_open.crend(); ++element)
        page += QLatin1String("</") + element->name + u'>';
    return page;
}

} // namespace glasspost::mail
