#pragma once

#include <QByteArray>
#include <QImage>
#include <QSize>

namespace glasspost::ui {

/// The most octets of a picture that are worth asking for.
constexpr qint64 mostPictureOctets = 16 * 1024 * 1024;

/// A picture file as an image of at most that size, in its proportions; null for what is no plain picture
/// (PNG, JPEG, GIF, BMP, WebP), is damaged, or would take more than 64 MiB to decode. Takes up to a second:
/// never on the GUI thread.
[[nodiscard]] QImage readPicture(const QByteArray &octets, const QSize &most);

} // namespace glasspost::ui
