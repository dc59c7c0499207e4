#include "ui/widgets/findrow.h"

#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

#include <utility>

namespace glasspost::ui {

FindRow::FindRow(Find find, QWidget *parent)
    : QWidget(parent), m_find(std::move(find)), m_words(new QLineEdit), m_outcome(plainLabel())
{
    m_words->setPlaceholderText(tr("Find in message"));
    m_words->setAccessibleName(tr("Find in message"));
    m_words->setClearButtonEnabled(true);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::two, space::half, space::two, space::half);
    row->addWidget(m_words, 1);
    row->addWidget(m_outcome);
    for (const auto &[text, direction] :
        {std::pair(tr("Previous"), FindDirection::Backward), std::pair(tr("Next"), FindDirection::Forward)}) {
        auto *button = new QToolButton;
        button->setText(text);
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
    m_outcome->setText(isFound ? QString() : tr("Not found"));
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
