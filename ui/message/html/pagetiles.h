#pragma once

#include "ui/message/html/pagepainter.h"

#include <QObject>
#include <QSet>

#include <atomic>
#include <memory>

namespace glasspost::ui {

/// A page as pictures of strips across it, painted by threads of the pool as they are asked for, so that
/// painting never holds the window up, however much lies on one place. GUI thread.
class PageTiles : public QObject
{
    Q_OBJECT
public:
    static constexpr int height = 256; ///< of a strip, in pixels of the window

    explicit PageTiles(QObject *parent = nullptr);
    ~PageTiles() override;

    /// What was painted is given up.
    void setPage(std::shared_ptr<const Page> page, const PictureImages &pictures);
    /// Pixels of the window for a pixel of the page, device pixels for one of the window, and how wide the
    /// window is.
    void setScale(qreal zoom, qreal deviceRatio, int width);
    void setRendering(Rendering rendering);
    /// The strip of that number, from the top; null while it is not there, and then ready() comes.
    [[nodiscard]] QImage strip(int number);
    /// Strips that are far from these are forgotten.
    void keep(int first, int last);

Q_SIGNALS:
    void ready(int number);

private:
    void forget();
    void paint(int number);

    std::shared_ptr<const Page> m_page;
    PictureImages m_pictures;
    qreal m_zoom = 1, m_deviceRatio = 1;
    int m_width = 0;
    Rendering m_rendering = Rendering::AsSent;
    QHash<int, QImage> m_strips;
    QSet<int> m_asked;
    std::shared_ptr<std::atomic_bool> m_isStopped; ///< of what is painted for this page and scale
};

} // namespace glasspost::ui
