#pragma once

#include "tests/support/runningmail.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mainwindow.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace glasspost::test {

/// The window over a data folder in which alice alone has a mailbox, and nothing listens. It shows her Inbox.
class AliceWindow
{
protected:
    const mail::FolderId inbox{QStringLiteral("alice"), QStringLiteral("")};

    void openWindow()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_system = std::make_unique<mail::MailSystem>(m_folder->path());
        m_window = std::make_unique<ui::MainWindow>(*m_system);
        m_window->resize(1200, 800);
        m_window->show();
        mail::StartOptions options;
        options.adjust = [user = inbox.user](mail::Settings settings) {
            settings.users = {{user, QStringLiteral("Alice")}};
            settings.identities = {{QStringLiteral("Alice"), QStringLiteral("alice@example.test"), user}};
            settings.listener.enabled = false;
            return settings;
        };
        QVERIFY(start(*m_system, options));
        QTRY_COMPARE_WITH_TIMEOUT(page().folder().user, inbox.user, 20000);
    }
    void closeWindow()
    {
        m_window.reset();
        m_system.reset();
        m_folder.reset();
    }

    template <typename Part> [[nodiscard]] Part &part() const
    {
        auto *found = m_window->findChild<Part *>();
        Q_ASSERT(found != nullptr);
        return *found;
    }
    [[nodiscard]] ui::MessagesPage &page() const { return part<ui::MessagesPage>(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
    std::unique_ptr<ui::MainWindow> m_window;
};

} // namespace glasspost::test
