#include "ui/queue/routedialog.h"

#include "ui/theme/theme.h"
#include "ui/widgets/connectionfields.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

/// Of a relay, which takes STARTTLS where it takes mail in clear; and RFC 8314's.
constexpr ConnectionFields::UsualPorts relayPorts{25, 25, 465};

} // namespace

RouteDialog::RouteDialog(
    mail::OutgoingRoute settings, const std::optional<mail::OutgoingRoute> &current, QWidget *parent)
    : QDialog(parent), m_settings(std::move(settings)),
      m_default(new QRadioButton(tr("As set in the &preferences"))),
      m_direct(new QRadioButton(tr("&Direct to each domain's mail exchanger"))),
      m_smarthost(new QRadioButton(tr("Through another &smarthost"))), m_host(new QLineEdit),
      m_connection(new ConnectionFields(this)), m_user(new QLineEdit)
{
    setWindowTitle(tr("Send by another route"));
    build();
    const bool viaHost = current && current->kind == mail::OutgoingRoute::Kind::Smarthost;
    (!current ? m_default : viaHost ? m_smarthost : m_direct)->setChecked(true);
    const mail::OutgoingRoute shown = viaHost ? *current : mail::OutgoingRoute();
    m_host->setText(shown.host);
    m_connection->load(shown);
    m_user->setText(shown.user);
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
    m_user->setPlaceholderText(tr("Empty: no sign-in"));
    m_connection->setUsualPorts(relayPorts);
    auto *form = new QFormLayout;
    form->setContentsMargins(space::three, 0, 0, space::one);
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("S&marthost"), m_host);
    m_connection->addTo(*form);
    form->addRow(tr("&User name"), m_user);
    column->addLayout(form);
    column->addStretch(1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    m_ok->setText(tr("Use &this route"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
}

void RouteDialog::showKind()
{
    const bool viaHost = m_smarthost->isChecked();
    for (QLineEdit *edit : {m_host, m_user})
        edit->setEnabled(viaHost);
    m_connection->setEnabled(viaHost);
    m_ok->setEnabled(!viaHost || !m_host->text().trimmed().isEmpty());
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
    m_connection->store(route);
    route.user = m_user->text().trimmed();
    return route;
}

} // namespace glasspost::ui
