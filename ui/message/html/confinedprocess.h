#pragma once

#include "ui/message/html/pagelimits.h"

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QTimer>

#include <chrono>
#include <memory>

namespace glasspost::ui {

/// Asks a program of ours that reads what strangers wrote: in a process of its own, which limits itself, so
/// that what makes it run for ever, fill the memory or crash takes the process with it and nothing else.
/// Requests and answers are octets, each behind its length. The process is started with the first request, or
/// before it, and serves the next ones too; it goes when it has had nothing to do for a while. A request at
/// which a process ends that served others before is tried once more in a new one, since the fault may be the
/// process's. One at a time: a new request gives up the one before. GUI thread; never waits.
class ConfinedProcess : public QObject
{
    Q_OBJECT
public:
    explicit ConfinedProcess(QString program, QObject *parent = nullptr);
    ~ConfinedProcess() override;

    /// Beside this program, in libexec once it is installed, or where the build has it.
    [[nodiscard]] static QString pathOf(const QString &name);

    /// Another one is asked from now on.
    void setProgram(const QString &program);
    [[nodiscard]] const QString &program() const { return m_program; }
    /// Starts the process, for a request that may come soon.
    void prepare();
    /// answered() or failed() comes, unless another request or giveUp() comes first.
    void ask(const QByteArray &request);
    void giveUp();
    /// The answer was none that can be trusted: the process ends, too.
    void distrust();
    /// Ends a request that takes longer than that; for tests.
    void setTimeLimit(std::chrono::milliseconds limit) { m_limit = limit; }
    [[nodiscard]] qint64 processId() const { return m_process ? m_process->processId() : 0; }

Q_SIGNALS:
    void answered(const QByteArray &answer); ///< not empty
    void failed(glasspost::ui::PageFailure failure);

private:
    void start();
    void end();
    void take();
    void takeEnd(int status, QProcess::ExitStatus kind);
    void takeAnswer(const QByteArray &answer);
    void fail(PageFailure failure);

    QString m_program;
    std::chrono::milliseconds m_limit;
    std::unique_ptr<QProcess> m_process;
    bool m_hasServed = false; ///< a request, this process
    QByteArray m_asked; ///< the request that is worked at, with its length
    QByteArray m_received; ///< of the answer, likewise
    bool m_isBusy = false;
    QTimer m_clock; ///< of the request
    QTimer m_rest; ///< until the process goes
};

} // namespace glasspost::ui
