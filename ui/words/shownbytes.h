#pragma once

#include <QByteArrayView>
#include <QList>
#include <QString>

#include <utility>

namespace glasspost::ui {

/// Octets from the wire as text that can be shown and copied without risk: valid UTF-8 is left as it is;
/// control, format, direction, line-separating, private and unassigned characters and octets that are no
/// UTF-8 become escapes ("\x1B", "\u202E"), so that nobody can forge a line, a colour or a direction (F25).
struct ShownBytes
{
    QString text;
    QList<std::pair<int, int>> escapes; ///< start and length in text: painted apart from literal backslashes

    friend bool operator==(const ShownBytes &, const ShownBytes &) = default;
};

ShownBytes shownBytes(QByteArrayView octets);
/// Whether a character can be shown as it is.
bool isHarmless(char32_t point);

} // namespace glasspost::ui
