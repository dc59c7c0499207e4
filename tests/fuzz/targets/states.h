#pragma once

#include "smtp/client/clientstates.h"
#include "smtp/server/serverstate.h"

#include <QByteArray>
#include <QFlags>

namespace glasspost::fuzz {

/// Under what circumstances an engine came to a state.
enum class Under { Tls = 1, User = 2 };
Q_DECLARE_FLAGS(UnderFlags, Under)
Q_DECLARE_OPERATORS_FOR_FLAGS(UnderFlags)

/// "Data, TLS, user": what reached() is called with.
QByteArray stateText(smtp::ServerState state, UnderFlags under);
QByteArray stateText(smtp::ClientState state, UnderFlags under);

} // namespace glasspost::fuzz
