#pragma once

#include <QSet>
#include <QSyntaxHighlighter>

#include <optional>

class QPlainTextEdit;

namespace glasspost::ui {

class SpellChecker;

struct WordPlace
{
    int start = 0;
    int length = 0;

    friend bool operator==(const WordPlace &, const WordPlace &) = default;
};

/// The words of a line whose spelling matters: not those of quoted lines, of addresses and links, nor what
/// has digits or capitals alone.
[[nodiscard]] QList<WordPlace> wordsToCheck(const QString &line);

/// Underlines misspelt words in the text of a message. The word one is just writing is left in peace.
class SpellHighlighter : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    /// Both outlive this.
    SpellHighlighter(QPlainTextEdit *edit, SpellChecker *checker);

    /// The misspelt word at a place in the document, if there is one.
    [[nodiscard]] std::optional<QTextCursor> wrongWordAt(int position) const;

protected:
    void highlightBlock(const QString &text) override;

private:
    void takeVerdicts();
    void leaveWord();

    QPlainTextEdit *m_edit;
    SpellChecker *m_checker;
    QSet<int> m_waiting; ///< numbers of blocks with words that have no verdict yet
    int m_writing = -1; ///< the block with the word that is being written
};

} // namespace glasspost::ui
