#pragma once

// A mail system that runs, for the windows: its start, and what its index holds.

#include "mail/system/mailsystem.h"

#include <QSignalSpy>
#include <QTest>

namespace glasspost::test {

/// Starts it and waits until it runs.
inline bool start(mail::MailSystem &system, const mail::StartOptions &options = {})
{
    const QSignalSpy started(&system, &mail::MailSystem::started);
    system.start(options);
    return QTest::qWaitFor([&started] { return started.count() == 1; }, 20000);
}

/// Starts it as mail.example.test with one user, whose mail leaves by the server at a port of this machine.
inline bool startWithSmarthost(mail::MailSystem &system, const mail::LocalUser &user, quint16 port)
{
    mail::StartOptions options;
    options.adjust = [user, port](mail::Settings settings) {
        settings.hostName = QStringLiteral("mail.example.test");
        settings.users = {user};
        settings.identities = {{user.fullName, user.name + u'@' + settings.hostName, user.name}};
        settings.route.kind = mail::OutgoingRoute::Kind::Smarthost;
        settings.route.host = QStringLiteral("127.0.0.1");
        settings.route.port = port;
        return settings;
    };
    return start(system, options);
}

/// What is in a folder, once the index has something there; nothing when it never has.
inline mail::RowPage rowsOnceThere(mail::MailSystem &system, const mail::FolderId &folder)
{
    mail::RowQuery query;
    query.folder = folder;
    mail::RowPage page;
    QObject context;
    for (int tries = 0; page.rows.isEmpty() && tries < 10000; ++tries) {
        bool answered = false;
        system.mailboxes().rows(query).then(&context, [&](const mail::Result<mail::RowPage> &rows) {
            page = rows.value_or(mail::RowPage());
            answered = true;
        });
        if (!QTest::qWaitFor([&answered] { return answered; }))
            break;
    }
    return page;
}

} // namespace glasspost::test
