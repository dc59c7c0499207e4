#pragma once

// A pane that shows HTML, for tests of what it shows.

#include "mail/message/messagereader.h"
#include "tests/support/canaries.h"
#include "tests/support/fakesettings.h"
#include "tests/support/waysout.h"
#include "tests/support/webserver.h"
#include "ui/message/html/pageview.h"
#include "ui/message/html/paperthread.h"
#include "ui/message/htmlpane.h"
#include "ui/message/picturebar.h"
#include "ui/message/textview.h"

#include <QBuffer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace glasspost::test {

using namespace ui;

inline QByteArray pictureOf(const QColor &color, const QSize &size = QSize(40, 30))
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(color);
    QByteArray octets;
    QBuffer buffer(&octets);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return octets;
}

inline mail::MessageView messageOf(const QByteArray &html, const QByteArray &from = "news@a.example")
{
    return mail::readMessage("From: " + from + "\nContent-Type: text/html; charset=utf-8\n\n" + html);
}

inline const QList<QColor> colorsOfItsPictures = {QColor(200, 0, 0), QColor(0, 0, 200), QColor(0, 200, 0)};

/// Shows a picture of its own in a line and another one behind words (RFC 2392), and one within the HTML; of
/// 40 by 30 pixels those in lines.
inline mail::MessageView messageWithPictures()
{
    return mail::readMessage("Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
                             "<p>before</p><img src=\"cid:one@x\"><br><img src=\"data:image/png;base64,"
        + pictureOf(QColor(0, 0, 200)).toBase64()
        + "\"><p style=\"background:url(cid:two@x);height:50px\">x</p>\n--b\nContent-Type: image/png\n"
          "Content-ID: <one@x>\nContent-Transfer-Encoding: base64\n\n"
        + pictureOf(QColor(200, 0, 0)).toBase64()
        + "\n--b\nContent-Type: image/png\nContent-ID: <two@x>\nContent-Transfer-Encoding: base64\n\n"
        + pictureOf(QColor(0, 200, 0), QSize(3, 3)).toBase64() + "\n--b--\n");
}

/// A pane in a window, and what it asks of whom.
struct Reader
{
    FakeSettings settings;
    PageView *view;
    HtmlPane pane;
    PictureBar *bar = pane.findChild<PictureBar *>();

    explicit Reader(const PagePrograms &programs = PagePrograms())
        : view(new PageView(programs)), pane(settings, view)
    {
        pane.resize(640, 480);
        pane.setVisible(true);
        [this] { QVERIFY(QTest::qWaitForWindowExposed(&pane)); }();
        pane.setPictureServers(mail::PictureServers::Any);
    }
    /// Waits until it is laid out, or failed.
    void show(const mail::MessageView &message)
    {
        QSignalSpy shown(view, &HtmlView::shown);
        QSignalSpy failed(view, &HtmlView::failed);
        pane.show(message);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(shown.size() + failed.size() > 0, 40000); }();
    }
    [[nodiscard]] bool showsText() const { return text()->isVisible(); }
    [[nodiscard]] TextView *text() const { return pane.findChild<TextView *>(); }
    /// The words of every bar in sight.
    [[nodiscard]] QString said() const
    {
        QStringList all;
        for (const InlineBar *one : pane.findChildren<InlineBar *>())
            if (one->isVisible())
                all.append(one->words());
        return all.join(u'\n');
    }
    [[nodiscard]] QColor colorAt(const QPoint &place) const
    {
        const QImage image = view->viewport()->grab().toImage();
        return image.pixelColor(place * image.devicePixelRatio());
    }
    /// Whether any pixel has the color.
    [[nodiscard]] bool shows(const QColor &color) const
    {
        const QImage image = view->viewport()->grab().toImage();
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (image.pixelColor(x, y) == color)
                    return true;
        return false;
    }
    [[nodiscard]] QPushButton *button(const QString &text) const
    {
        for (QPushButton *button : pane.findChildren<QPushButton *>())
            if (button->text().remove(u'&') == text && button->isVisible())
                return button;
        return nullptr;
    }
};

/// What is shown as a PDF file; whether it could be written.
inline bool printTo(const QString &path, Reader &reader)
{
    const auto sheets = sharedOnPaper(std::make_unique<Sheets>(path, SheetHead()));
    std::optional<bool> outcome;
    reader.view->print(sheets)
        .andThen(&reader.pane, [sheets] { return runOnPaper([sheets] { return sheets->finish(); }); })
        .then(&reader.pane, [&outcome](const mail::Result<void> &result) { outcome = result.has_value(); });
    return QTest::qWaitFor([&outcome] { return outcome.has_value(); }, 20000) && *outcome;
}

inline QRect placeOf(const Page &page, const char *word)
{
    for (const PageItem &item : page.items)
        if (const auto *text = std::get_if<PageText>(&item.content);
            text != nullptr && text->text == QLatin1String(word))
            return item.place;
    return {};
}

/// An executable script that does that in place of laying out.
inline QString program(const QTemporaryDir &folder, const QByteArray &lines)
{
    QFile file(folder.filePath(QStringLiteral("page")));
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write("#!/bin/sh\n" + lines + "\n");
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return file.fileName();
}

/// Rows of HTML with "$" for the server and "^" for the folder of files.
inline void addWaysOut()
{
    QTest::addColumn<QString>("html");
    QString all;
    const QList<WayOut> ways = waysOut(QStringLiteral("$"), QStringLiteral("^"));
    for (const auto &[name, html] : ways) {
        QTest::newRow(name) << html;
        all += html;
    }
    QTest::newRow("F20 all of them") << all;
    // Followed when they are clicked, and fetched for nothing before.
    QTest::newRow("F35 links") << QStringLiteral(
        "<a href=http://$/>a</a><a href=//$/b title=http://$/b>http://$/b</a><p>http://$/c");
}

/// F20: a page that tries every way out reaches the server zero times, and no file; once asked for, its
/// pictures do alone.
inline void expectNothingFetched(Reader &reader, const QString &html)
{
    WebServer server;
    const Canaries files;
    QVERIFY(files.isWatched());
    for (const char *path : {"/img.png", "/css.png", "/style.png", "/td.png", "/2"})
        server.give(path, pictureOf(Qt::darkGreen));
    const QString address = server.address({}).remove(QLatin1String("http://"));
    const QString pictures
        = QStringLiteral("<style>div{background:url(http://$/css.png)}</style><img src=http://$/img.png>"
                         "<table background=http://$/2><tr><td background=http://$/td.png>b</table>"
                         "<div style='background:u\\72l(http://$/style.png)'>c</div>");
    QSignalSpy written(&reader.pane, &HtmlPane::browserRequested);
    reader.show(
        messageOf(QString(pictures + html).replace(u'$', address).replace(u'^', files.path()).toUtf8()));
    QVERIFY(!reader.showsText());
    QCOMPARE(reader.view->reach(), PageReach());
    QTRY_VERIFY(reader.bar->isVisible());
    reader.pane.openInBrowser();
    QTRY_COMPARE(written.size(), 1);
    QTest::mouseMove(reader.view->viewport(), QPoint(20, 20));
    QTest::qWait(100); // for what would come late
    QCOMPARE(server.connections(), 0);

    QVERIFY(reader.bar->words().contains(QLatin1String("127.0.0.1")));
    QTRY_VERIFY(reader.button(QStringLiteral("Load pictures")) != nullptr);
    reader.button(QStringLiteral("Load pictures"))->click();
    QTRY_VERIFY(reader.shows(Qt::darkGreen));
    const QList<QByteArray> paths = {"/2", "/css.png", "/img.png", "/style.png", "/td.png"};
    QTRY_VERIFY(server.paths().size() >= paths.size());
    QTest::qWait(100);
    QCOMPARE(server.paths(), paths);
    QCOMPARE(files.opened(), QSet<QString>());
    for (const QByteArray &request : server.requests())
        QVERIFY2(request.contains("\r\nAccept: image/*\r\n"), request.constData());
}

} // namespace glasspost::test
