#include "ui/settings/capturepage.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr qint64 octetsOfMebibyte = 1024 * 1024;

/// Whole units, so that what is less than one does not look like no limit.
template <typename Number> int unitsOf(Number value, Number unit)
{
    return int((value + unit - 1) / unit);
}

int daysOf(std::chrono::seconds age)
{
    return unitsOf<qint64>(age.count(), std::chrono::seconds(std::chrono::hours(24)).count());
}

} // namespace

CapturePage::CapturePage(QWidget *parent)
    : SettingsPage(tr("Captured mail"), parent), m_by(new QComboBox), m_field(new QLineEdit),
      m_most(new QSpinBox), m_messages(new QSpinBox), m_days(new QSpinBox), m_size(new QSpinBox),
      m_rejected(new QLineEdit), m_discarded(new QLineEdit), m_release(new QLineEdit), m_spamd(new QLineEdit)
{
    addInboxes();
    addRetention();
    addRecipients();
    addSpamFilter();
    column()->addStretch(1);
    connect(m_by, &QComboBox::currentIndexChanged, this, [this] {
        showUse();
        Q_EMIT changed();
    });
    for (QLineEdit *edit : {m_field, m_rejected, m_discarded, m_release, m_spamd})
        connect(edit, &QLineEdit::textEdited, this, &SettingsPage::changed);
    for (QSpinBox *spin : {m_most, m_messages, m_days, m_size})
        connect(spin, &QSpinBox::valueChanged, this, &SettingsPage::changed);
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
           "comes. A message that names none, or would need one mailbox too many, goes to its binding's."));
    QFormLayout *form = addForm();
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("&File by"), m_by);
    form->addRow(tr("Field &name"), m_field);
    form->addRow(tr("Mailboxes at &most"), m_most);
    addNote(SettingsField::CaptureRule);
}

void CapturePage::addRetention()
{
    for (QSpinBox *spin : {m_messages, m_days, m_size}) {
        spin->setSpecialValueText(tr("no limit"));
        spin->setMinimumWidth(110);
    }
    m_messages->setRange(0, 1'000'000'000);
    m_days->setRange(0, 36500);
    m_days->setSuffix(tr(" days"));
    m_size->setRange(0, 100'000'000);
    m_size->setSuffix(tr(" MiB"));
    addHeading(tr("Retention"),
        tr("Each inbox of captured mail keeps its newest messages; the rest is permanently removed as "
           "mail comes. Flagged messages are kept, and not counted."));
    QFormLayout *form = addForm();
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("Keep m&essages"), m_messages);
    form->addRow(tr("&Keep for"), m_days);
    form->addRow(tr("&Total size"), m_size);
}

void CapturePage::addRecipients()
{
    for (QLineEdit *edit : {m_rejected, m_discarded, m_release})
        edit->setMinimumWidth(320);
    m_rejected->setPlaceholderText(tr("None. For example: *@bounce.test, full-??@*"));
    m_discarded->setPlaceholderText(tr("None. For example: *@example.org"));
    m_release->setPlaceholderText(tr("Everybody. For example: *@example.org"));
    m_release->setToolTip(tr("Patterns of the addresses to which captured mail may be released"));
    addHeading(tr("Recipients"),
        tr("Patterns of addresses that are refused (550), or accepted while nothing is kept for them; * "
           "stands "
           "for any characters, ? for one."));
    QFormLayout *form = addForm();
    form->addRow(tr("&Reject"), m_rejected);
    form->addRow(tr("&Discard"), m_discarded);
    form->addRow(tr("Re&lease only to"), m_release);
}

void CapturePage::addSpamFilter()
{
    m_spamd->setMinimumWidth(320);
    m_spamd->setPlaceholderText(tr("None. For example: 127.0.0.1:783"));
    m_spamd->setAccessibleName(tr("Address of the spam filter"));
    addHeading(tr("Spam filter"),
        tr("A spamd of SpamAssassin, or rspamd, that is given a captured message when its checks are shown "
           "or asked for."));
    QFormLayout *form = addForm();
    form->addRow(tr("&Spam filter"), m_spamd);
    addNote(SettingsField::Spamd);
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
    m_messages->setValue(listener.retention.messages);
    m_days->setValue(daysOf(listener.retention.age));
    m_size->setValue(unitsOf(listener.retention.octets, octetsOfMebibyte));
    m_rejected->setText(listener.rejectedRecipients.join(QStringLiteral(", ")));
    m_discarded->setText(listener.discardedRecipients.join(QStringLiteral(", ")));
    m_release->setText(listener.releaseAllowed.join(QStringLiteral(", ")));
    m_spamd->setText(settings.spamd);
    showUse();
}

void CapturePage::store(mail::Settings &settings) const
{
    mail::ListenerSettings &listener = settings.listener;
    listener.captureRule.by = mail::CaptureRule::By(m_by->currentData().toInt());
    const bool hasField = listener.captureRule.by == mail::CaptureRule::By::Header;
    listener.captureRule.field = hasField ? m_field->text().trimmed() : QString();
    listener.mostInboxes = m_most->value();
    listener.rejectedRecipients = listOf(m_rejected->text());
    listener.discardedRecipients = listOf(m_discarded->text());
    listener.releaseAllowed = listOf(m_release->text());
    settings.spamd = m_spamd->text().trimmed();
    mail::CaptureRetention &retention = listener.retention;
    retention.messages = m_messages->value();
    // What was set by hand more finely stays, unless it was changed here.
    if (m_days->value() != daysOf(retention.age))
        retention.age = std::chrono::hours(24) * m_days->value();
    if (m_size->value() != unitsOf(retention.octets, octetsOfMebibyte))
        retention.octets = m_size->value() * octetsOfMebibyte;
}

} // namespace glasspost::ui
