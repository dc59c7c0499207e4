#pragma once

#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <tl/expected.hpp>

namespace glasspost::app {

/// A request of JSON-RPC 2.0, or a notification, which has no id and is not answered.
struct RpcCall
{
    QJsonValue id = QJsonValue::Undefined;
    QString method;
    QJsonObject params;

    [[nodiscard]] bool isNotification() const { return id.isUndefined(); }
};

/// JSON-RPC 2.0 5.1.
enum class RpcError {
    ParseError = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602
};

/// The call, or the response that says why it is none. A response of the other end is a notification without
/// a method. Batches are not taken.
tl::expected<RpcCall, QJsonObject> readCall(const QByteArray &line);
QJsonObject rpcResult(const QJsonValue &id, const QJsonObject &result);
QJsonObject rpcError(const QJsonValue &id, RpcError code, const QString &sentence);

} // namespace glasspost::app
