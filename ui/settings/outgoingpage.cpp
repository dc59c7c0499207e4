#include "ui/settings/outgoingpage.h"

#include "ui/settings/editabletable.h"
#include "ui/settings/serveraddress.h"
#include "ui/theme/theme.h"
#include "ui/widgets/connectionfields.h"
#include "ui/widgets/inlinebar.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QVBoxLayout>

#include <tuple>

namespace glasspost::ui {

namespace {

/// RFC 6409, and RFC 8314 for TLS from the first octet; what takes mail in clear is most often a relay.
constexpr ConnectionFields::UsualPorts submissionPorts{25, 587, 465};
constexpr quint16 dnsPort = 53;

} // namespace

OutgoingPage::OutgoingPage(QWidget *parent)
    : SettingsPage(tr("Outgoing"), parent),
      m_direct(new QRadioButton(tr("&Direct to each domain's mail exchanger"))),
      m_smarthost(new QRadioButton(tr("Through a &smarthost"))), m_host(new QLineEdit),
      m_connection(new ConnectionFields(this)), m_user(new QLineEdit), m_password(new QLineEdit),
      m_nameserver(new QLineEdit),
      m_private(new QCheckBox(tr("Deliver to &private and loopback addresses too"))),
      m_dane(new QCheckBox(tr("Keep to the certificates that a domain's DNS names (D&ANE)"))),
      m_mtaSts(new QCheckBox(tr("Keep to a domain's published mail pol&icy (MTA-STS)"))),
      m_accepted(
          new EditableTable({{tr("Server"), {}, false, false, 24}, {tr("SHA-256"), {}, false, true, 0}},
              tr("Accepted certificates"))),
      m_acceptedPart(new QWidget), m_warning(new InlineBar)
{
    addHeading(tr("How mail for other domains leaves"));
    column()->addWidget(m_direct);
    column()->addWidget(m_smarthost);
    addConnection();
    addLookup();
    addAccepted();
    column()->addStretch(1);

    for (QLineEdit *edit : {m_host, m_user, m_password, m_nameserver})
        connect(edit, &QLineEdit::textEdited, this, &SettingsPage::changed);
    for (QAbstractButton *button :
        std::initializer_list<QAbstractButton *>{m_direct, m_smarthost, m_private, m_dane, m_mtaSts})
        connect(button, &QAbstractButton::clicked, this, &SettingsPage::changed);
    connect(m_direct, &QRadioButton::toggled, this, &OutgoingPage::showKind);
    connect(m_connection, &ConnectionFields::changed, this, &SettingsPage::changed);
    connect(this, &SettingsPage::changed, this, &OutgoingPage::showKind);
}

void OutgoingPage::addConnection()
{
    m_host->setPlaceholderText(QStringLiteral("smtp.example.org"));
    m_user->setPlaceholderText(tr("Empty: does not sign in"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(tr("Unchanged when left empty"));
    for (QLineEdit *edit : {m_host, m_user, m_password})
        edit->setMinimumWidth(320);
    addHeading(tr("Connection"));
    QFormLayout *form = addForm();
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("S&marthost"), m_host);
    m_connection->addTo(*form);
    form->addRow(tr("&User name"), m_user);
    form->addRow(tr("Pass&word"), m_password);
    addNote(SettingsField::SmarthostName);
    column()->addWidget(m_warning);
}

void OutgoingPage::addLookup()
{
    m_nameserver->setPlaceholderText(tr("The system's"));
    m_nameserver->setToolTip(tr("An address; with its port when that is not 53: 192.0.2.53:5353"));
    m_nameserver->setMinimumWidth(320);
    addHeading(tr("Finding exchangers"));
    QFormLayout *form = addForm();
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("&Name server"), m_nameserver);
    for (QCheckBox *box : {m_private, m_dane, m_mtaSts})
        form->addRow(QString(), box);
    addNote(SettingsField::Nameserver);
}

// Only where there are any: they come from a person's decision about one, not from here.
void OutgoingPage::addAccepted()
{
    auto *rows = new QVBoxLayout(m_acceptedPart);
    rows->setContentsMargins(0, space::two, 0, 0);
    auto *heading = new QLabel(tr("Certificates that were accepted for good though they do not fit"));
    QFont bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);
    rows->addWidget(heading);
    rows->addWidget(m_accepted);
    column()->addWidget(m_acceptedPart);
    connect(m_accepted, &EditableTable::changed, this, &SettingsPage::changed);
}

void OutgoingPage::showKind()
{
    const bool viaHost = m_smarthost->isChecked();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_host, m_user, m_password})
        widget->setEnabled(viaHost);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_private, m_dane, m_mtaSts})
        widget->setEnabled(!viaHost);
    // An exchanger listens at the one port, whatever the encryption.
    m_connection->setUsualPorts(viaHost ? std::optional(submissionPorts) : std::nullopt);
    const smtp::TlsMode tls = m_connection->tls();
    const bool inClear = tls == smtp::TlsMode::None || tls == smtp::TlsMode::Opportunistic;
    if (viaHost && !m_user->text().isEmpty() && inClear)
        m_warning->say(InlineBar::Kind::Warning,
            tr("Without required encryption somebody on the way could read the password, or keep TLS from "
               "being used."));
    else
        m_warning->dismiss();
}

void OutgoingPage::load(const mail::Settings &settings)
{
    const mail::OutgoingRoute &route = settings.route;
    const bool viaHost = route.kind == mail::OutgoingRoute::Kind::Smarthost;
    m_direct->setChecked(!viaHost);
    m_smarthost->setChecked(viaHost);
    m_host->setText(route.host);
    m_connection->load(route);
    m_user->setText(route.user);
    m_password->clear();
    m_nameserver->setText(serverAddressText(route.nameserver, route.nameserverPort, dnsPort));
    QList<QStringList> accepted;
    for (const mail::AcceptedCertificate &one : settings.acceptedCertificates)
        accepted << QStringList{one.server, one.fingerprint};
    m_accepted->setRows(accepted);
    m_acceptedPart->setVisible(!accepted.isEmpty());
    m_private->setChecked(route.allowPrivateAddresses);
    m_dane->setChecked(route.dane == smtp::TlsPolicyUse::On);
    m_mtaSts->setChecked(route.mtaSts == smtp::TlsPolicyUse::On);
    showKind();
}

void OutgoingPage::store(mail::Settings &settings) const
{
    mail::OutgoingRoute &route = settings.route;
    route.kind
        = m_smarthost->isChecked() ? mail::OutgoingRoute::Kind::Smarthost : mail::OutgoingRoute::Kind::Direct;
    route.host = m_host->text().trimmed();
    m_connection->store(route);
    route.user = m_user->text().trimmed();
    std::tie(route.nameserver, route.nameserverPort) = parseServerAddress(m_nameserver->text(), dnsPort);
    settings.acceptedCertificates.clear();
    const QList<QStringList> accepted = m_accepted->rows();
    for (const QStringList &row : accepted)
        settings.acceptedCertificates.append({row.value(0), row.value(1)});
    route.allowPrivateAddresses = m_private->isChecked();
    route.dane = m_dane->isChecked() ? smtp::TlsPolicyUse::On : smtp::TlsPolicyUse::Off;
    route.mtaSts = m_mtaSts->isChecked() ? smtp::TlsPolicyUse::On : smtp::TlsPolicyUse::Off;
}

QByteArray OutgoingPage::takePassword()
{
    const QByteArray password = m_password->text().toUtf8();
    m_password->clear();
    return password;
}

} // namespace glasspost::ui
