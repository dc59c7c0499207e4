#pragma once

#include "mail/base/messageoctets.h"

#include <QObject>
#include <QStringList>

#include <chrono>
#include <functional>

class QProcess;

namespace glasspost::app {

struct ProgramHookSettings
{
    QStringList command; ///< the program and its arguments; no shell
    int atOnce = 4;
    std::chrono::milliseconds timeout = std::chrono::seconds(60); ///< then it is killed
};

/// Runs a program for each message, which is on its standard input. What it writes to standard output is
/// dropped, since ours is a protocol; its errors go where ours go. On the thread that made it.
class ProgramHook : public QObject
{
    Q_OBJECT
public:
    explicit ProgramHook(ProgramHookSettings settings, QObject *parent = nullptr);
    /// Those that run are killed.
    ~ProgramHook() override;

    [[nodiscard]] bool isFull() const { return m_running >= m_settings.atOnce; }
    /// The message's id is in its environment as GLASSPOST_ID; our passwords and tokens are not. Not while
    /// isFull().
    void run(const QByteArray &id, const mail::MessageOctets &message);

Q_SIGNALS:
    void rested(); ///< another may be run
    void failed(const QString &sentence);

private:
    void end(QProcess *process, const QString &trouble);

    ProgramHookSettings m_settings;
    int m_running = 0;
};

} // namespace glasspost::app
