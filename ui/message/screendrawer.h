#pragma once

#include "mail/base/error.h"
#include "mail/base/messageoctets.h"
#include "mail/message/csscleaner.h"
#include "ui/message/html/pageprocess.h"
#include "ui/message/html/pictures.h"

#include <QObject>

#include <memory>
#include <optional>
#include <stop_token>

namespace glasspost::ui {

/// What a reader looks at a message on.
struct ReaderScreen
{
    int width = 0; ///< CSS pixels
    mail::ColorScheme scheme = mail::ColorScheme::Light;

    friend bool operator==(const ReaderScreen &, const ReaderScreen &) = default;
};

/// A phone, a tablet and a desktop in light colors, and then the same in dark ones.
[[nodiscard]] const QList<ReaderScreen> &readerScreens();

/// A message's HTML as it is laid out for a color scheme, whatever the width.
struct SchemePage
{
    QString html; ///< the first page of bounded size (mail::HtmlPages)
    QString styleSheet;
    PagePictures pictures; ///< its own: those of servers are not fetched
    Rendering rendering = Rendering::AsSent;
};

struct SchemePages
{
    std::shared_ptr<const SchemePage> light, dark; ///< null when nothing of the message is HTML
    /// The message has rules by prefers-color-scheme: it is dark as these say. Else it is dark as HtmlView
    /// shows it (Rendering::Dark).
    bool followsScheme = false;
    bool isWhole = true; ///< there is no page but the first

    [[nodiscard]] const std::shared_ptr<const SchemePage> &of(mail::ColorScheme scheme) const
    {
        return scheme == mail::ColorScheme::Dark ? dark : light;
    }
};

/// Blocks on the disk. Any thread.
[[nodiscard]] mail::Result<SchemePages> readSchemePages(const mail::MessageOctets &octets);

/// A message on one screen.
struct DrawnScreen
{
    QImage picture; ///< of its beginning, made smaller; null when it could not be laid out
    QSize size; ///< of all of the page, in CSS pixels
    std::optional<PageFailure> failure;
};

/// Draws a message on each screen, one after another, with litehtml in its process; painting is done by
/// threads of the pool. GUI thread; never waits.
class ScreenDrawer : public QObject
{
    Q_OBJECT
public:
    static constexpr int reduction = 3; ///< CSS pixels to one of the window
    static constexpr int tallest = 1800; ///< CSS pixels of a page that a picture has

    explicit ScreenDrawer(const QString &program = PageProcess::standardProgram(), QObject *parent = nullptr);
    ~ScreenDrawer() override;

    /// Gives up what is being drawn. failed(), or read(), drawn() for each screen, and finished() come.
    /// deviceRatio: device pixels to one of the window.
    void draw(const mail::MessageOctets &octets, qreal deviceRatio);
    void giveUp();
    [[nodiscard]] const SchemePages &pages() const { return m_pages; } ///< of what is drawn, once it is read

Q_SIGNALS:
    void failed(const glasspost::mail::Error &error); ///< the message cannot be read
    void read(); ///< finished() follows at once where nothing is HTML
    void drawn(int number, const glasspost::ui::DrawnScreen &screen); ///< the number counts readerScreens()
    void finished();

private:
    void drawNext();
    void layOut();
    void paint(const std::shared_ptr<const Page> &page);
    void take(const DrawnScreen &screen);

    PageProcess m_process;
    SchemePages m_pages;
    qreal m_deviceRatio = 1;
    int m_number = 0; ///< of the screen that is drawn
    PictureImages m_images;
    std::shared_ptr<const SchemePage> m_decoded; ///< whose m_images are
    quint64 m_turn = 0; ///< counts the messages, so that what belongs to one before is known
    std::stop_source m_stop; ///< of what is done for this one
};

} // namespace glasspost::ui
