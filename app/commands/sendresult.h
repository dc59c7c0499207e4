#pragma once

#include "app/commandline/exitcodes.h"
#include "smtp/client/deliveryreport.h"

namespace glasspost::app {

enum class SignIn { None, Wanted };

/// How "glasspost send" ends, from what became of each recipient: one refused permanently outweighs one
/// deferred, a reason of its own (sign-in, unknown host, protocol) counts when every failure has it.
ExitCode exitCodeFor(const smtp::DeliveryReport &report, SignIn signIn = SignIn::None);

} // namespace glasspost::app
