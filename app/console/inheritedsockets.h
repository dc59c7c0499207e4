#pragma once

#include "mail/settings/settings.h"

namespace glasspost::app {

/// The sockets that systemd has bound and passes (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS), as bindings; the
/// variables are taken out of the environment, so that no program of ours takes them for its own. Of those
/// that are no listening TCP or Unix sockets it complains. Once, before threads.
QList<mail::ListenerBinding> inheritedBindings();

} // namespace glasspost::app
