#pragma once

#include "mail/settings/settings.h"
#include "ui/message/html/page.h"
#include "ui/message/html/pagelimits.h"

#include <QObject>
#include <QProcess>
#include <QTimer>

#include <chrono>
#include <memory>

namespace glasspost::ui {

/// Lays pages out in a process of its own, an engine's, so that a message which makes that run for ever, fill
/// the memory or crash takes the process with it and nothing else. The process is started with
/// the first page, or before it, and serves the next ones too; it goes when it has had nothing to do for a
/// while. A page at which a process ends that served others before is tried once more in a new one, since the
/// fault may be the process's. One page at a time: a new request gives up the one before. GUI thread; never
/// waits.
class PageProcess : public QObject
{
    Q_OBJECT
public:
    explicit PageProcess(
        QString program = standardProgram(mail::HtmlEngine::Litehtml), QObject *parent = nullptr);
    ~PageProcess() override;

    /// Another one lays out from now on.
    void setProgram(const QString &program);
    /// Starts the process, for a page that may be asked for soon.
    void prepare();
    /// laidOut() or failed() comes, unless another request or giveUp() comes first.
    void layOut(const PageRequest &request);
    void giveUp();
    /// Ends a page that takes longer than that; for tests.
    void setTimeLimit(std::chrono::milliseconds limit) { m_limit = limit; }
    [[nodiscard]] qint64 processId() const { return m_process ? m_process->processId() : 0; }

    /// An engine's program: beside this one, in libexec once it is installed, or where the build has it.
    [[nodiscard]] static QString standardProgram(mail::HtmlEngine engine = mail::HtmlEngine::Litehtml);
    [[nodiscard]] static bool isInstalled(mail::HtmlEngine engine);

Q_SIGNALS:
    void laidOut(const std::shared_ptr<const glasspost::ui::Page> &page);
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
    bool m_hasServed = false; ///< a page, this process
    QByteArray m_asked; ///< the request that is worked at, with its length
    QByteArray m_received; ///< of the answer, likewise
    quint64 m_number = 0; ///< counts what was asked for, so that an answer of one before is known
    bool m_isBusy = false;
    QTimer m_clock; ///< of the page that is laid out
    QTimer m_rest; ///< until the process goes
};

} // namespace glasspost::ui
