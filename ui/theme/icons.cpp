#include "ui/theme/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <array>
#include <cmath>

// A static library's resources have to be asked for by name, outside any namespace.
static void needResources()
{
    Q_INIT_RESOURCE(resources);
}

namespace glasspost::ui {

namespace {

constexpr std::array fileNames = {"newmessage", "reply", "replyall", "forward", "trash", "junk", "archive",
    "search", "inbox", "sent", "drafts", "folder", "user", "users", "outgoing", "incoming", "sessions",
    "transcript", "attachment", "listener", "start", "stop", "hold", "retry", "copy", "save", "open", "close",
    "clear", "settings", "warning", "error", "info", "success", "check", "chevrondown", "chevronright",
    "chevronup", "chevronleft", "undo", "filter", "lock", "add", "remove", "edit", "flag", "help", "move",
    "file", "mail", "mailopen", "clock", "code", "image", "print", "zoomin", "zoomout", "fit", "phone",
    "tablet", "desktop", "dark", "tag", "compare"};
static_assert(fileNames.size() == size_t(IconName::Compare) + 1);

QByteArray svgSource(const QString &fileName, const QColor &color)
{
    static const bool ready = (needResources(), true);
    Q_UNUSED(ready)
    QFile file(QStringLiteral(":/glasspost/icons/%1.svg").arg(fileName));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().replace("currentColor", color.name().toLatin1());
}

/// Side in device pixels. Rendered once for each colour and size.
QPixmap rendered(const QString &fileName, const QColor &color, QSize size)
{
    const QString key = QStringLiteral("glasspost/%1/%2/%3x%4")
                            .arg(fileName, color.name(QColor::HexArgb))
                            .arg(size.width())
                            .arg(size.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setOpacity(color.alphaF());
    QSvgRenderer(svgSource(fileName, color)).render(&painter);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class TintedEngine : public QIconEngine
{
public:
    TintedEngine(IconName name, Tone tone) : m_name(name), m_tone(tone) { }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device() != nullptr ? painter->device()->devicePixelRatioF() : 1.0;
        const int side = std::min(rect.width(), rect.height());
        QPixmap image = pixmap(QSize(side, side) * ratio, mode, state);
        image.setDevicePixelRatio(ratio);
        painter->drawPixmap(
            rect.left() + (rect.width() - side) / 2, rect.top() + (rect.height() - side) / 2, image);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return rendered(QLatin1String(fileNames[size_t(m_name)]), color(mode), size);
    }

    [[nodiscard]] QIconEngine *clone() const override { return new TintedEngine(m_name, m_tone); }
    [[nodiscard]] QString key() const override { return QStringLiteral("glasspost"); }

private:
    [[nodiscard]] QColor color(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        switch (mode) {
        case QIcon::Disabled:
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        case QIcon::Selected:
            return palette.color(QPalette::HighlightedText);
        case QIcon::Normal:
        case QIcon::Active:
            break;
        }
        return m_tone == Tone::Neutral ? palette.color(QPalette::ButtonText) : toneColor(palette, m_tone);
    }

    IconName m_name;
    Tone m_tone;
};

} // namespace

QIcon icon(IconName name, Tone tone)
{
    return QIcon(new TintedEngine(name, tone));
}

QIcon applicationIcon()
{
    needResources();
    return QIcon(QStringLiteral(":/glasspost/glasspost.svg"));
}

void paintIcon(QPainter *painter, const QRect &rect, IconName name, const QColor &color)
{
    const int side = std::min(rect.width(), rect.height());
    const qreal ratio = painter->device() != nullptr ? painter->device()->devicePixelRatioF() : 1.0;
    painter->drawPixmap(rect.left() + (rect.width() - side) / 2, rect.top() + (rect.height() - side) / 2,
        iconPixmap(name, color, side, ratio));
}

QPixmap iconPixmap(IconName name, const QColor &color, int side, qreal devicePixelRatio)
{
    const int pixels = int(std::lround(side * devicePixelRatio));
    QPixmap pixmap = rendered(QLatin1String(fileNames[size_t(name)]), color, {pixels, pixels});
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

} // namespace glasspost::ui
