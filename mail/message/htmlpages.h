#pragma once

#include "mail/message/htmltokens.h"

#include <QString>
#include <QStringList>

namespace glasspost::mail {

/// Cleaned HTML in pages, each of which is laid out in some tenths of a second: what takes long is reckoned
/// (the cells of tables, list items, characters), and a page ends before it is too much. What is open there
/// is closed, and opened again on the next page, where a list is counted on. Linear in the size of its input.
class HtmlPages
{
public:
    explicit HtmlPages(const QString &html);

    [[nodiscard]] bool atEnd() const { return m_ahead.kind == HtmlToken::Kind::End; }
    /// The next page; empty at the end.
    QString next();

private:
    struct Table
    {
        int rows = 0, columns = 0, columnsOfRow = 0;
    };
    struct Element
    {
        QString name;
        QString tag; ///< as it was opened
        int nextItem = 1; ///< of an ol
    };

    [[nodiscard]] qint64 cost(const HtmlToken &token) const;
    void take(QString &page);
    void note(const HtmlToken &token);
    void countItem(const HtmlToken &item);
    void split();
    [[nodiscard]] QString tagToContinue(qsizetype open) const;

    QString m_html;
    HtmlTokens m_tokens;
    HtmlToken m_ahead;
    QList<Element> m_open;
    QList<Table> m_tables;
};

} // namespace glasspost::mail
