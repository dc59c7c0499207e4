#pragma once

#include "mail/settings/settings.h"

#include <QDialog>

#include <optional>

class QLineEdit;
class QPushButton;
class QRadioButton;

namespace glasspost::ui {

class ConnectionFields;

/// Asks by which way messages in the queue are to leave from now on: as the settings say, straight to the
/// exchangers, or through another smarthost. Not blocking: open() it. GUI thread.
class RouteDialog : public QDialog
{
    Q_OBJECT
public:
    /// settings: the way of messages without one of their own. current: the message's own, none for that.
    RouteDialog(mail::OutgoingRoute settings, const std::optional<mail::OutgoingRoute> &current,
        QWidget *parent = nullptr);

    /// None: as the settings say.
    [[nodiscard]] std::optional<mail::OutgoingRoute> route() const;

Q_SIGNALS:
    void chosen(const std::optional<glasspost::mail::OutgoingRoute> &route);

private:
    void build();
    void showKind();

    mail::OutgoingRoute m_settings;
    QRadioButton *m_default;
    QRadioButton *m_direct;
    QRadioButton *m_smarthost;
    QLineEdit *m_host;
    ConnectionFields *m_connection;
    QLineEdit *m_user;
    QPushButton *m_ok = nullptr;
};

} // namespace glasspost::ui
