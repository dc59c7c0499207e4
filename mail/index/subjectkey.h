#pragma once

#include <QString>

namespace glasspost::mail {

/// What a subject is sorted and compared by: case folded and without the marks of replies and forwards, "Re:
/// Fwd: x" is "x". At most 200 characters.
QString subjectKey(const QString &subject);
/// "Re: x", "AW: x", "Re[2]: x".
bool isReplySubject(const QString &subject);

} // namespace glasspost::mail
