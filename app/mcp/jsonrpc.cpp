#include "app/mcp/jsonrpc.h"

#include <QJsonDocument>

namespace glasspost::app {

namespace {

const QString rpcVersion = QStringLiteral("2.0");

bool isId(const QJsonValue &id)
{
    return id.isString() || id.isDouble() || id.isUndefined();
}

} // namespace

tl::expected<RpcCall, QJsonObject> readCall(const QByteArray &line)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(line, &error);
    if (error.error != QJsonParseError::NoError)
        return tl::unexpected(rpcError(QJsonValue::Null, RpcError::ParseError, error.errorString()));
    const QJsonObject object = document.object();
    const QJsonValue id = object[QStringLiteral("id")];
    const QJsonValue params = object[QStringLiteral("params")];
    const bool isResponse
        = object.contains(QStringLiteral("result")) || object.contains(QStringLiteral("error"));
    if (object[QStringLiteral("jsonrpc")] == rpcVersion && isResponse)
        return RpcCall();
    if (object[QStringLiteral("jsonrpc")] != rpcVersion || !object[QStringLiteral("method")].isString()
        || !isId(id) || !(params.isUndefined() || params.isObject()))
        return tl::unexpected(rpcError(isId(id) && !id.isUndefined() ? id : QJsonValue(QJsonValue::Null),
            RpcError::InvalidRequest, QStringLiteral("Not a JSON-RPC 2.0 request")));
    return RpcCall{id, object[QStringLiteral("method")].toString(), params.toObject()};
}

QJsonObject rpcResult(const QJsonValue &id, const QJsonObject &result)
{
    return {{QStringLiteral("jsonrpc"), rpcVersion}, {QStringLiteral("id"), id},
        {QStringLiteral("result"), result}};
}

QJsonObject rpcError(const QJsonValue &id, RpcError code, const QString &sentence)
{
    return {{QStringLiteral("jsonrpc"), rpcVersion}, {QStringLiteral("id"), id},
        {QStringLiteral("error"),
            QJsonObject{{QStringLiteral("code"), int(code)}, {QStringLiteral("message"), sentence}}}};
}

} // namespace glasspost::app
