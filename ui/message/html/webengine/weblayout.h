#pragma once

#include "ui/message/html/page.h"
#include "ui/message/html/webengine/gate.h"

#include <QObject>
#include <QPoint>
#include <QTimer>
#include <QVariant>
#include <QWebEngineProfile>
#include <QWebEngineView>

#include <functional>

namespace glasspost::ui {

/// Lays pages out with Qt WebEngine, one after another: loads the document, reads texts, links and their
/// places of it (page.js), and takes pictures of it, a window after the other, until it has all. Takes as
/// long as the message makes it take, and the process ends where the engine's does. Needs a QApplication.
class WebLayout : public QObject
{
    Q_OBJECT
public:
    WebLayout();

    /// laidOut() comes.
    void layOut(const PageRequest &request);

Q_SIGNALS:
    void laidOut(const glasspost::ui::Page &page);

private:
    void setUp();
    void openWindow();
    void read();
    void takeReading(const QVariantMap &reading);
    void show(const QPoint &corner);
    void look();
    void takeWindow(const QImage &window);
    void addStrip(const QImage &window, const QRect &part);
    void run(const QString &script, const std::function<void(const QVariant &)> &take);

    Gate m_gate;
    DocumentSource m_source;
    QWebEngineProfile m_profile; ///< off the record
    QWebEngineView m_view;
    PageRequest m_request;
    Page m_page;
    QList<PageItem> m_texts; ///< painted over by nothing: they come after the strips
    QList<QRect> m_pictures;
    QSize m_pixels; ///< of the whole page
    QSize m_window; ///< in pixels, without the line that says which part it shows
    QPoint m_corner; ///< of the part that is asked for
    quint32 m_shown = 0; ///< counts the parts; the color of that line
    QTimer m_reading, m_looking; ///< until the engine is as far
};

} // namespace glasspost::ui
