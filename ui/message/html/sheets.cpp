#include "ui/message/html/sheets.h"

#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QPdfWriter>
#include <QSaveFile>
#include <QTextLayout>

namespace glasspost::ui {

namespace {

constexpr qreal pixelsOfInch = 96;
constexpr int subjectSize = 18, fieldSize = 12, lineSize = 11; // of letters
constexpr qreal fieldNameWidth = 80; // of a field
constexpr int mostHeadLines = 4; // of the subject, and of a field
constexpr QColor headColor(0x60, 0x60, 0x60);

QFont fontOf(int pixelSize, QFont::Weight weight = QFont::Normal)
{
    QFont font;
    font.setPixelSize(pixelSize);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace

Sheets::Sheets(std::shared_ptr<QPagedPaintDevice> device, SheetHead head, std::stop_token stop)
    : m_device(std::move(device)), m_head(std::move(head)), m_stop(std::move(stop))
{ }

Sheets::Sheets(const QString &path, SheetHead head, std::stop_token stop)
    : m_file(std::make_unique<QSaveFile>(path)), m_head(std::move(head)), m_stop(std::move(stop))
{ }

Sheets::~Sheets()
{
    end();
}

/// Painting ends before the device and its file go.
void Sheets::end()
{
    m_hasFailed = true;
    m_painter.reset();
    m_device.reset();
}

bool Sheets::begin()
{
    if (m_file) {
        if (!m_file->open(QIODevice::WriteOnly))
            return false;
        const auto writer = std::make_shared<QPdfWriter>(m_file.get());
        writer->setTitle(m_head.subject);
        m_device = writer;
    }
    m_painter = std::make_unique<QPainter>();
    if (!m_painter->begin(m_device.get()))
        return false;
    const qreal scale = m_device->logicalDpiX() / pixelsOfInch;
    m_size = QSizeF(m_painter->viewport().size()) / scale;
    m_painter->scale(scale, scale);
    m_top = m_painter->transform();
    return true;
}

bool Sheets::next()
{
    m_isFull = m_number >= most;
    if (m_hasFailed || m_isFull || isGivenUp())
        return false;
    m_hasFailed = m_number == 0 ? !begin() : !m_device->newPage();
    if (m_hasFailed)
        return false;
    ++m_number;
    m_painter->setTransform(m_top);
    m_at = 0;
    if (m_number == 1)
        paintHead();
    else
        paintLine();
    return true;
}

bool Sheets::makeRoom(qreal height)
{
    return (m_number > 0 && !m_hasFailed && left() >= height) || next();
}

void Sheets::moveDown(qreal height)
{
    m_painter->translate(0, height);
    m_at += height;
}

/// Wrapped, at most so many lines of it; how high it is.
qreal Sheets::paintText(const QString &text, const QFont &font, qreal begin, qreal width)
{
    const bool isFromRight = m_head.direction == Qt::RightToLeft;
    QTextOption option(isFromRight ? Qt::AlignRight : Qt::AlignLeft);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    QTextLayout layout(text, font);
    layout.setTextOption(option);
    layout.beginLayout();
    qreal height = 0;
    for (int lines = 0; lines < mostHeadLines; ++lines) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width);
        line.setPosition({0, height});
        height += line.height();
    }
    layout.endLayout();
    layout.draw(m_painter.get(), {isFromRight ? this->width() - begin - width : begin, 0});
    return height;
}

void Sheets::paintHead()
{
    m_painter->setPen(Qt::black);
    moveDown(paintText(m_head.subject, fontOf(subjectSize, QFont::Bold), 0, width()) + space::half);
    for (const auto &[name, value] : m_head.fields) {
        m_painter->setPen(headColor);
        const qreal height = paintText(name, fontOf(fieldSize), 0, fieldNameWidth);
        m_painter->setPen(Qt::black);
        moveDown(qMax(height, paintText(value, fontOf(fieldSize), fieldNameWidth, width() - fieldNameWidth)));
    }
    m_painter->fillRect(QRectF(0, space::one, width(), 1), headColor);
    moveDown(space::two + 1);
}

void Sheets::paintLine()
{
    const QFont font = fontOf(lineSize);
    const QFontMetricsF metrics(font);
    const QString number = QLocale().toString(m_number);
    const qreal side = metrics.horizontalAdvance(number) + space::two;
    const bool isFromRight = m_head.direction == Qt::RightToLeft;
    m_painter->setPen(headColor);
    paintText(metrics.elidedText(m_head.line, Qt::ElideRight, width() - side), font, 0, width() - side);
    m_painter->setFont(font);
    m_painter->drawText(QPointF(isFromRight ? 0 : width() - side + space::two, metrics.ascent()), number);
    m_painter->fillRect(QRectF(0, metrics.height() + space::half, width(), 1), headColor);
    moveDown(metrics.height() + space::two);
}

mail::Error Sheets::error() const
{
    return {mail::ErrorCode::InputOutput, m_file ? m_file->fileName() : QString(),
        m_file ? m_file->errorString() : QString()};
}

/// A file that could not be written to its end is none.
mail::Result<void> Sheets::finish()
{
    bool isDone = m_number > 0 && !m_hasFailed && !isGivenUp();
    isDone = m_painter && m_painter->isActive() && m_painter->end() && isDone;
    m_device.reset();
    if (m_file)
        isDone = isDone && m_file->commit();
    if (!isDone)
        return tl::unexpected(error());
    return {};
}

} // namespace glasspost::ui
