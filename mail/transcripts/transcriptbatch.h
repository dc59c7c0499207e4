#pragma once

#include "smtp/session/transcript.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>

#include <utility>

namespace glasspost::mail {

/// A session as it is now: facts and entries.
using Transcript = std::pair<smtp::SessionFacts, QList<smtp::TranscriptEntry>>;

/// Transcript entries that came since the last batch, in order, per session.
struct TranscriptBatch
{
    QList<smtp::SessionFacts> sessions; ///< opened, changed or closed
    QList<std::pair<QByteArray, smtp::TranscriptEntry>> entries; ///< session id and entry
};

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::TranscriptBatch)
