#include "ui/settings/capturepage.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace glasspost::ui {

CapturePage::CapturePage(QWidget *parent)
    : SettingsPage(tr("Captured mail"), parent), m_by(new QComboBox), m_field(new QLineEdit),
      m_most(new QSpinBox)
{
    addInboxes();
    column()->addStretch(1);
    connect(m_by, &QComboBox::currentIndexChanged, this, [this] {
        showUse();
        Q_EMIT changed();
    });
    connect(m_field, &QLineEdit::textEdited, this, &SettingsPage::changed);
    connect(m_most, &QSpinBox::valueChanged, this, &SettingsPage::changed);
}

void CapturePage::addInboxes()
{
    using By = mail::CaptureRule::By;
    const std::pair<By, QString> choices[] = {{By::Binding, tr("The binding: one mailbox for all")},
        {By::SignIn, tr("Sign-in name")}, {By::Domain, tr("Recipient's domain")},
        {By::Tag, tr("Recipient's tag: “shop” of bob+shop@example.org")},
        {By::Client, tr("Client's IP address")}, {By::Header, tr("Header field")}};
    for (const auto &[by, words] : choices)
        m_by->addItem(words, int(by));
    m_by->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_by->setMinimumContentsLength(32);
    m_field->setPlaceholderText(QStringLiteral("X-Project"));
    m_most->setRange(0, 10000);
    addHeading(tr("Inboxes"),
        tr("A catch-all listener can keep projects apart: each gets a mailbox of its own when its first "
           "message "
           "comes. A message that does not say, or would need one mailbox too many, goes to its binding's."));
    QFormLayout *form = addForm();
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("&File by"), m_by);
    form->addRow(tr("Field &name"), m_field);
    form->addRow(tr("Mailboxes at &most"), m_most);
    addNote(SettingsField::CaptureRule);
}

void CapturePage::showUse()
{
    const auto by = mail::CaptureRule::By(m_by->currentData().toInt());
    m_field->setEnabled(by == mail::CaptureRule::By::Header);
    m_most->setEnabled(by != mail::CaptureRule::By::Binding);
}

void CapturePage::load(const mail::Settings &settings)
{
    const mail::ListenerSettings &listener = settings.listener;
    m_by->setCurrentIndex(m_by->findData(int(listener.captureRule.by)));
    m_field->setText(listener.captureRule.field);
    m_most->setValue(listener.mostInboxes);
    showUse();
}

void CapturePage::store(mail::Settings &settings) const
{
    mail::ListenerSettings &listener = settings.listener;
    listener.captureRule.by = mail::CaptureRule::By(m_by->currentData().toInt());
    const bool hasField = listener.captureRule.by == mail::CaptureRule::By::Header;
    listener.captureRule.field = hasField ? m_field->text().trimmed() : QString();
    listener.mostInboxes = m_most->value();
}

} // namespace glasspost::ui
