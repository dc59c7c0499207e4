#pragma once

#include "mail/base/jsontext.h"
#include "smtp/session/sessiontrace.h"

#include <QJsonObject>

namespace glasspost::mail {

/// The word for a stage, in files and for scripts: "lookup", "end-of-data".
[[nodiscard]] QByteArray stageName(smtp::TraceStage stage);
/// A member "trace" of the object that is open; the session's id stands outside it.
void writeTrace(JsonText &json, const smtp::SessionTrace &trace);
/// Nothing when it is no trace: a stage that is not known, or times that run backwards.
[[nodiscard]] std::optional<smtp::SessionTrace> traceFromJson(
    const QJsonObject &value, const QByteArray &sessionId);

} // namespace glasspost::mail
