#pragma once

#include "mail/settings/settings.h"

#include <tl/expected.hpp>

namespace glasspost::mail {

/// Puts what the route's files hold into the settings of a session: authorities, our certificate and its key.
/// Reads small files, so not on the GUI thread. The error is one line for people.
tl::expected<void, QByteArray> readRouteIdentity(const OutgoingRoute &route, smtp::ClientSettings &settings);

} // namespace glasspost::mail
