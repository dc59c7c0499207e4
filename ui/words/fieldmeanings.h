#pragma once

#include <QString>

namespace glasspost::ui {

/// What a header field is about: fields of one group look alike.
enum class FieldGroup { Unknown, Author, Trace, Authentication, List, Content, Reports };

[[nodiscard]] FieldGroup fieldGroup(const QString &name);
/// What a header field means, one sentence for people, after the permanent and provisional registry of
/// message header fields (RFC 3864); empty for one that is not known here. Case does not count.
[[nodiscard]] QString fieldMeaning(const QString &name);

} // namespace glasspost::ui
