#include "ui/settings/deliverypage.h"

#include "ui/compose/fieldnote.h"
#include "ui/settings/retryintervals.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr int secondsOfHour = 3600;

} // namespace

DeliveryPage::DeliveryPage(QWidget *parent)
    : SettingsPage(tr("Delivery"), parent), m_undo(new QSpinBox), m_waits(new QLineEdit),
      m_giveUp(new QSpinBox), m_tellDelay(new QSpinBox), m_connections(new QSpinBox),
      m_toOneServer(new QSpinBox), m_messages(new QSpinBox), m_rate(new QSpinBox), m_hops(new QSpinBox),
      m_kept(new QSpinBox), m_journeysKept(new QSpinBox)
{
    m_undo->setRange(0, 120);
    m_undo->setSuffix(tr(" s"));
    m_undo->setSpecialValueText(tr("none"));
    m_giveUp->setRange(1, 24 * 30);
    m_giveUp->setSuffix(tr(" h"));
    m_tellDelay->setRange(0, 24 * 30);
    m_tellDelay->setSuffix(tr(" h"));
    m_tellDelay->setSpecialValueText(tr("never"));
    m_connections->setRange(1, 10000);
    m_toOneServer->setRange(1, 10000);
    m_messages->setRange(1, 1000000);
    m_rate->setRange(0, 1000000);
    m_rate->setSpecialValueText(tr("no limit"));
    m_hops->setRange(1, 1000);
    m_kept->setRange(1, 3650);
    m_kept->setSuffix(tr(" days"));
    m_journeysKept->setRange(0, 36500);
    m_journeysKept->setSuffix(tr(" days"));
    m_journeysKept->setSpecialValueText(tr("no limit"));
    m_journeysKept->setToolTip(tr("How each message left, in its Delivery tab"));

    addHeading(
        tr("Sending"), tr("A message waits this long before it leaves, so that sending can be undone."));
    QFormLayout *sending = addForm();
    sending->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    sending->addRow(tr("&Undo period"), m_undo);
    addRetries();
    addConnections();
    addHeading(tr("Limits"));
    QFormLayout *limits = addForm();
    limits->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    limits->addRow(tr("Maximum &hops"), m_hops);
    limits->addRow(tr("Keep &transcripts for"), m_kept);
    limits->addRow(tr("Keep deliver&ies for"), m_journeysKept);
    column()->addStretch(1);

    for (QSpinBox *box : {m_undo, m_giveUp, m_tellDelay, m_connections, m_toOneServer, m_messages, m_rate,
             m_hops, m_kept, m_journeysKept}) {
        box->setMinimumWidth(110);
        connect(box, &QSpinBox::valueChanged, this, &SettingsPage::changed);
    }
    connect(m_waits, &QLineEdit::textEdited, this, &SettingsPage::changed);
}

void DeliveryPage::addRetries()
{
    m_waits->setMinimumWidth(360);
    m_waits->setToolTip(tr("Units: s, min, h, d; the last one is repeated"));
    addHeading(tr("Retries"),
        tr("After a temporary failure Glasspost waits and tries again. The last interval is repeated until "
           "it gives up and notifies the sender."));
    QFormLayout *retry = addForm();
    retry->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    retry->addRow(tr("&Retry schedule"), m_waits);
    addNote(SettingsField::RetryWaits);
    QFormLayout *more = addForm();
    more->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    more->addRow(tr("Notify the sender of a de&lay after"), m_tellDelay);
    more->addRow(tr("&Give up after"), m_giveUp);
}

void DeliveryPage::addConnections()
{
    addHeading(tr("Limits on outgoing connections"), tr("How many connections and messages at once."));
    QFormLayout *form = addForm();
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("Connections in tot&al"), m_connections);
    form->addRow(tr("Connections to one &server"), m_toOneServer);
    form->addRow(tr("Messages over one &connection"), m_messages);
    form->addRow(tr("Messages per &minute to one server"), m_rate);
}

void DeliveryPage::load(const mail::Settings &settings)
{
    m_undo->setValue(settings.undoSeconds);
    m_waits->setText(waitsText(settings.retry.waits));
    m_giveUp->setValue(int(settings.retry.giveUpAfter.count() / secondsOfHour));
    m_tellDelay->setValue(int(settings.retry.delayAfter.count() / secondsOfHour));
    m_connections->setValue(settings.limits.connections);
    m_toOneServer->setValue(settings.limits.connectionsPerDestination);
    m_messages->setValue(settings.limits.messagesPerConnection);
    m_rate->setValue(settings.limits.messagesPerMinute);
    m_hops->setValue(settings.hopLimit);
    m_kept->setValue(settings.sessionsKeptDays);
    m_journeysKept->setValue(settings.journeysKeptDays);
}

void DeliveryPage::store(mail::Settings &settings) const
{
    settings.undoSeconds = m_undo->value();
    // What is not understood counts as no wait at all, which the check refuses.
    settings.retry.waits = parseWaits(m_waits->text()).value_or(QList<std::chrono::seconds>());
    if (m_giveUp->value() != int(settings.retry.giveUpAfter.count() / secondsOfHour))
        settings.retry.giveUpAfter = std::chrono::hours(m_giveUp->value());
    if (m_tellDelay->value() != int(settings.retry.delayAfter.count() / secondsOfHour))
        settings.retry.delayAfter = std::chrono::hours(m_tellDelay->value());
    settings.limits.connections = m_connections->value();
    settings.limits.connectionsPerDestination = m_toOneServer->value();
    settings.limits.messagesPerConnection = m_messages->value();
    settings.limits.messagesPerMinute = m_rate->value();
    settings.hopLimit = m_hops->value();
    settings.sessionsKeptDays = m_kept->value();
    settings.journeysKeptDays = m_journeysKept->value();
}

} // namespace glasspost::ui
