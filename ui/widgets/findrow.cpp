#include "ui/widgets/findrow.h"

#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

#include <tuple>
#include <utility>

namespace glasspost::ui {

int occurrences(QStringView text, QStringView words)
{
    int count = 0;
    for (qsizetype at = 0; !words.isEmpty(); at += words.size(), ++count) {
        at = text.indexOf(words, at, Qt::CaseInsensitive);
        if (at < 0)
            break;
    }
    return count;
}

FindRow::FindRow(Find find, Count count, QWidget *parent)
    : QWidget(parent), m_find(std::move(find)), m_count(std::move(count)), m_words(new QLineEdit),
      m_outcome(plainLabel())
{
    m_words->setPlaceholderText(tr("Find in message"));
    m_words->setAccessibleName(tr("Find in message"));
    m_words->setClearButtonEnabled(true);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::two, space::half, space::two, space::half);
    row->addWidget(m_words, 1);
    row->addWidget(m_outcome);
    connect(m_words, &QLineEdit::textEdited, this, &FindRow::forget);
    for (const auto &[text, tip, direction] :
        {std::tuple(tr("Previous"), tr("Go to the previous match (Shift+Enter)"), FindDirection::Backward),
            std::tuple(tr("Next"), tr("Go to the next match (Enter)"), FindDirection::Forward)}) {
        auto *button = new QToolButton;
        button->setText(text);
        button->setToolTip(plainToolTip(tip));
        button->setAutoRaise(true);
        connect(
            button, &QToolButton::clicked, this, [this, direction = direction] { this->find(direction); });
        row->addWidget(button);
    }
    setVisible(false);
}

void FindRow::open()
{
    setVisible(true);
    m_words->setFocus();
    m_words->selectAll();
}

void FindRow::find(FindDirection direction)
{
    tell(m_words->text().isEmpty() || m_find(m_words->text(), direction));
}

void FindRow::tell(bool isFound)
{
    const QString words = m_words->text();
    if (words.isEmpty())
        forget();
    else
        m_outcome->setText(isFound ? m_count(words) : tr("Not found"));
}

void FindRow::forget()
{
    m_outcome->clear();
}

/// Escape closes the row, and not the window that it is in.
bool FindRow::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride
        && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void FindRow::keyPressEvent(QKeyEvent *event)
{
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isReturn) {
        find(event->modifiers() & Qt::ShiftModifier ? FindDirection::Backward : FindDirection::Forward);
    } else if (event->key() == Qt::Key_Escape) {
        setVisible(false);
        Q_EMIT closed();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace glasspost::ui
