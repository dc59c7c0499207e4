#pragma once

// What is on paper: the text of PDF files, for tests of what is printed.

#include <QtPdf/QPdfDocument>
#include <QtPdf/QPdfSelection>

#include <QStringList>

namespace glasspost::test {

/// Without blanks and breaks: the reader of PDF files finds some within words.
inline QString unbroken(QString text)
{
    const auto isBlank = [](QChar one) { return one.isSpace(); };
    text.removeIf(isBlank);
    return text;
}

/// Whether the words are on the sheet.
inline bool says(const QString &sheet, const QString &words)
{
    return unbroken(sheet).contains(unbroken(words));
}

/// The text of each sheet, its lines in their order; empty where it is no PDF.
inline QStringList sheetsOf(const QString &path)
{
    QPdfDocument document;
    QStringList sheets;
    if (document.load(path) != QPdfDocument::Error::None)
        return sheets;
    for (int sheet = 0; sheet < document.pageCount(); ++sheet)
        sheets.append(document.getAllText(sheet).text());
    return sheets;
}

} // namespace glasspost::test
