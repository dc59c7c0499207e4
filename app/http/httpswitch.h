#pragma once

#include "app/http/httpinterface.h"
#include "mail/system/listenerstate.h"

#include <QObject>

#include <memory>
#include <optional>

namespace glasspost::app {

/// Turns the HTTP interface on and off, as the settings say. On the thread of the mail system, which outlives
/// it.
class HttpSwitch : public QObject
{
    Q_OBJECT
public:
    explicit HttpSwitch(mail::MailSystem &mail, QObject *parent = nullptr);

    /// From now on; the mail system has started.
    void follow();
    /// Once more after it failed.
    void start();
    /// Its one binding is where it listens. Known as soon as follow() or start() is back.
    [[nodiscard]] const mail::ListenerState &state() const { return m_state; }

    /// Where other machines may ask, a token has to be asked for: that of the environment variable
    /// GLASSPOST_HTTP_TOKEN.
    [[nodiscard]] static bool lacksToken(const mail::HttpInterfaceSettings &settings);

Q_SIGNALS:
    void changed(const glasspost::mail::ListenerState &state);

private:
    void take(const mail::HttpInterfaceSettings &settings);
    mail::Result<quint16> listen();

    mail::MailSystem &m_mail;
    std::optional<mail::HttpInterfaceSettings> m_settings; ///< nothing: not followed yet
    std::unique_ptr<HttpInterface> m_interface; ///< null: off
    mail::ListenerState m_state;
};

} // namespace glasspost::app
