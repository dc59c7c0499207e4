#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>

#include <functional>

namespace glasspost::mail {
class Outbox;
}

namespace glasspost::app {

/// The desktop's secret store (QtKeychain). Passwords are never written anywhere else. done comes later, on
/// the caller's thread, unless context is destroyed first; empty when the store has none or is none.
void readPassword(const QString &host, const QString &user, QObject *context,
    std::function<void(const QByteArray &password)> done);
/// Whether it is kept now: false where there is no secret store.
void keepPassword(const QString &host, const QString &user, const QByteArray &password, QObject *context,
    std::function<void(bool kept)> done);

/// What to say when a server takes no mail without a sign-in and nobody was named.
QString signInWanted(const QString &host);
/// The password in the environment variable GLASSPOST_PASSWORD, empty when there is none.
QByteArray passwordFromEnvironment();
/// A token of OAuth 2.0 in GLASSPOST_TOKEN, empty when there is none.
QByteArray tokenFromEnvironment();
/// Asks on the terminal without showing what is typed; nothing when there is no terminal. Blocks: for
/// commands without a window, before their event loop runs.
QByteArray askPassword(const QString &host, const QString &user);

/// Answers passwordNeeded of a mail system without a window from the environment, then the secret store; says
/// on standard error when neither has it.
void answerPasswords(mail::Outbox &outbox, QObject *context);

} // namespace glasspost::app
