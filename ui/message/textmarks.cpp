#include "ui/message/textmarks.h"

#include "mail/message/textforms.h"
#include "ui/theme/theme.h"

#include <QRegularExpression>
#include <QTextBlock>
#include <QTextDocument>
#include <QUrl>

namespace glasspost::ui {

namespace {

constexpr int blocksAtOnce = 200; // of one turn of the event loop

// A block's state: whether it is after the signature's mark or the header's end, and how deep it is quoted.
constexpr int afterMark = 1;
constexpr int oneDeeper = 2;
constexpr int deepest = 1000;
constexpr int mostBoundaries = 1000;

QColor quoteColor(const QPalette &palette, int depth)
{
    static constexpr Tone tones[] = {Tone::Transit, Tone::Accepted, Tone::Deferred};
    return depth > 3 ? mutedText(palette) : toneColor(palette, tones[depth - 1]);
}

/// In a line of a header; empty where there is none.
QString boundaryNamedIn(const QString &text)
{
    static const QRegularExpression expression(
        QStringLiteral("\\bboundary\\s*=\\s*(?:\"([^\"]+)\"|([^\\s;\"]+))"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = expression.match(text);
    return match.captured(1) + match.captured(2);
}

} // namespace

int markedDepth(const QTextBlock &block)
{
    return qMax(0, block.userState()) / oneDeeper;
}

QList<mail::TextSpan> textHits(const mail::SearchHits &hits, const QString &text)
{
    return hits.in(text, {mail::SearchField::Body});
}

bool isSignatureMark(const QString &line)
{
    return line == QLatin1String("-- ");
}

const QRegularExpression &linksInText()
{
    static const QRegularExpression expression(
        QStringLiteral("\\b(?:https?://|mailto:|www\\.(?=[\\w-]+\\.))[^\\s<>\"'\u201d\u2019]*"
                       "[^\\s<>\"'\u201d\u2019.,;:!?)\\]]"
                       "|(?<![\\w.%+-])[\\w.%+-]{1,64}+@(?:[\\w-]{1,63}\\.)+[a-z]{2,}\\b"),
        QRegularExpression::CaseInsensitiveOption);
    return expression;
}

QUrl linkTarget(const QString &link)
{
    const QString scheme = link.startsWith(QLatin1String("www."), Qt::CaseInsensitive)
        ? QStringLiteral("http://")
        : link.contains(u':') ? QString()
                              : QStringLiteral("mailto:");
    return QUrl(scheme + link, QUrl::TolerantMode);
}

TextMarks::TextMarks(TextView::Look look, const QSet<int> &continued, QTextDocument *document)
    : QSyntaxHighlighter(document), m_look(look), m_continued(continued)
{
    m_turn.setSingleShot(true);
    m_turn.setInterval(0);
    connect(&m_turn, &QTimer::timeout, this, &TextMarks::markOn);
}

void TextMarks::setPalette(const QPalette &palette)
{
    m_palette = palette;
    rehighlight();
}

void TextMarks::setHits(const mail::SearchHits &hits)
{
    if (hits == m_hits)
        return;
    m_hits = hits;
    m_next = 0;
    markOn();
}

/// The next blocks with the hits of now: a text may be long.
void TextMarks::markOn()
{
    QTextBlock block = document()->findBlockByNumber(m_next);
    for (int i = 0; i < blocksAtOnce && block.isValid(); ++i, ++m_next) {
        rehighlightBlock(block);
        block = block.next();
    }
    if (block.isValid())
        m_turn.start();
}

void TextMarks::highlightBlock(const QString &text)
{
    if (m_look == TextView::Look::Source)
        markSource(text);
    else
        markProse(text);
}

void TextMarks::markProse(const QString &text)
{
    const int before = qMax(0, previousBlockState());
    const bool goesOn = m_continued.contains(currentBlock().blockNumber());
    const int depth = goesOn ? before / oneDeeper : qMin(mail::quoteDepth(text), deepest);
    const bool isSignature = (before & afterMark) != 0 || (!goesOn && isSignatureMark(text));
    setCurrentBlockState(depth * oneDeeper + (isSignature ? afterMark : 0));
    if (depth > 0)
        setFormat(0, int(text.size()), quoteColor(m_palette, depth));
    else if (isSignature)
        setFormat(0, int(text.size()), mutedText(m_palette));
    for (auto match = linksInText().globalMatch(text); match.hasNext();) {
        const QRegularExpressionMatch link = match.next();
        QTextCharFormat format;
        format.setForeground(toneColor(m_palette, Tone::Transit));
        format.setFontUnderline(true);
        setFormat(int(link.capturedStart()), int(link.capturedLength()), format);
    }
    for (const mail::TextSpan &hit : textHits(m_hits, text))
        light(hit);
}

/// The letters keep the colors that they have.
void TextMarks::light(const mail::TextSpan &hit)
{
    for (qsizetype at = hit.begin; at < hit.begin + hit.length; ++at) {
        QTextCharFormat lit = format(int(at));
        lit.setBackground(toneFill(m_palette, Tone::Deferred));
        setFormat(int(at), 1, lit);
    }
}

/// A header ends at the first empty line; after that comes content, until a boundary begins another part.
void TextMarks::markSource(const QString &text)
{
    if (currentBlock().blockNumber() == 0)
        m_boundaries.clear();
    if (markBoundary(text))
        return;
    const bool isContent = (qMax(0, previousBlockState()) & afterMark) != 0 || text.isEmpty();
    setCurrentBlockState(isContent ? afterMark : 0);
    if (isContent)
        return;
    const QString boundary = boundaryNamedIn(text);
    if (!boundary.isEmpty() && m_boundaries.size() < mostBoundaries)
        m_boundaries.insert(boundary);
    const int colon = int(text.indexOf(QLatin1Char(':')));
    if (colon > 0 && !text.at(0).isSpace())
        setFormat(0, colon + 1, toneColor(m_palette, Tone::Transit));
}

/// RFC 2046 5.1.1. Whether it is one of those that a header before it named.
bool TextMarks::markBoundary(const QString &text)
{
    if (!text.startsWith(QLatin1String("--")))
        return false;
    QString boundary = text.mid(2);
    while (boundary.endsWith(u' ') || boundary.endsWith(u'\t'))
        boundary.chop(1);
    const bool isLast = boundary.endsWith(QLatin1String("--")) && !m_boundaries.contains(boundary);
    if (isLast)
        boundary.chop(2);
    if (!m_boundaries.contains(boundary))
        return false;
    setCurrentBlockState(isLast ? afterMark : 0);
    setFormat(0, int(text.size()), toneColor(m_palette, Tone::Accepted));
    return true;
}

} // namespace glasspost::ui
