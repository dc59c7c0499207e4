#include "ui/settings/outgoingpage.h"

#include "ui/settings/editabletable.h"
#include "ui/settings/serveraddress.h"
#include "ui/theme/theme.h"
#include "ui/widgets/inlinebar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <tuple>

namespace glasspost::ui {

namespace {

constexpr quint16 submissionPort = 587; // RFC 6409
constexpr quint16 submissionsPort = 465; // RFC 8314
constexpr quint16 dnsPort = 53;

} // namespace

OutgoingPage::OutgoingPage(QWidget *parent)
    : SettingsPage(tr("Outgoing"), parent),
      m_direct(new QRadioButton(tr("&Direct to each domain's mail exchanger"))),
      m_smarthost(new QRadioButton(tr("Through a &smarthost"))), m_host(new QLineEdit), m_port(new QSpinBox),
      m_tls(new QComboBox), m_verify(new QCheckBox(tr("Its &certificate must fit its name"))),
      m_user(new QLineEdit), m_password(new QLineEdit), m_nameserver(new QLineEdit),
      m_private(new QCheckBox(tr("Deliver to &private and loopback addresses too"))),
      m_dane(new QCheckBox(tr("Keep to the certificates that a domain's DNS names (D&ANE)"))),
      m_mtaSts(new QCheckBox(tr("Keep to a domain's published mail pol&icy (MTA-STS)"))),
      m_accepted(
          new EditableTable({{tr("Server"), {}, false, false, 24}, {tr("SHA-256"), {}, false, true, 0}},
              tr("Accepted certificates"))),
      m_acceptedPart(new QWidget), m_warning(new InlineBar)
{
    m_port->setRange(1, 65535);
    m_port->setMinimumWidth(100);
    m_port->setGroupSeparatorShown(false);
    m_tls->addItem(tr("When offered (STARTTLS)"), int(smtp::TlsMode::Opportunistic));
    m_tls->addItem(tr("Required (STARTTLS)"), int(smtp::TlsMode::Required));
    m_tls->addItem(tr("From the first octet (TLS)"), int(smtp::TlsMode::Implicit));
    m_tls->addItem(tr("Never"), int(smtp::TlsMode::None));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(tr("Unchanged when left empty"));
    m_user->setPlaceholderText(tr("Empty: does not sign in"));
    m_host->setPlaceholderText(QStringLiteral("smtp.example.org"));
    m_nameserver->setPlaceholderText(tr("The system's"));

    addHeading(tr("How mail for other domains leaves"));
    column()->addWidget(m_direct);
    column()->addWidget(m_smarthost);
    addHeading(tr("Connection"));
    QFormLayout *form = addForm();
    form->addRow(tr("S&marthost"), m_host);
    form->addRow(tr("&Port"), m_port);
    form->addRow(tr("&Encryption"), m_tls);
    form->addRow(QString(), m_verify);
    form->addRow(tr("&User name"), m_user);
    form->addRow(tr("Pass&word"), m_password);
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    for (QLineEdit *edit : {m_host, m_user, m_password})
        edit->setMinimumWidth(320);
    addNote(SettingsField::SmarthostName);
    column()->addWidget(m_warning);
    addHeading(tr("Finding exchangers"));
    QFormLayout *lookup = addForm();
    lookup->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    m_nameserver->setMinimumWidth(320);
    lookup->addRow(tr("&Name server"), m_nameserver);
    m_nameserver->setToolTip(tr("An address; with its port when that is not 53: 192.0.2.53:5353"));
    lookup->addRow(QString(), m_private);
    lookup->addRow(QString(), m_dane);
    lookup->addRow(QString(), m_mtaSts);
    addNote(SettingsField::Nameserver);
    addAccepted();
    column()->addStretch(1);

    for (QLineEdit *edit : {m_host, m_user, m_password, m_nameserver})
        connect(edit, &QLineEdit::textEdited, this, &SettingsPage::changed);
    for (QAbstractButton *button : std::initializer_list<QAbstractButton *>{
             m_direct, m_smarthost, m_verify, m_private, m_dane, m_mtaSts})
        connect(button, &QAbstractButton::clicked, this, &SettingsPage::changed);
    connect(m_direct, &QRadioButton::toggled, this, &OutgoingPage::showKind);
    connect(m_tls, &QComboBox::activated, this, &OutgoingPage::tlsChosen);
    connect(m_port, &QSpinBox::valueChanged, this, &SettingsPage::changed);
    connect(this, &SettingsPage::changed, this, &OutgoingPage::showKind);
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
    const auto tls = smtp::TlsMode(m_tls->currentData().toInt());
    const bool inClear = tls == smtp::TlsMode::None || tls == smtp::TlsMode::Opportunistic;
    if (viaHost && !m_user->text().isEmpty() && inClear)
        m_warning->say(InlineBar::Kind::Warning,
            tr("Without required encryption somebody on the way could read the password, or keep TLS from "
               "being used."));
    else
        m_warning->dismiss();
}

void OutgoingPage::tlsChosen()
{
    // The usual port of the choice, unless a person chose one of their own.
    const auto tls = smtp::TlsMode(m_tls->currentData().toInt());
    const int port = m_port->value();
    if (m_smarthost->isChecked() && (port == 25 || port == submissionPort || port == submissionsPort))
        m_port->setValue(tls == smtp::TlsMode::Implicit ? submissionsPort
                : tls == smtp::TlsMode::None            ? 25
                                                        : submissionPort);
    if (tls == smtp::TlsMode::Required || tls == smtp::TlsMode::Implicit)
        m_verify->setChecked(true);
    Q_EMIT changed();
}

void OutgoingPage::load(const mail::Settings &settings)
{
    const mail::OutgoingRoute &route = settings.route;
    const bool viaHost = route.kind == mail::OutgoingRoute::Kind::Smarthost;
    m_direct->setChecked(!viaHost);
    m_smarthost->setChecked(viaHost);
    m_host->setText(route.host);
    m_port->setValue(route.port);
    m_tls->setCurrentIndex(m_tls->findData(int(route.tls)));
    m_verify->setChecked(route.verifyCertificate);
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
    route.port = quint16(m_port->value());
    route.tls = smtp::TlsMode(m_tls->currentData().toInt());
    route.verifyCertificate = m_verify->isChecked();
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
