#pragma once

#include "mail/system/mailsystem.h"
#include "ui/centralarea.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mainwindow.h"

#include <QTest>

#include <cstdio>

/// How the pictures are made, and where they go.
struct Stage
{
    QString folder;
    QString suffix;
    QSize size;
};

/// A mail system that has started, with its window.
struct Scene
{
    /// With a smarthost: a small office, with mailboxes. Without (port 0): what a developer has at first.
    Scene(const QString &dataFolder, const Stage &stage, quint16 smarthostPort);

    [[nodiscard]] glasspost::ui::CentralArea &area() const;
    [[nodiscard]] glasspost::ui::MessagesPage &messages() const;
    [[nodiscard]] int rowsShown() const;
    [[nodiscard]] quint16 port() const { return listener.bindings.value(0).port; }
    void openMessage(int row);

    glasspost::mail::MailSystem system;
    glasspost::mail::ListenerState listener;
    glasspost::ui::MainWindow window;
    bool ready = false;
};

/// False, and said, when it does not come: a picture of something else would be worse than none.
template <typename Predicate> bool await(Predicate predicate)
{
    constexpr int patience = 20000; // milliseconds
    const bool came = QTest::qWaitFor(predicate, patience);
    if (!came)
        std::fprintf(stderr, "screenshots: a scene did not become what it should show\n");
    return came;
}

/// A PNG of the window once it has settled.
void shoot(const Stage &stage, QWidget *window, const char *name);
/// Of each other window that is open, which is closed after it.
void shootOthers(const Stage &stage, const Scene &scene, const char *name);

glasspost::mail::FolderId inboxOf(const char *user);
