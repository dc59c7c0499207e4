#include "app/commands/mcpcommand.h"

#include "app/console/output.h"
#include "app/control/access.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace glasspost::app {

namespace {

constexpr qsizetype longestLine = 16 * 1024 * 1024; // octets

} // namespace

McpCommand::McpCommand(QString dataFolder, QObject *parent)
    : RunningCommand(parent), m_dataFolder(std::move(dataFolder)),
      m_server([this](const QJsonObject &request) { return ask(request); }),
      m_input(STDIN_FILENO, QSocketNotifier::Read)
{
    m_input.setEnabled(false);
    connect(&m_input, &QSocketNotifier::activated, this, &McpCommand::read);
    connect(&m_server, &McpServer::said, this, &McpCommand::say);
    connect(&m_server, &McpServer::rested, this, &McpCommand::endOnceIdle);
}

void McpCommand::start()
{
    m_input.setEnabled(true);
}

void McpCommand::read()
{
    std::array<char, 64 * 1024> buffer = {};
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    m_received.append(buffer.data(), std::max<ssize_t>(0, size));
    qsizetype begin = 0;
    for (qsizetype end = m_received.indexOf('\n'); end >= 0; end = m_received.indexOf('\n', begin)) {
        m_server.take(m_received.mid(begin, end - begin));
        begin = end + 1;
    }
    m_received.remove(0, begin);
    m_isInputOver = size <= 0 || m_received.size() > longestLine;
    if (m_isInputOver) {
        m_input.setEnabled(false);
        endOnceIdle();
    }
}

void McpCommand::say(const QJsonObject &message)
{
    printObject(message);
    if (std::ferror(stdout) != 0) // nobody reads on
        end(ExitCode::CannotCreate);
}

void McpCommand::endOnceIdle()
{
    if (m_isInputOver && m_server.isIdle())
        end(ExitCode::Ok);
}

void McpCommand::end(ExitCode code)
{
    if (!std::exchange(m_hasEnded, true))
        Q_EMIT finished(code);
}

/// Each question opens the data folder again where no other instance has it open: between two of them it is
/// free for one that starts.
mail::Task<QJsonObject> McpCommand::ask(const QJsonObject &request)
{
    const mail::Promise<QJsonObject> promise;
    auto *access = new Access(m_dataFolder, this);
    connect(access, &Access::answered, this, [promise, access](const QJsonObject &answer) {
        access->deleteLater();
        promise.answer(answer);
    });
    connect(access, &Access::failed, this, [promise, access](const mail::Error &error) {
        access->deleteLater();
        promise.answer(tl::unexpected(error));
    });
    access->ask(request);
    return promise.task();
}

} // namespace glasspost::app
