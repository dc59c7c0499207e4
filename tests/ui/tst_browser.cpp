// The file for the browser, opened by Chromium: what reaches a server of this machine.
#include "mail/message/browserpage.h"
#include "mail/message/htmlcleaner.h"
#include "tests/support/waysout.h"
#include "tests/support/webserver.h"
#include "ui/message/html/pictures.h"

#include <QBuffer>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr int patience = 60000; // milliseconds

/// Chromium without a window, told what to do over its debugging pipe: JSON, each message ended by a NUL.
class Browser
{
public:
    Browser()
    {
        const QString command = QStringLiteral(
            "exec chromium-headless-shell --headless --no-sandbox --disable-gpu --no-first-run "
            "--disable-background-networking --remote-debugging-pipe --user-data-dir=\"$0\" 3<&0 4>&1 "
            "</dev/null "
            ">/dev/null 2>&1");
        m_process.start(QStringLiteral("sh"), {QStringLiteral("-c"), command, m_profile.path()});
    }
    ~Browser()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    /// An error's words.
    QString open(const QString &path)
    {
        m_session.clear();
        const QString target = call(QStringLiteral("Target.createTarget"),
            {{QStringLiteral("url"), QStringLiteral("about:blank")}})[QLatin1String("targetId")]
                                   .toString();
        m_session = call(QStringLiteral("Target.attachToTarget"),
            {{QStringLiteral("targetId"), target},
                {QStringLiteral("flatten"), true}})[QLatin1String("sessionId")]
                        .toString();
        if (m_session.isEmpty())
            return QStringLiteral("Chromium does not start: ") + m_process.errorString();
        call(QStringLiteral("Page.enable"), {});
        call(QStringLiteral("Page.setLifecycleEventsEnabled"), {{QStringLiteral("enabled"), true}});
        m_loader = call(QStringLiteral("Page.navigate"),
            {{QStringLiteral("url"), QUrl::fromLocalFile(path).toString()}})[QLatin1String("loaderId")]
                       .toString();
        return m_loader.isEmpty() ? QStringLiteral("the page is not opened") : QString();
    }

    /// Until the page and all it asks for came or failed, and half a second after that: Chromium says when.
    bool isIdle()
    {
        return awaits([this](const QJsonObject &message) {
            const QJsonObject what = message[QLatin1String("params")].toObject();
            return what[QLatin1String("loaderId")].toString() == m_loader
                && what[QLatin1String("name")].toString() == QLatin1String("networkIdle");
        });
    }

    /// In the page that is open.
    QJsonValue evaluate(const QString &script)
    {
        return call(QStringLiteral("Runtime.evaluate"),
            {{QStringLiteral("expression"), script},
                {QStringLiteral("returnByValue"), true}})[QLatin1String("result")][QLatin1String("value")];
    }

private:
    QJsonObject call(const QString &method, const QJsonObject &parameters)
    {
        const int number = ++m_count;
        QJsonObject order{{QStringLiteral("id"), number}, {QStringLiteral("method"), method},
            {QStringLiteral("params"), parameters}};
        if (!m_session.isEmpty())
            order.insert(QStringLiteral("sessionId"), m_session);
        m_process.write(QJsonDocument(order).toJson(QJsonDocument::Compact) + '\0');
        QJsonObject result;
        awaits([number, &result](const QJsonObject &message) {
            result = message[QLatin1String("result")].toObject();
            return message[QLatin1String("id")].toInt() == number;
        });
        return result;
    }

    /// Takes messages until one is what is waited for.
    template <typename Condition> bool awaits(const Condition &isAwaited)
    {
        return QTest::qWaitFor(
            [this, &isAwaited] {
                m_received += m_process.readAllStandardOutput();
                for (qsizetype end = m_received.indexOf('\0'); end >= 0; end = m_received.indexOf('\0')) {
                    const QJsonObject message = QJsonDocument::fromJson(m_received.left(end)).object();
                    m_received.remove(0, end + 1);
                    if (isAwaited(message))
                        return true;
                }
                return false;
            },
            patience);
    }

    QTemporaryDir m_profile;
    QProcess m_process;
    QByteArray m_received;
    QString m_session;
    QString m_loader;
    int m_count = 0;
};

QByteArray pictureOf(Qt::GlobalColor color)
{
    QImage image(40, 30, QImage::Format_RGB32);
    image.fill(color);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

mail::HtmlPage cleaned(const QString &html)
{
    mail::HtmlPage page;
    mail::cleanInto(page, html, {QStringLiteral("one@x")});
    return page;
}

} // namespace

class BrowserTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reachesNoServer_data();
    void reachesNoServer();
    void isHeldByThePolicyAlone_data();
    void isHeldByThePolicyAlone();
    void showsPicturesWithin();
    void reachesTheServerWithoutUs();

private:
    /// Opens it, and says what went wrong.
    QString open(const QByteArray &page)
    {
        QFile file(m_folder.filePath(QStringLiteral("page.html")));
        if (!file.open(QIODevice::WriteOnly) || file.write(page) != page.size() || !file.flush())
            return file.errorString();
        return m_browser.open(file.fileName());
    }
    /// Host and port, as the ways out have it.
    [[nodiscard]] QString host() const { return m_server.address({}).remove(QLatin1String("http://")); }
    void addWays(const QStringList &but);

    QTemporaryDir m_folder;
    test::WebServer m_server;
    Browser m_browser;
};

void BrowserTest::addWays(const QStringList &but)
{
    QTest::addColumn<QString>("html");
    QString all;
    for (const auto &[name, html] : test::waysOut(host())) {
        if (but.contains(QLatin1String(name)))
            continue;
        QTest::newRow(name) << html;
        all += html;
    }
    QTest::newRow("all of them") << all;
}

void BrowserTest::reachesNoServer_data()
{
    addWays({});
    QTest::newRow("pictures of servers")
        << QStringLiteral("<img src=http://$/a><style>p{background:url(http://$/b)}</style>"
                          "<table background=http://$/c><tr><td style='background:url(//$/d)'><p>x")
               .replace(u'$', host());
}

/// F20: the page that tries every way out, as the browser opens it.
void BrowserTest::reachesNoServer()
{
    QFETCH(QString, html);
    const int before = m_server.connections();
    QCOMPARE(open(mail::browserPage(cleaned(html), QStringLiteral("Ways out"), {})), QString());
    QVERIFY(m_browser.isIdle());
    QCOMPARE(m_browser.evaluate(QStringLiteral("document.title")).toString(), QStringLiteral("Ways out"));
    QCOMPARE(m_server.connections(), before);
}

/// No policy forbids a page to name another one or to connect ahead: those two are the cleaning's alone.
void BrowserTest::isHeldByThePolicyAlone_data()
{
    addWays({QStringLiteral("refresh"), QStringLiteral("hints")});
}

/// Should the cleaning ever leave something: HTML as it came, in the file.
void BrowserTest::isHeldByThePolicyAlone()
{
    QFETCH(QString, html);
    const int before = m_server.connections();
    QCOMPARE(open(mail::browserPage({}, QStringLiteral("Ways out"), {}) + html.toUtf8()), QString());
    QVERIFY(m_browser.isIdle());
    QCOMPARE(m_server.connections(), before);
}

/// Those that came with the message, and those that the person allowed and we fetched.
void BrowserTest::showsPicturesWithin()
{
    const mail::HtmlPage page
        = cleaned(QStringLiteral("<img src='cid:one@x'><img src=http://$/a.png><div style='background:url("
                                 "http://$/b.png);height:9px'></div><img src=http://$/c.png alt=held>")
                      .replace(u'$', host()));
    const PictureFiles files = {{QStringLiteral("cid:one%40x"), pictureOf(Qt::darkRed)},
        {remotePictureName(0), pictureOf(Qt::darkGreen)}, {remotePictureName(1), pictureOf(Qt::darkBlue)}};
    const int before = m_server.connections();
    QCOMPARE(open(mail::browserPage(page, QStringLiteral("Pictures"), addressesOf(files))), QString());
    QVERIFY(m_browser.isIdle());
    const QJsonArray widths
        = m_browser.evaluate(QStringLiteral("Array.from(document.images, image => image.naturalWidth)"))
              .toArray();
    QCOMPARE(widths, (QJsonArray{40, 40}));
    const QString background
        = m_browser
              .evaluate(QStringLiteral("getComputedStyle(document.querySelector('div')).backgroundImage"))
              .toString();
    QVERIFY2(background.startsWith(QLatin1String("url(\"data:image/png;base64,")), qPrintable(background));
    QVERIFY(m_browser.evaluate(QStringLiteral("document.body.innerText"))
                .toString()
                .contains(QLatin1String("held")));
    QCOMPARE(m_server.connections(), before);
}

/// What the others count is seen: this Chromium reaches this server when nobody forbids it. The last, since
/// its pages stay open.
void BrowserTest::reachesTheServerWithoutUs()
{
    for (const test::WayOut &way : test::waysOut(host())) {
        const QByteArray name(way.name);
        if (name != "script" && name != "style sheet" && name != "frames")
            continue;
        const int before = m_server.connections();
        QCOMPARE(open("<!DOCTYPE html><meta charset=utf-8>" + way.html.toUtf8()), QString());
        QTRY_VERIFY2(m_server.connections() > before, way.name);
    }
}

QTEST_GUILESS_MAIN(BrowserTest)
#include "tst_browser.moc"
