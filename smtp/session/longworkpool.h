#pragma once

#include <QThreadPool>

namespace glasspost::smtp {

/// The threads for work that takes the longer the larger a message is: to measure it, to convert it to 7
/// bits, to save it. Few, and apart from Qt's pool, which is for short work that a peer or a person waits
/// for, so that no two large messages ever keep a sign-in waiting. The end of the application waits for what
/// runs here: such work is given a std::stop_token, looks at it after each block, and its owner requests the
/// stop when it ends. Any thread.
QThreadPool &longWorkPool();

} // namespace glasspost::smtp
