#include "ui/compose/spelling/spelling.h"

#include "ui/compose/spelling/spellchecker.h"
#include "ui/compose/spelling/spellhighlighter.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QLocale>
#include <QMenu>
#include <QPlainTextEdit>

namespace glasspost::ui {

namespace {

QString languageTitle(const QString &code)
{
    const QLocale locale(code);
    const QString name = locale.nativeLanguageName();
    if (locale.language() == QLocale::C || name.isEmpty())
        return code;
    return QStringLiteral("%1 (%2)").arg(name, code);
}

} // namespace

Spelling::Spelling(QPlainTextEdit *edit, const QString &personalWords)
    : QObject(edit), m_edit(edit), m_checker(new SpellChecker(personalWords, dictionaryFolders, this)),
      m_highlighter(new SpellHighlighter(edit, m_checker))
{
    edit->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(edit, &QWidget::customContextMenuRequested, this, &Spelling::showMenu);
    // A system without a language of its own (LANG=C) writes as the program speaks.
    const QString locale = QLocale::system().name();
    m_checker->start(locale == QLatin1String("C") ? QStringLiteral("en_US") : locale);
}

void Spelling::showMenu(const QPoint &place)
{
    const QTextCursor here = m_edit->cursorForPosition(place);
    const std::optional<QTextCursor> wrong = m_highlighter->wrongWordAt(here.position());
    if (!wrong) {
        popUp(place, {}, {});
        return;
    }
    m_checker->suggest(wrong->selectedText())
        .andThen(
            this, [this, place, wrong = *wrong](const QStringList &words) { popUp(place, wrong, words); });
}

void Spelling::popUp(const QPoint &place, const QTextCursor &wrong, const QStringList &suggestions)
{
    QMenu *menu = m_edit->createStandardContextMenu(place);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (wrong.hasSelection())
        addWords(menu, wrong, suggestions);
    if (!m_checker->languages().isEmpty())
        addLanguages(menu);
    menu->popup(m_edit->viewport()->mapToGlobal(place));
}

void Spelling::addWords(QMenu *menu, const QTextCursor &wrong, const QStringList &suggestions)
{
    QAction *first = menu->actions().value(0);
    for (const QString &word : suggestions) {
        auto *action = new QAction(word, menu);
        action->setFont(boldFont(menu->font()));
        connect(action, &QAction::triggered, this, [wrong, word] { QTextCursor(wrong).insertText(word); });
        menu->insertAction(first, action);
    }
    if (suggestions.isEmpty()) {
        auto *none = new QAction(tr("No suggestion"), menu);
        none->setEnabled(false);
        menu->insertAction(first, none);
    }
    const QString word = wrong.selectedText();
    auto *add = new QAction(tr("Add “%1” to the &dictionary").arg(word), menu);
    connect(add, &QAction::triggered, this, [this, word] {
        m_checker->add(word);
        m_highlighter->rehighlight();
    });
    menu->insertAction(first, add);
    menu->insertSeparator(first);
}

void Spelling::addLanguages(QMenu *menu)
{
    menu->addSeparator();
    QMenu *languages = menu->addMenu(tr("&Spelling"));
    const auto addChoice = [this, languages](const QString &title, const QString &language) {
        QAction *action
            = languages->addAction(title, this, [this, language] { m_checker->setLanguage(language); });
        action->setCheckable(true);
        action->setChecked(language == m_checker->language());
    };
    addChoice(tr("Off"), {});
    languages->addSeparator();
    for (const QString &language : m_checker->languages())
        addChoice(languageTitle(language), language);
}

} // namespace glasspost::ui
