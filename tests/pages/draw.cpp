// Draws messages as the window shows their HTML, for tests/pages/likeness.py:
//     pages_draw litehtml|webengine PICTURES OUT FILE.eml...
// Of each message OUT gets NAME.png, 600 pixels wide, and NAME.json: the size of the page, and each text on
// it with its place. PICTURES has the remote pictures, each in a file named as its address, percent-encoded.
#include "mail/message/htmlpages.h"
#include "mail/message/messagereader.h"
#include "ui/message/html/pageprocess.h"
#include "ui/message/html/pictures.h"

#include <QDir>
#include <QEventLoop>
#include <QFileInfo>
#include <QGuiApplication>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QTextStream>
#include <QUrl>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr int pageWidth = 600; // CSS pixels

QByteArray octetsOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Those of the message and the remote ones that the folder has.
PictureFiles allPictures(const mail::HtmlPage &page, const QDir &folder)
{
    PictureFiles files = picturesOf(page);
    for (int i = 0; i < page.remotePictures.size(); ++i) {
        const QString name = QString::fromLatin1(QUrl::toPercentEncoding(page.remotePictures.at(i)));
        if (folder.exists(name))
            files.insert(remotePictureName(i), octetsOf(folder.filePath(name)));
    }
    return files;
}

/// Null where the process gives up.
std::shared_ptr<const Page> laidOut(PageProcess &process, const PageRequest &request)
{
    QEventLoop loop;
    std::shared_ptr<const Page> result;
    QObject::connect(&process, &PageProcess::laidOut, &loop, [&](const std::shared_ptr<const Page> &page) {
        result = page;
        loop.quit();
    });
    QObject::connect(&process, &PageProcess::failed, &loop, &QEventLoop::quit);
    process.layOut(request);
    loop.exec();
    return result;
}

QJsonObject described(const Page &page)
{
    QJsonArray texts;
    for (const PageItem &item : page.items)
        if (const auto *text = std::get_if<PageText>(&item.content))
            texts.append(QJsonArray{
                item.place.left(), item.place.top(), item.place.width(), item.place.height(), text->text});
    return {{QStringLiteral("size"), QJsonArray{page.size.width(), page.size.height()}},
        {QStringLiteral("texts"), texts}};
}

QImage painted(const Page &page, const PictureImages &pictures)
{
    QImage image(pageWidth, qBound(1, page.size.height(), 20000), QImage::Format_RGB32);
    QPainter painter(&image);
    paintPage(painter, page, pictures, image.rect(), Rendering::AsSent, [] { return false; });
    return image;
}

PageRequest requestFor(mail::HtmlEngine engine, const mail::MessageView &message, const PictureFiles &files)
{
    PageRequest request;
    const QString html = mail::HtmlPages(message.page.html).next();
    request.pictures = sizesOf(files);
    request.width = pageWidth;
    request.family = QStringLiteral("sans-serif");
    if (engine == mail::HtmlEngine::WebEngine) {
        request.html = documentOf(html, message.page.styleSheet, {files, request.pictures});
    } else {
        request.html = html.toUtf8();
        request.styleSheet = message.page.styleSheet;
    }
    return request;
}

bool draw(mail::HtmlEngine engine, PageProcess &process, const QString &path, const QDir &pictureFolder,
    const QDir &out)
{
    const mail::MessageView message = mail::readMessage(octetsOf(path));
    const PictureFiles files = allPictures(message.page, pictureFolder);
    const std::shared_ptr<const Page> page = laidOut(process, requestFor(engine, message, files));
    if (!page)
        return false;
    const QString name = out.filePath(QFileInfo(path).completeBaseName());
    QFile description(name + QLatin1String(".json"));
    return painted(*page, decoded(files)).save(name + QLatin1String(".png"))
        && description.open(QIODevice::WriteOnly)
        && description.write(QJsonDocument(described(*page)).toJson(QJsonDocument::Compact)) > 0;
}

} // namespace

int main(int argc, char *argv[])
{
    const QGuiApplication application(argc, argv);
    const QStringList words = QGuiApplication::arguments();
    if (words.size() < 5) {
        QTextStream(stderr) << "pages_draw litehtml|webengine PICTURES OUT FILE.eml...\n";
        return 64;
    }
    const auto engine = words.at(1) == QLatin1String("webengine") ? mail::HtmlEngine::WebEngine
                                                                  : mail::HtmlEngine::Litehtml;
    PageProcess process(PageProcess::standardProgram(engine));
    int failed = 0;
    for (const QString &path : words.sliced(4)) {
        if (draw(engine, process, path, QDir(words.at(2)), QDir(words.at(3))))
            continue;
        QTextStream(stderr) << path << ": not laid out\n";
        ++failed;
    }
    return failed == 0 ? 0 : 1;
}
