#pragma once

#include "mail/base/error.h"

#include <QList>
#include <QPainter>
#include <QString>
#include <QTransform>

#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

class QPagedPaintDevice;
class QSaveFile;

namespace glasspost::ui {

/// What stands above a message on paper: on the first sheet the whole, on each further one a line and the
/// sheet's number. All of it is plain text.
struct SheetHead
{
    QString subject;
    QList<std::pair<QString, QString>> fields; ///< what it is called, and its value
    QString line; ///< for further sheets
    Qt::LayoutDirection direction = Qt::LeftToRight;
};

/// Sheets of paper that a message is painted on from top to bottom. Lengths are CSS pixels of 1/96 inch,
/// within the margins. On paperThread() alone: painting takes long, files are written, and fonts belong to
/// the thread that painted.
class Sheets
{
public:
    static constexpr int most = 1000;

    /// On a printer.
    Sheets(std::shared_ptr<QPagedPaintDevice> device, SheetHead head, std::stop_token stop = {});
    /// Into a PDF file for A4, which is there once finish() succeeded and not before.
    Sheets(const QString &path, SheetHead head, std::stop_token stop = {});
    /// Ends painting, as end() does.
    ~Sheets();
    Sheets(const Sheets &) = delete;
    Sheets &operator=(const Sheets &) = delete;

    /// The first sheet, or a further one; false when the device does not take it, there are too many, or
    /// nobody wants them any more.
    [[nodiscard]] bool next();
    /// Goes to the next sheet where less than that is left of this one, or there is none yet; false as
    /// next().
    [[nodiscard]] bool makeRoom(qreal height);
    [[nodiscard]] qreal width() const { return m_size.width(); }
    [[nodiscard]] qreal left() const { return m_size.height() - m_at; } ///< below what is painted
    /// Its origin is where the next thing goes, at the left.
    [[nodiscard]] QPainter &painter() { return *m_painter; }
    void moveDown(qreal height);
    [[nodiscard]] bool isGivenUp() const { return m_stop.stop_requested(); }
    /// A printer has sheets. It prints them when painting ends, however it does: Qt's QPrinter::abort() takes
    /// nothing back.
    [[nodiscard]] bool arePrinted() const { return !m_file && m_number > 0; }
    /// Something was to go onto more sheets than there may be; what is on them can be finished.
    [[nodiscard]] bool isFull() const { return m_isFull; }
    /// What is painted is printed, or the file is written.
    [[nodiscard]] mail::Result<void> finish();
    /// Ends painting and lets go of the device, for good: a printer is given what is painted.
    void end();
    /// Why it went no further.
    [[nodiscard]] mail::Error error() const;

private:
    [[nodiscard]] bool begin();
    void paintHead();
    void paintLine();
    qreal paintText(const QString &text, const QFont &font, qreal begin, qreal width);

    std::unique_ptr<QSaveFile> m_file;
    std::shared_ptr<QPagedPaintDevice> m_device;
    const SheetHead m_head;
    const std::stop_token m_stop;
    std::unique_ptr<QPainter> m_painter; ///< there from the first sheet on
    QTransform m_top; ///< of the painter, where a sheet begins
    QSizeF m_size;
    qreal m_at = 0;
    int m_number = 0;
    bool m_hasFailed = false, m_isFull = false;
};

} // namespace glasspost::ui
