#pragma once

#include "smtp/session/transcript.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>

#include <utility>

namespace glasspost::mail {

/// Transcript entries that came since the last batch, in order, per session.
struct TranscriptBatch
{
    QList<smtp::SessionFacts> sessions; ///< opened, changed or closed
    QList<std::pair<QByteArray, smtp::TranscriptEntry>> entries; ///< session id and entry
};

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::TranscriptBatch)
