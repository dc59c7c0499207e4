#pragma once

#include <QByteArray>
#include <QJsonObject>

namespace glasspost::app {

/// What "glasspost journey --compare" answers: a line for each fact and each stage, with "!" before those
/// that differ, and in what.
QByteArray comparisonLines(const QJsonObject &answer);

} // namespace glasspost::app
