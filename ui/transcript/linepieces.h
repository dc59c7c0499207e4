#pragma once

#include "smtp/session/transcript.h"
#include "ui/words/shownbytes.h"

#include <QList>

namespace glasspost::ui {

/// How octets of a transcript are shown.
enum class OctetView {
    Text, ///< as text, with escapes for what is none
    Controls, ///< as text, with a picture of each control character and of blanks at the end
    Hex ///< sixteen octets a row, with the text beside them
};

constexpr int octetsPerHexRow = 16;

/// Where each row of an unfolded message begins, then its size: at every line, or every sixteen octets.
QList<qsizetype> contentRows(const QByteArray &content, OctetView view);
/// What such a row shows.
ShownBytes contentRow(const QByteArray &content, const QList<qsizetype> &rows, qsizetype row, OctetView view);
/// The octets of a line's row, and how they are shown.
ShownBytes lineRow(const QByteArray &line, int row, int columns, OctetView view);
/// Octets of a line that a row has room for.
int lineColumns(int columns, OctetView view);

/// "0010  45 48 4C 4F ...  EHLO": at most sixteen octets.
ShownBytes hexRow(QByteArrayView octets, qsizetype offset);
/// Control characters as their Unicode pictures, blanks at the end as middle dots; the rest as shownBytes().
ShownBytes withControlPictures(QByteArrayView octets);

} // namespace glasspost::ui
