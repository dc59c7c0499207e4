#pragma once

#include <QByteArrayView>

namespace glasspost::smtp {

/// Whether the first word of a line is one that other protocols begin with, or a header field: nobody who
/// says it speaks SMTP or POP3 (S12). A web page may let a browser send such lines here, and commands behind
/// them.
bool isOtherProtocol(QByteArrayView word);

} // namespace glasspost::smtp
