#pragma once

#include "mail/message/messageview.h"
#include "mail/message/parttree.h"

namespace glasspost::mail {

/// Of a message by the text that it shows, or by the outermost part that protects anything: list servers put
/// their footer beside what was signed. Messages within speak for themselves.
[[nodiscard]] Protection protectionOf(const PartTree &tree, const QString &text);

} // namespace glasspost::mail
