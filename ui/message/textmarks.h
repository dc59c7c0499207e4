#pragma once

#include "mail/index/searchhits.h"
#include "ui/message/textview.h"

#include <QPalette>
#include <QSet>
#include <QSyntaxHighlighter>
#include <QTimer>

class QRegularExpression;

namespace glasspost::ui {

/// Prose: quoted lines in a color for each depth, the signature, links. Source: names of header fields, of
/// the message and of its parts, and the boundaries between these.
class TextMarks : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    /// continued: numbers of the blocks that go on with the line before; outlives the marks.
    TextMarks(TextView::Look look, const QSet<int> &continued, QTextDocument *document);

    void setPalette(const QPalette &palette);
    /// What is highlighted in prose.
    void setHits(const mail::SearchHits &hits);
    [[nodiscard]] const mail::SearchHits &hits() const { return m_hits; }

protected:
    void highlightBlock(const QString &text) override;

private:
    void markProse(const QString &text);
    void markSource(const QString &text);
    bool markBoundary(const QString &text);
    void light(const mail::TextSpan &hit);
    void markOn();

    TextView::Look m_look;
    const QSet<int> &m_continued;
    QPalette m_palette;
    QSet<QString> m_boundaries; ///< that headers of the source named
    mail::SearchHits m_hits;
    int m_next = 0; ///< the block that gets the hits next
    QTimer m_turn;
};

/// The places in a line of a message's text.
[[nodiscard]] QList<mail::TextSpan> textHits(const mail::SearchHits &hits, const QString &text);
/// How deep a line is quoted, as it was marked; 0 before that.
[[nodiscard]] int markedDepth(const QTextBlock &block);
/// RFC 3676 4.3: the line above a signature.
[[nodiscard]] bool isSignatureMark(const QString &line);
/// What can be clicked in plain text: addresses of pages, "www." alone too, and of people.
[[nodiscard]] const QRegularExpression &linksInText();
/// What one of them leads to.
[[nodiscard]] QUrl linkTarget(const QString &link);

} // namespace glasspost::ui
