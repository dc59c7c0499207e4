#include "ui/message/findrow.h"

#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace glasspost::ui {

FindRow::FindRow(HtmlView &view, QWidget *parent)
    : QWidget(parent), m_view(view), m_words(new QLineEdit), m_outcome(plainLabel())
{
    m_words->setPlaceholderText(tr("Find in message"));
    m_words->setAccessibleName(tr("Find in message"));
    m_words->setClearButtonEnabled(true);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::two, space::half, space::two, space::half);
    row->addWidget(m_words, 1);
    row->addWidget(m_outcome);
    const auto addButton = [this, row](const QString &text, HtmlView::Direction direction) {
        auto *button = new QToolButton;
        button->setText(text);
        button->setAutoRaise(true);
        connect(button, &QToolButton::clicked, this, [this, direction] { find(direction); });
        row->addWidget(button);
    };
    addButton(tr("Previous"), HtmlView::Direction::Backward);
    addButton(tr("Next"), HtmlView::Direction::Forward);
    connect(m_words, &QLineEdit::returnPressed, this, [this] { find(HtmlView::Direction::Forward); });
    setVisible(false);
}

void FindRow::open()
{
    setVisible(true);
    m_words->setFocus();
    m_words->selectAll();
}

void FindRow::find(HtmlView::Direction direction)
{
    const bool isFound = m_view.find(m_words->text(), direction);
    m_outcome->setText(isFound || m_words->text().isEmpty() ? QString() : tr("Not found"));
}

void FindRow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Escape) {
        QWidget::keyPressEvent(event);
        return;
    }
    setVisible(false);
    m_view.setFocus();
}

} // namespace glasspost::ui
