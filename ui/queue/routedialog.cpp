#include "ui/queue/routedialog.h"

#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr quint16 relayPort = 25;
constexpr quint16 implicitTlsPort = 465; // RFC 8314

} // namespace

RouteDialog::RouteDialog(
    mail::OutgoingRoute settings, const std::optional<mail::OutgoingRoute> &current, QWidget *parent)
    : QDialog(parent), m_settings(std::move(settings)),
      m_default(new QRadioButton(tr("As the &preferences say"))),
      m_direct(new QRadioButton(tr("&Direct to each domain's mail exchanger"))),
      m_smarthost(new QRadioButton(tr("Through another &smarthost"))), m_host(new QLineEdit),
      m_port(new QSpinBox), m_tls(new QComboBox), m_verify(new QCheckBox(tr("Its &certificate must fit"))),
      m_user(new QLineEdit)
{
    setWindowTitle(tr("Send by another way"));
    build();
    const bool viaHost = current && current->kind == mail::OutgoingRoute::Kind::Smarthost;
    (!current ? m_default : viaHost ? m_smarthost : m_direct)->setChecked(true);
    const mail::OutgoingRoute shown = viaHost ? *current : mail::OutgoingRoute();
    m_host->setText(shown.host);
    m_port->setValue(shown.port);
    m_tls->setCurrentIndex(m_tls->findData(int(shown.tls)));
    m_verify->setChecked(shown.verifyCertificate);
    m_user->setText(shown.user);
    connect(m_tls, &QComboBox::activated, this, &RouteDialog::tlsChosen);
    connect(m_host, &QLineEdit::textChanged, this, &RouteDialog::showKind);
    connect(this, &QDialog::accepted, this, [this] { Q_EMIT chosen(route()); });
    showKind();
}

void RouteDialog::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::two, space::two, space::two, space::two);
    column->setSpacing(space::one);
    for (QRadioButton *button : {m_default, m_direct, m_smarthost}) {
        column->addWidget(button);
        connect(button, &QRadioButton::toggled, this, &RouteDialog::showKind);
    }
    m_host->setPlaceholderText(QStringLiteral("smtp.example.org"));
    for (QLineEdit *edit : {m_host, m_user})
        edit->setMinimumWidth(320);
    m_user->setPlaceholderText(tr("Empty: does not sign in"));
    m_port->setRange(1, 65535);
    m_port->setGroupSeparatorShown(false);
    m_tls->addItem(tr("When offered (STARTTLS)"), int(smtp::TlsMode::Opportunistic));
    m_tls->addItem(tr("Required (STARTTLS)"), int(smtp::TlsMode::Required));
    m_tls->addItem(tr("From the first octet (TLS)"), int(smtp::TlsMode::Implicit));
    m_tls->addItem(tr("Never"), int(smtp::TlsMode::None));
    auto *form = new QFormLayout;
    form->setContentsMargins(space::three, 0, 0, space::one);
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("S&marthost"), m_host);
    form->addRow(tr("P&ort"), m_port);
    form->addRow(tr("&Encryption"), m_tls);
    form->addRow(QString(), m_verify);
    form->addRow(tr("&User name"), m_user);
    column->addLayout(form);
    column->addStretch(1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    m_ok->setText(tr("Send &this way"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
}

void RouteDialog::showKind()
{
    const bool viaHost = m_smarthost->isChecked();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_host, m_port, m_tls, m_verify, m_user})
        widget->setEnabled(viaHost);
    m_ok->setEnabled(!viaHost || !m_host->text().trimmed().isEmpty());
}

void RouteDialog::tlsChosen()
{
    const auto tls = smtp::TlsMode(m_tls->currentData().toInt());
    if (m_port->value() == relayPort || m_port->value() == implicitTlsPort)
        m_port->setValue(tls == smtp::TlsMode::Implicit ? implicitTlsPort : relayPort);
    if (tls == smtp::TlsMode::Required || tls == smtp::TlsMode::Implicit)
        m_verify->setChecked(true);
}

std::optional<mail::OutgoingRoute> RouteDialog::route() const
{
    if (m_default->isChecked())
        return std::nullopt;
    mail::OutgoingRoute route;
    // How names are found and what binds there is no matter of the way.
    route.nameserver = m_settings.nameserver;
    route.nameserverPort = m_settings.nameserverPort;
    route.trustAnchorFile = m_settings.trustAnchorFile;
    route.dane = m_settings.dane;
    route.mtaSts = m_settings.mtaSts;
    route.allowPrivateAddresses = m_settings.allowPrivateAddresses;
    if (m_direct->isChecked())
        return route;
    route.kind = mail::OutgoingRoute::Kind::Smarthost;
    route.host = m_host->text().trimmed();
    route.port = quint16(m_port->value());
    route.tls = smtp::TlsMode(m_tls->currentData().toInt());
    route.verifyCertificate = m_verify->isChecked();
    route.user = m_user->text().trimmed();
    return route;
}

} // namespace glasspost::ui
