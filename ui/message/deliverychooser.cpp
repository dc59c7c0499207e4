#include "ui/message/deliverychooser.h"

#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/windowsize.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

namespace glasspost::ui {

namespace {

constexpr QSize chooserSize(620, 440);
constexpr int attemptRole = Qt::UserRole + 1;
constexpr int queueIdRole = Qt::UserRole + 2;
constexpr qsizetype mostChoiceCharacters = 300;

} // namespace

DeliveryChooser::DeliveryChooser(const QStringList &attempts, QWidget *parent)
    : QDialog(parent), m_attempts(new QComboBox), m_filter(new QLineEdit), m_list(new QListWidget),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Compare the delivery"));
    build(attempts);
    for (int i = 0; i < attempts.size(); ++i)
        addItem(tr("This message: %1").arg(attempts[i]), QString(), i, {});
    connect(m_attempts, &QComboBox::currentIndexChanged, this, &DeliveryChooser::showMatches);
    connect(m_filter, &QLineEdit::textChanged, this, &DeliveryChooser::showMatches);
    connect(m_list, &QListWidget::itemActivated, this, &DeliveryChooser::choose);
    connect(m_list, &QListWidget::currentItemChanged, this, &DeliveryChooser::showMatches);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &DeliveryChooser::choose);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    showMatches();
    resizeWithinScreen(*this, chooserSize);
}

void DeliveryChooser::build(const QStringList &attempts)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::two, space::two, space::two, space::two);
    column->setSpacing(space::one);
    for (const QString &attempt : attempts)
        m_attempts->addItem(attempt);
    m_attempts->setCurrentIndex(int(attempts.size()) - 1);
    m_attempts->setEnabled(attempts.size() > 1);
    m_attempts->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_filter->setClearButtonEnabled(true);
    m_filter->setPlaceholderText(tr("Subject or recipient"));
    m_list->setAccessibleName(tr("Deliveries"));
    m_list->setUniformItemSizes(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    const auto add = [column](const QString &text, QWidget *control) {
        QLabel *label = plainLabel(text);
        label->setBuddy(control);
        column->addWidget(label);
        column->addWidget(control, qobject_cast<QListWidget *>(control) != nullptr ? 1 : 0);
    };
    add(tr("Co&mpare"), m_attempts);
    add(tr("&With"), m_list);
    add(tr("&Filter"), m_filter);
    QPushButton *compare = m_buttons->addButton(tr("&Compare"), QDialogButtonBox::AcceptRole);
    compare->setToolTip(plainToolTip(tr("Show both deliveries side by side")));
    m_buttons->button(QDialogButtonBox::Cancel)->setToolTip(plainToolTip(tr("Compare nothing")));
    column->addWidget(m_buttons);
    m_list->setFocus();
}

void DeliveryChooser::addItem(
    const QString &title, const QString &detail, int attempt, const QByteArray &queueId)
{
    const QString text = detail.isEmpty() ? title : QStringLiteral("%1  ·  %2").arg(title, detail);
    auto *item = new QListWidgetItem(shortened(text, mostChoiceCharacters));
    item->setToolTip(plainToolTip(text));
    item->setData(attemptRole, attempt);
    item->setData(queueIdRole, queueId);
    m_list->addItem(item);
}

void DeliveryChooser::addMessages(const QList<DeliveryChoice> &messages)
{
    for (const DeliveryChoice &one : messages)
        addItem(one.title, one.when, -1, one.queueId);
    showMatches();
}

/// The attempt that is compared is not compared with itself.
bool DeliveryChooser::isOfferable(const QListWidgetItem &item) const
{
    return item.data(attemptRole).toInt() != m_attempts->currentIndex()
        && item.text().contains(m_filter->text(), Qt::CaseInsensitive);
}

void DeliveryChooser::showMatches()
{
    for (int i = 0; i < m_list->count(); ++i)
        m_list->item(i)->setHidden(!isOfferable(*m_list->item(i)));
    const QListWidgetItem *current = m_list->currentItem();
    const bool hasOne = current != nullptr && !current->isHidden();
    for (QAbstractButton *button : m_buttons->buttons()) {
        if (m_buttons->buttonRole(button) == QDialogButtonBox::AcceptRole)
            button->setEnabled(hasOne);
    }
}

void DeliveryChooser::choose()
{
    const QListWidgetItem *item = m_list->currentItem();
    const bool hasChosen = result() == QDialog::Accepted; // Enter in the list presses the button, too
    if (item == nullptr || item->isHidden() || hasChosen)
        return;
    const int attempt = item->data(attemptRole).toInt();
    const QByteArray queueId = item->data(queueIdRole).toByteArray();
    accept();
    if (attempt >= 0)
        Q_EMIT attemptChosen(m_attempts->currentIndex(), attempt);
    else
        Q_EMIT messageChosen(m_attempts->currentIndex(), queueId);
}

} // namespace glasspost::ui
