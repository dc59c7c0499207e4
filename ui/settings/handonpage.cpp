#include "ui/settings/handonpage.h"

#include "ui/widgets/connectionfields.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr int lmtpPort = 24; // IANA: priv-mail, where LMTP servers listen

mail::OutgoingRoute usualRoute()
{
    mail::OutgoingRoute route;
    route.kind = mail::OutgoingRoute::Kind::Smarthost;
    route.protocol = smtp::ClientProtocol::Lmtp;
    route.port = lmtpPort;
    return route;
}

} // namespace

HandOnPage::HandOnPage(QWidget *parent)
    : SettingsPage(tr("Forwarding"), parent),
      m_use(new QCheckBox(tr("&Forward mail for the local mailboxes to another server"))),
      m_protocol(new QComboBox), m_host(new QLineEdit), m_connection(new ConnectionFields(this))
{
    m_protocol->addItem(tr("LMTP"), int(smtp::ClientProtocol::Lmtp));
    m_protocol->addItem(tr("SMTP"), int(smtp::ClientProtocol::Smtp));
    m_host->setPlaceholderText(QStringLiteral("/run/dovecot/lmtp"));
    m_host->setToolTip(tr("A name, an address, or the path of a Unix socket"));
    m_host->setMinimumWidth(320);

    addHeading(tr("Another server keeps the mailboxes"),
        tr("With the policy “Mailboxes”, mail accepted for a local name is forwarded to that server through "
           "the queue. Otherwise the mailboxes are on this machine."));
    column()->addWidget(m_use);
    QFormLayout *form = addForm();
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("&Protocol"), m_protocol);
    form->addRow(tr("&Server"), m_host);
    m_connection->addTo(*form);
    addNote(SettingsField::HandOn);
    column()->addStretch(1);

    connect(m_use, &QCheckBox::toggled, this, &HandOnPage::showUse);
    connect(m_host, &QLineEdit::textEdited, this, &HandOnPage::showUse);
    connect(m_use, &QCheckBox::clicked, this, &SettingsPage::changed);
    connect(m_protocol, &QComboBox::activated, this, &SettingsPage::changed);
    connect(m_host, &QLineEdit::textEdited, this, &SettingsPage::changed);
    connect(m_connection, &ConnectionFields::changed, this, &SettingsPage::changed);
}

// A Unix socket has no port, and nobody listens on the way.
void HandOnPage::showUse()
{
    const bool used = m_use->isChecked();
    const bool remote = used && !m_host->text().startsWith(QLatin1Char('/'));
    for (QWidget *widget : std::initializer_list<QWidget *>{m_protocol, m_host})
        widget->setEnabled(used);
    m_connection->setEnabled(remote);
}

void HandOnPage::load(const mail::Settings &settings)
{
    const mail::OutgoingRoute route = settings.listener.handOn.value_or(usualRoute());
    m_use->setChecked(settings.listener.handOn.has_value());
    m_protocol->setCurrentIndex(m_protocol->findData(int(route.protocol)));
    m_host->setText(route.host);
    m_connection->load(route);
    showUse();
}

void HandOnPage::store(mail::Settings &settings) const
{
    if (!m_use->isChecked()) {
        settings.listener.handOn.reset();
        return;
    }
    mail::OutgoingRoute route = settings.listener.handOn.value_or(usualRoute());
    route.protocol = smtp::ClientProtocol(m_protocol->currentData().toInt());
    route.host = m_host->text().trimmed();
    m_connection->store(route);
    settings.listener.handOn = route;
}

} // namespace glasspost::ui
