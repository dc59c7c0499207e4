#pragma once

#include <QByteArray>
#include <QImage>
#include <QSize>

#include <optional>

namespace glasspost::ui {

// What goes to the process that draws PDF files, and what comes back.

struct PdfRequest
{
    QByteArray file;
    QSize page; ///< pixels that a page is drawn into, in its proportions
    int pages = 1; ///< so many at most, below each other

    friend bool operator==(const PdfRequest &, const PdfRequest &) = default;
};

constexpr int mostPdfPages = 8;
constexpr int largestPdfPage = 1600; ///< pixels, in both directions

[[nodiscard]] QByteArray written(const PdfRequest &request);
[[nodiscard]] std::optional<PdfRequest> readPdfRequest(const QByteArray &octets);
[[nodiscard]] QByteArray written(const QImage &picture);
/// Checks all of it: what comes from the process is no more to be trusted than the file. Null for what is
/// none.
[[nodiscard]] QImage readPdfPicture(const QByteArray &octets);

} // namespace glasspost::ui
