#include "ui/compose/spelling/spellhighlighter.h"

#include "ui/compose/spelling/spellchecker.h"
#include "ui/theme/theme.h"

#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTextBlock>
#include <QTextBoundaryFinder>

#include <algorithm>

namespace glasspost::ui {

namespace {

/// Stretches that are no prose: links, addresses, paths.
QList<WordPlace> foreignStretches(const QString &line)
{
    static const QRegularExpression foreign(QStringLiteral(R"(\S*(?:://|@|\\|/)\S*|\bwww\.\S+)"));
    QList<WordPlace> places;
    for (auto match = foreign.globalMatch(line); match.hasNext();) {
        const QRegularExpressionMatch one = match.next();
        places.append({int(one.capturedStart()), int(one.capturedLength())});
    }
    return places;
}

bool isProse(const QString &word)
{
    const bool hasDigit = std::any_of(word.cbegin(), word.cend(), [](QChar c) { return c.isDigit(); });
    const bool hasLetter = std::any_of(word.cbegin(), word.cend(), [](QChar c) { return c.isLetter(); });
    // "SMTP", "camelCase", "snake_case": names, not words.
    const bool isName = word.size() > 1 && std::any_of(word.cbegin() + 1, word.cend(), [](QChar c) {
        return c.isUpper() || c == QLatin1Char('_');
    });
    return hasLetter && !hasDigit && !isName && word.size() > 1;
}

} // namespace

QList<WordPlace> wordsToCheck(const QString &line)
{
    QList<WordPlace> words;
    if (line.startsWith(QLatin1Char('>')))
        return words;
    const QList<WordPlace> foreign = foreignStretches(line);
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, line);
    for (int start = 0; start >= 0 && start < line.size();) {
        const bool begins = finder.boundaryReasons() & QTextBoundaryFinder::StartOfItem;
        const int end = int(finder.toNextBoundary());
        if (end < 0)
            break;
        const bool isForeign = std::any_of(foreign.cbegin(), foreign.cend(), [&](const WordPlace &place) {
            return start >= place.start && start < place.start + place.length;
        });
        if (begins && !isForeign && isProse(line.mid(start, end - start)))
            words.append({start, end - start});
        start = end;
    }
    return words;
}

SpellHighlighter::SpellHighlighter(QPlainTextEdit *edit, SpellChecker *checker)
    : QSyntaxHighlighter(edit->document()), m_edit(edit), m_checker(checker)
{
    connect(checker, &SpellChecker::ready, this, &QSyntaxHighlighter::rehighlight);
    connect(checker, &SpellChecker::checked, this, &SpellHighlighter::takeVerdicts);
    connect(edit, &QPlainTextEdit::cursorPositionChanged, this, &SpellHighlighter::leaveWord);
}

void SpellHighlighter::highlightBlock(const QString &text)
{
    const int number = currentBlock().blockNumber();
    m_waiting.remove(number);
    const QTextCursor cursor = m_edit->textCursor();
    const int at = cursor.block() == currentBlock() && m_edit->hasFocus() ? cursor.positionInBlock() : -1;
    QTextCharFormat wrong;
    wrong.setUnderlineStyle(QTextCharFormat::SpellCheckUnderline);
    wrong.setUnderlineColor(toneColor(m_edit->palette(), Tone::Refused));
    const QList<WordPlace> words = wordsToCheck(text);
    for (const WordPlace &word : words) {
        if (word.start + word.length == at) {
            m_writing = number;
            continue;
        }
        switch (m_checker->verdict(text.mid(word.start, word.length))) {
        case SpellChecker::Verdict::NotYet:
            m_waiting.insert(number);
            break;
        case SpellChecker::Verdict::Wrong:
            setFormat(word.start, word.length, wrong);
            break;
        case SpellChecker::Verdict::Right:
            break;
        }
    }
}

void SpellHighlighter::takeVerdicts()
{
    const QSet<int> waiting = std::exchange(m_waiting, {});
    for (const int number : waiting)
        rehighlightBlock(document()->findBlockByNumber(number));
}

void SpellHighlighter::leaveWord()
{
    if (m_writing < 0)
        return;
    const int number = std::exchange(m_writing, -1);
    // Not from within the change that moved the cursor: the document is not done with it.
    QMetaObject::invokeMethod(
        this,
        [this, number] {
            if (const QTextBlock block = document()->findBlockByNumber(number); block.isValid())
                rehighlightBlock(block);
        },
        Qt::QueuedConnection);
}

std::optional<QTextCursor> SpellHighlighter::wrongWordAt(int position) const
{
    const QTextBlock block = document()->findBlock(position);
    const int at = position - block.position();
    const QList<WordPlace> words = wordsToCheck(block.text());
    for (const WordPlace &word : words) {
        if (at < word.start || at > word.start + word.length
            || m_checker->verdict(block.text().mid(word.start, word.length)) != SpellChecker::Verdict::Wrong)
            continue;
        QTextCursor cursor(block);
        cursor.setPosition(block.position() + word.start);
        cursor.setPosition(block.position() + word.start + word.length, QTextCursor::KeepAnchor);
        return cursor;
    }
    return std::nullopt;
}

} // namespace glasspost::ui
