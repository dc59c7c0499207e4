#pragma once

namespace glasspost::mail {

/// Lets this process have as many files and sockets open as the system allows it: the usual soft limit of
/// 1024 is less than the listener's connections. Any thread; without effect where there is no such limit.
void raiseOpenFileLimit();

} // namespace glasspost::mail
