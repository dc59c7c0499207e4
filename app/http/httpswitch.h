#pragma once

#include "app/http/httpinterface.h"
#include "mail/base/worker.h"
#include "mail/system/listenerstate.h"

#include <QObject>

#include <memory>
#include <optional>

namespace glasspost::app {

/// Turns the HTTP interface on and off, as the settings say. It runs on a thread of its own, so that neither
/// a large answer nor a thousand clients keep a window waiting. On any one thread with an event loop; the
/// mail system outlives it.
class HttpSwitch : public QObject
{
    Q_OBJECT
public:
    explicit HttpSwitch(mail::MailSystem &mail, QObject *parent = nullptr);
    /// Breaks off what is not answered, and joins.
    ~HttpSwitch() override;

    /// From now on; the mail system has started.
    void follow();
    /// Once more after it failed.
    void start();
    /// Its one binding is where it listens. It follows what was asked of it last; changed() says so.
    [[nodiscard]] const mail::ListenerState &state() const { return m_state; }

    /// Where other machines may ask, a token has to be asked for: that of the environment variable
    /// GLASSPOST_HTTP_TOKEN.
    [[nodiscard]] static bool lacksToken(const mail::HttpInterfaceSettings &settings);

Q_SIGNALS:
    void changed(const glasspost::mail::ListenerState &state);

private:
    void take(const mail::HttpInterfaceSettings &settings);
    mail::ListenerState reopen(const mail::HttpInterfaceSettings &wanted, const QByteArray &token);

    mail::MailSystem &m_mail;
    std::optional<mail::HttpInterfaceSettings> m_settings; ///< nothing: not followed yet
    mail::ListenerState m_state;
    quint64 m_turn = 0; ///< of start(): what an earlier one led to is of no interest any more
    std::unique_ptr<HttpInterface> m_interface; ///< null: off. Lives on the worker
    mail::Worker m_worker;
};

} // namespace glasspost::app
