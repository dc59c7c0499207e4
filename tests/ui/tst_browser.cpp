// The file for the browser, opened by Chromium: what reaches a server or a file of this machine.
#include "mail/message/browserpage.h"
#include "mail/message/htmlcleaner.h"
#include "tests/support/canaries.h"
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
constexpr int lateness = 200; // milliseconds, for what would come late

// On everything that can be hovered or clicked, but for the links that a person may follow.
constexpr char everyClick[]
    = "document.querySelectorAll('*').forEach(element => { if (!element.closest('a[href^=http]'))"
      " for (const kind of ['mouseover', 'click'])"
      " element.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true})) })";

// That ask for the address of a server and no more. This Chromium looks none up ahead, whatever a page asks
// for (its --log-net-log has those alone that it then connects to), so that what asks is counted.
constexpr char lookUps[]
    = "document.querySelectorAll('link, meta[http-equiv=x-dns-prefetch-control i][content=on i]').length";

// What this Chromium does not follow in a file, with nobody to hold it back: the other rows are seen to reach
// the server, or the files.
constexpr const char *notFollowed[] = {
    "service worker", // a file may not register any
    "a drawing as a picture", // it loads nothing, in any browser
    "attributes", // of no element that would load them, and manifests of applications are gone
    "code of a style", // of browsers that are gone
    "out of a comment", // comments end there since the standard says where
    "out of an alternative", // for parsers that mistake quotes
    "forms in formulas", // for parsers that read twice
    "XML", // for parsers of XML
};

/// Chromium without a window, told what to do over its debugging pipe: JSON, each message ended by a NUL. Its
/// WebRTC may use the loopback interface, which is the only one that a machine without a network has.
class Browser
{
public:
    Browser()
    {
        const QString command = QStringLiteral(
            "exec chromium-headless-shell --headless --no-sandbox --disable-gpu --no-first-run "
            "--disable-background-networking --allow-loopback-in-peer-connection "
            "--remote-debugging-pipe --user-data-dir=\"$0\" 3<&0 4>&1 "
            "</dev/null "
            ">/dev/null 2>&1");
        m_process.start(QStringLiteral("sh"), {QStringLiteral("-c"), command, m_profile.path()});
    }
    ~Browser()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    /// In place of the page before. An error's words.
    QString open(const QString &path)
    {
        m_session.clear();
        if (!m_target.isEmpty())
            call(QStringLiteral("Target.closeTarget"), {{QStringLiteral("targetId"), m_target}});
        m_target = call(QStringLiteral("Target.createTarget"),
            {{QStringLiteral("url"), QStringLiteral("about:blank")}})[QLatin1String("targetId")]
                       .toString();
        m_session = call(QStringLiteral("Target.attachToTarget"),
            {{QStringLiteral("targetId"), m_target},
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
    QString m_target;
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
    void reachesOutWithoutUs_data();
    void reachesOutWithoutUs();

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
    void addWays(const QStringList &but, bool withAll = true);
    /// Moves the pointer over everything and clicks it.
    void clickEverything()
    {
        m_browser.evaluate(QLatin1String(everyClick));
        QTest::qWait(lateness);
    }

    QTemporaryDir m_folder;
    test::WebServer m_server;
    test::Canaries m_files;
    Browser m_browser;
};

void BrowserTest::addWays(const QStringList &but, bool withAll)
{
    QTest::addColumn<QString>("html");
    QString all;
    for (const auto &[name, html] : test::waysOut(host(), m_files.path())) {
        if (but.contains(QLatin1String(name)))
            continue;
        QTest::newRow(name) << html;
        all += html;
    }
    if (withAll)
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
    QVERIFY(m_files.isWatched());
    static_cast<void>(m_files.opened()); // what was opened before
    const int before = m_server.connections();
    QCOMPARE(open(mail::browserPage(cleaned(html), QStringLiteral("Ways out"), {})), QString());
    QVERIFY(m_browser.isIdle());
    clickEverything();
    QCOMPARE(m_browser.evaluate(QStringLiteral("document.title")).toString(), QStringLiteral("Ways out"));
    QCOMPARE(m_browser.evaluate(QLatin1String(lookUps)).toInt(-1), 0);
    QCOMPARE(m_server.connections(), before);
    QCOMPARE(m_files.opened(), QSet<QString>());
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
    static_cast<void>(m_files.opened()); // what was opened before
    const int before = m_server.connections();
    QCOMPARE(open(mail::browserPage({}, QStringLiteral("Ways out"), {}) + html.toUtf8()), QString());
    QVERIFY(m_browser.isIdle());
    QCOMPARE(m_server.connections(), before);
    QCOMPARE(m_files.opened(), QSet<QString>());
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

void BrowserTest::reachesOutWithoutUs_data()
{
    QStringList but;
    for (const char *name : notFollowed)
        but.append(QLatin1String(name));
    addWays(but, false);
}

/// What the others count is seen: this Chromium reaches this server, or these files, when nobody forbids it.
/// The last, since a page may go on a while.
void BrowserTest::reachesOutWithoutUs()
{
    QFETCH(QString, html);
    static_cast<void>(m_files.opened()); // what was opened before
    const int before = m_server.connections();
    QCOMPARE(open("<!DOCTYPE html><meta charset=utf-8>" + html.toUtf8()), QString());
    const auto isOut
        = [this, before] { return m_server.connections() > before || !m_files.opened().isEmpty(); };
    bool hasReached = QTest::qWaitFor(isOut, lateness * 10);
    if (!hasReached) {
        clickEverything(); // some wait for a person
        hasReached = QTest::qWaitFor(isOut);
    }
    QVERIFY(hasReached);
}

QTEST_GUILESS_MAIN(BrowserTest)
#include "tst_browser.moc"
