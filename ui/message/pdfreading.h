#pragma once

#include "mail/base/task.h"
#include "ui/message/pdfrequest.h"

class QObject;

namespace glasspost::ui {

/// The most octets of a PDF that are worth asking for.
constexpr qint64 mostPdfOctets = 16 * 1024 * 1024;

/// Whether there is a program that draws PDF files.
[[nodiscard]] bool canDrawPdf();
/// The first pages of a PDF as a picture, drawn by a process (ConfinedProcess) that ends with it; null for
/// what cannot be drawn within the limits of one. A child of the context, with which it is given up. GUI
/// thread.
[[nodiscard]] mail::Task<QImage> drawPdf(QObject *context, const PdfRequest &request);

} // namespace glasspost::ui
