#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <tl/expected.hpp>

namespace glasspost::app {

/// What a model may do here, as tools/list of the Model Context Protocol lists it.
QJsonArray toolList();

/// What the data folder is asked for a tool's call, or the sentence that says what is wrong with its
/// arguments. A draft is queued held: no tool lets anything leave.
tl::expected<QJsonObject, QString> toolRequest(const QString &tool, const QJsonObject &arguments);
[[nodiscard]] bool isTool(const QString &name);
/// What the model gets of the answer.
QJsonObject toolAnswer(const QString &tool, const QJsonObject &arguments, const QJsonObject &answer);

} // namespace glasspost::app
