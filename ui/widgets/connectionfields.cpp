#include "ui/widgets/connectionfields.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QSpinBox>

namespace glasspost::ui {

int ConnectionFields::UsualPorts::of(smtp::TlsMode tls) const
{
    switch (tls) {
    case smtp::TlsMode::None:
        return inClear;
    case smtp::TlsMode::Opportunistic:
    case smtp::TlsMode::Required:
        return startTls;
    case smtp::TlsMode::Implicit:
        return implicitTls;
    }
    return startTls;
}

bool ConnectionFields::UsualPorts::contains(int port) const
{
    return port == inClear || port == startTls || port == implicitTls;
}

ConnectionFields::ConnectionFields(QObject *parent)
    : QObject(parent), m_port(new QSpinBox), m_tls(new QComboBox),
      m_verify(new QCheckBox(tr("Verify &certificate")))
{
    m_port->setRange(1, 65535);
    m_port->setGroupSeparatorShown(false);
    m_port->setMinimumWidth(100);
    m_tls->addItem(tr("When offered (STARTTLS)"), int(smtp::TlsMode::Opportunistic));
    m_tls->addItem(tr("Required (STARTTLS)"), int(smtp::TlsMode::Required));
    m_tls->addItem(tr("From the start (TLS)"), int(smtp::TlsMode::Implicit));
    m_tls->addItem(tr("Never"), int(smtp::TlsMode::None));
    connect(m_port, &QSpinBox::valueChanged, this, &ConnectionFields::changed);
    connect(m_tls, &QComboBox::activated, this, &ConnectionFields::tlsChosen);
    connect(m_verify, &QCheckBox::clicked, this, &ConnectionFields::changed);
}

void ConnectionFields::addTo(QFormLayout &form)
{
    form.addRow(tr("P&ort"), m_port);
    form.addRow(tr("&Encryption"), m_tls);
    form.addRow(QString(), m_verify);
}

void ConnectionFields::load(const mail::OutgoingRoute &route)
{
    m_port->setValue(route.port);
    m_tls->setCurrentIndex(m_tls->findData(int(route.tls)));
    m_verify->setChecked(route.verifyCertificate);
}

void ConnectionFields::store(mail::OutgoingRoute &route) const
{
    route.port = quint16(m_port->value());
    route.tls = tls();
    route.verifyCertificate = m_verify->isChecked();
}

smtp::TlsMode ConnectionFields::tls() const
{
    return smtp::TlsMode(m_tls->currentData().toInt());
}

void ConnectionFields::setEnabled(bool enabled)
{
    for (QWidget *widget : std::initializer_list<QWidget *>{m_port, m_tls, m_verify})
        widget->setEnabled(enabled);
}

void ConnectionFields::tlsChosen()
{
    if (m_usualPorts && m_usualPorts->contains(m_port->value()))
        m_port->setValue(m_usualPorts->of(tls()));
    // Encryption that is asked for protects little when anybody's certificate will do.
    if (tls() == smtp::TlsMode::Required || tls() == smtp::TlsMode::Implicit)
        m_verify->setChecked(true);
    Q_EMIT changed();
}

} // namespace glasspost::ui
