#include "ui/settings/outgoingpage.h"

#include "ui/settings/editabletable.h"
#include "ui/settings/serveraddress.h"
#include "ui/theme/theme.h"
#include "ui/widgets/connectionfields.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"

#include <QCheckBox>
#include <QComboBox>
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
      m_mechanism(new QComboBox), m_authInClear(new QComboBox), m_nameserver(new QLineEdit),
      m_private(new QCheckBox(tr("Deliver to &private and loopback addresses too"))),
      m_dane(new QCheckBox(tr("Enforce certificates published in DNS (D&ANE)"))),
      m_mtaSts(new QCheckBox(tr("Enforce domains' published mail pol&icies (MTA-STS)"))),
      m_accepted(
          new EditableTable({{tr("Server"), {}, false, false, 24}, {tr("SHA-256"), {}, false, true, 0}},
              tr("Accepted certificates"))),
      m_acceptedPart(new QWidget), m_warning(new InlineBar)
{
    addHeading(tr("Route for other domains"));
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
    for (QComboBox *box : {m_mechanism, m_authInClear})
        connect(box, &QComboBox::activated, this, &SettingsPage::changed);
    connect(m_connection, &ConnectionFields::changed, this, &SettingsPage::changed);
    connect(this, &SettingsPage::changed, this, &OutgoingPage::showKind);
}

void OutgoingPage::addConnection()
{
    m_host->setPlaceholderText(QStringLiteral("smtp.example.org"));
    m_user->setPlaceholderText(tr("Empty: no sign-in"));
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
    form->addRow(tr("Sign-in mec&hanism"), m_mechanism);
    using smtp::ClearAuth;
    m_authInClear->addItem(tr("Servers with a verified certificate"), int(ClearAuth::Never));
    m_authInClear->addItem(tr("Those, and this machine without TLS"), int(ClearAuth::Loopback));
    m_authInClear->addItem(tr("Any server, even without TLS"), int(ClearAuth::Anywhere));
    form->addRow(tr("Send password &to"), m_authInClear);
    addNote(SettingsField::SmarthostName);
    column()->addWidget(m_warning);
}

void OutgoingPage::addLookup()
{
    m_nameserver->setPlaceholderText(tr("System default"));
    m_nameserver->setToolTip(tr("Address, with its port if that is not 53: 192.0.2.53:5353"));
    m_nameserver->setMinimumWidth(320);
    addHeading(tr("Mail exchanger lookup"));
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
    QLabel *heading = plainLabel(tr("Permanently accepted certificate exceptions"));
    heading->setFont(boldFont(heading->font()));
    rows->addWidget(heading);
    rows->addWidget(m_accepted);
    column()->addWidget(m_acceptedPart);
    connect(m_accepted, &EditableTable::changed, this, &SettingsPage::changed);
}

void OutgoingPage::showKind()
{
    const bool viaHost = m_smarthost->isChecked();
    for (QWidget *widget :
        std::initializer_list<QWidget *>{m_host, m_user, m_password, m_mechanism, m_authInClear})
        widget->setEnabled(viaHost);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_private, m_dane, m_mtaSts})
        widget->setEnabled(!viaHost);
    // An exchanger listens at the one port, whatever the encryption.
    m_connection->setUsualPorts(viaHost ? std::optional(submissionPorts) : std::nullopt);
    const auto inClear = smtp::ClearAuth(m_authInClear->currentData().toInt());
    const bool signsIn = viaHost && !m_user->text().isEmpty();
    if (signsIn && inClear == smtp::ClearAuth::Anywhere)
        m_warning->say(
            InlineBar::Kind::Warning, tr("Anyone on the network path to the server can read the password."));
    else if (signsIn && inClear == smtp::ClearAuth::Never && m_connection->tls() == smtp::TlsMode::None)
        m_warning->say(InlineBar::Kind::Warning,
            tr("Without encryption the password is not sent, and messages wait in the queue."));
    else
        m_warning->dismiss();
}

// The usual choices are one mechanism or any; what settings.ini lists beyond that stays as it is.
void OutgoingPage::showMechanisms(const QStringList &mechanisms)
{
    m_mechanism->clear();
    m_mechanism->addItem(tr("Automatic, the strongest first"), QString());
    for (const char *name : {"SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN", "EXTERNAL"})
        m_mechanism->addItem(QString::fromLatin1(name), QString::fromLatin1(name));
    const QString wished = mechanisms.join(u' ').toUpper();
    if (m_mechanism->findData(wished) < 0)
        m_mechanism->addItem(mechanisms.join(QStringLiteral(", ")).toUpper(), wished);
    m_mechanism->setCurrentIndex(m_mechanism->findData(wished));
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
    showMechanisms(route.mechanisms);
    m_authInClear->setCurrentIndex(m_authInClear->findData(int(route.authInClear)));
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
    route.mechanisms = m_mechanism->currentData().toString().split(u' ', Qt::SkipEmptyParts);
    route.authInClear = smtp::ClearAuth(m_authInClear->currentData().toInt());
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
