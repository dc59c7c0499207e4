#pragma once

#include "mail/base/messageoctets.h"
#include "mail/base/task.h"

#include <QByteArray>
#include <QObject>
#include <QStringList>

#include <chrono>

class QProcess;

namespace glasspost::mail {

/// How a program ended, for the log.
struct ProgramEnd
{
    bool hasFailed = false;
    QString text; ///< how it ended, then the front of what it wrote; one line each
};

struct ProgramLimits
{
    int atOnce = 4;
    /// Then it is killed, with the programs that it started.
    std::chrono::milliseconds time = std::chrono::seconds(60);
};

/// Runs programs, each with a message as its standard input. On the thread that made it.
class ProgramRuns : public QObject
{
    Q_OBJECT
public:
    explicit ProgramRuns(ProgramLimits limits = {}, QObject *parent = nullptr);
    /// Those that run are killed, and their tasks never answered.
    ~ProgramRuns() override;

    [[nodiscard]] bool isFull() const { return m_running >= m_limits.atOnce; }
    /// The program and its arguments, without a shell; the message's id is in its environment as
    /// GLASSPOST_ID, our passwords and tokens are not. Not while isFull().
    Task<ProgramEnd> run(const QStringList &command, const QByteArray &id, const MessageOctets &message);

private:
    void start(QProcess &process, const MessageOctets &message);

    ProgramLimits m_limits;
    int m_running = 0;
};

} // namespace glasspost::mail
