#pragma once

#include "mail/message/messageview.h"
#include "mail/message/parttree.h"

namespace glasspost::mail {

/// Of a message by its outermost part, which protects all of it, or by the text that it shows.
[[nodiscard]] Protection protectionOf(const PartTree &tree, const QString &text);

} // namespace glasspost::mail
