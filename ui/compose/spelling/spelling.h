#pragma once

#include <QObject>
#include <QTextCursor>

class QMenu;
class QPlainTextEdit;

namespace glasspost::ui {

class SpellChecker;
class SpellHighlighter;

/// Spelling in a text that is being written: underlines, and in the context menu suggestions, "Add to the
/// dictionary" and the language. Works where a Hunspell dictionary is installed and is silent elsewhere.
class Spelling : public QObject
{
    Q_OBJECT
public:
    /// Owned by the edit. personalWords: see SpellChecker.
    Spelling(QPlainTextEdit *edit, const QString &personalWords);

    [[nodiscard]] SpellChecker &checker() const { return *m_checker; }

private:
    void showMenu(const QPoint &place);
    void popUp(const QPoint &place, const QTextCursor &wrong, const QStringList &suggestions);
    void addWords(QMenu *menu, const QTextCursor &wrong, const QStringList &suggestions);
    void addLanguages(QMenu *menu);

    QPlainTextEdit *m_edit;
    SpellChecker *m_checker;
    SpellHighlighter *m_highlighter;
};

} // namespace glasspost::ui
