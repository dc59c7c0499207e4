#pragma once

#include "mail/settings/settings.h"
#include "ui/message/html/confinedprocess.h"
#include "ui/message/html/page.h"

#include <memory>

namespace glasspost::ui {

/// Lays pages out in an engine's process (ConfinedProcess), one at a time: a new request gives up the one
/// before. GUI thread; never waits.
class PageProcess : public QObject
{
    Q_OBJECT
public:
    explicit PageProcess(
        const QString &program = standardProgram(mail::HtmlEngine::Litehtml), QObject *parent = nullptr);

    /// Another one lays out from now on.
    void setProgram(const QString &program);
    /// Starts the process, for a page that may be asked for soon.
    void prepare() { m_process.prepare(); }
    /// laidOut() or failed() comes, unless another request or giveUp() comes first.
    void layOut(const PageRequest &request);
    void giveUp();
    /// Ends a page that takes longer than that; for tests.
    void setTimeLimit(std::chrono::milliseconds limit) { m_process.setTimeLimit(limit); }
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }

    /// An engine's program.
    [[nodiscard]] static QString standardProgram(mail::HtmlEngine engine = mail::HtmlEngine::Litehtml);
    [[nodiscard]] static bool isInstalled(mail::HtmlEngine engine);

Q_SIGNALS:
    void laidOut(const std::shared_ptr<const glasspost::ui::Page> &page);
    void failed(glasspost::ui::PageFailure failure);

private:
    void take(const QByteArray &answer);

    ConfinedProcess m_process;
    quint64 m_number = 0; ///< counts what was asked for, so that an answer of one before is known
};

} // namespace glasspost::ui
