#pragma once

#include "app/mcp/jsonrpc.h"
#include "mail/base/task.h"

#include <QObject>
#include <QQueue>

#include <functional>

namespace glasspost::app {

/// A server of the Model Context Protocol (2025-06-18) with tools alone: JSON-RPC 2.0 a line each. Requests
/// are answered one after another, in their order.
class McpServer : public QObject
{
    Q_OBJECT
public:
    /// Asks the data folder (app/control/requests.h).
    using Ask = std::function<mail::Task<QJsonObject>(const QJsonObject &request)>;

    explicit McpServer(Ask ask, QObject *parent = nullptr);

    void take(const QByteArray &line); ///< without its end
    [[nodiscard]] bool isIdle() const { return !m_isBusy && m_waiting.isEmpty(); }

Q_SIGNALS:
    void said(const QJsonObject &message);
    void rested(); ///< everything was answered

private:
    void next();
    void answer(const RpcCall &call);
    void callTool(const RpcCall &call);
    void end(const QJsonObject &response);

    Ask m_ask;
    QQueue<RpcCall> m_waiting;
    bool m_isBusy = false;
};

} // namespace glasspost::app
