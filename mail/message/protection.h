#pragma once

#include "mail/message/messageview.h"
#include "mail/message/parttree.h"

namespace glasspost::mail {

/// What a message says by the text that it shows, or by the outermost part that protects anything: list
/// servers put their footer beside what was signed. Messages within speak for themselves.
void readProtectionInto(MessageView &view, const PartTree &tree);

} // namespace glasspost::mail
