#pragma once

#include "mail/settings/settings.h"

#include <QObject>

#include <optional>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QSpinBox;

namespace glasspost::ui {

/// How another server is reached: its port, the encryption, whether its certificate must fit. Three rows of a
/// form, which owns the widgets once they were added. GUI thread.
class ConnectionFields : public QObject
{
    Q_OBJECT
public:
    /// The port that goes with each encryption.
    struct UsualPorts
    {
        int inClear;
        int startTls;
        int implicitTls;
        [[nodiscard]] int of(smtp::TlsMode tls) const;
        [[nodiscard]] bool contains(int port) const;
    };

    explicit ConnectionFields(QObject *parent);

    void addTo(QFormLayout &form);
    void load(const mail::OutgoingRoute &route);
    void store(mail::OutgoingRoute &route) const;
    [[nodiscard]] smtp::TlsMode tls() const;
    /// A person's choice of an encryption takes its port along, unless theirs is none of these. None: the
    /// port always stays.
    void setUsualPorts(const std::optional<UsualPorts> &ports) { m_usualPorts = ports; }
    void setEnabled(bool enabled);

Q_SIGNALS:
    void changed();

private:
    void tlsChosen();

    QSpinBox *m_port;
    QComboBox *m_tls;
    QCheckBox *m_verify;
    std::optional<UsualPorts> m_usualPorts;
};

} // namespace glasspost::ui
