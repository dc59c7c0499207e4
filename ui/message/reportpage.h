#pragma once

#include "mail/journey/journey.h"
#include "mail/message/messageview.h"
#include "mail/system/deliveryends.h"
#include "mail/transcripts/transcriptbatch.h"
#include "ui/message/addressmask.h"

#include <QDateTime>

#include <optional>

namespace glasspost::ui {

/// All that a report of a delivery is made of.
struct ReportContent
{
    QList<mail::Journey> journeys;
    QList<mail::Transcript> transcripts; ///< those that are kept of its sessions
    QDateTime now;
    mail::DeliveryEnds ends = {}; ///< how it came, and the other ends that were here
    /// The message's own, where they are asked for; empty: the message is not known here.
    std::optional<QList<mail::HeaderField>> header = {};
};

/// One HTML page that needs nothing else, to be attached to a ticket or printed: what became of each
/// recipient, why it did not arrive, the waterfall, every stage with its facts, TLS, what was said, and the
/// header fields on request. Of a connection that carried other messages it has this one alone, and never the
/// message's octets; credentials were blotted out before they were kept. With masked addresses it has no
/// subject either. It is XML, too, so that paintReport() reads it.
[[nodiscard]] QByteArray reportPage(const ReportContent &content, AddressMask::Addresses addresses);

} // namespace glasspost::ui
