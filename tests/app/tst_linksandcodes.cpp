#include "app/messages/messagelinks.h"
#include "app/messages/onetimecodes.h"

#include <QtTest>

using namespace glasspost::app;

/// What a test suite wants from a message at once: where its links go, and the code in it.
class LinksAndCodesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void links_data();
    void links();
    void linksAreBounded();
    void codes_data();
    void codes();
    void codesAreBounded();
};

void LinksAndCodesTest::links_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("expected"); // "url words"
    const auto row = [](const char *name, const QString &html, const QString &text,
                         const QStringList &expected) { QTest::newRow(name) << html << text << expected; };
    row("none", {}, QStringLiteral("Hello"), {});
    row("a link with words in elements",
        QStringLiteral("<a href='https://a.test/x?y=1&amp;z=2'> <b>Reset</b>\nit</a>"), {},
        {QStringLiteral("https://a.test/x?y=1&z=2 Reset it")});
    row("a picture in a link", QStringLiteral("<a href=https://a.test/><img src=x alt=Shop></a>"), {},
        {QStringLiteral("https://a.test/ Shop")});
    row("a link into an app", QStringLiteral("<a href='shop://reset?t=1'>Open</a>"), {},
        {QStringLiteral("shop://reset?t=1 Open")});
    row("mail and telephone", QStringLiteral("<a href='mailto:a@b.test'>m</a><a href='tel:+491'>t</a>"), {},
        {QStringLiteral("mailto:a@b.test m"), QStringLiteral("tel:+491 t")});
    row("only within the page",
        QStringLiteral(
            "<a href='#top'>1</a><a href='JavaScript:x()'>2</a><a href='cid:x'>3</a><a href='/x'>4</a>"),
        {}, {});
    row("a map", QStringLiteral("<map><area href='https://a.test/1'><area href='https://a.test/2'></map>"),
        {}, {QStringLiteral("https://a.test/1 "), QStringLiteral("https://a.test/2 ")});
    row("never closed", QStringLiteral("<a href='https://a.test/1'>one<a href='https://a.test/2'>two"), {},
        {QStringLiteral("https://a.test/1 one"), QStringLiteral("https://a.test/2 two")});
    row("line ends within, as browsers drop them", QStringLiteral("<a href=' https://a.\n test/'>x</a>"), {},
        {QStringLiteral("https://a. test/ x")});
    row("in text", {},
        QStringLiteral("See https://a.test/x. Or (http://b.test/y_(z)), or \"HTTPS://c.test/\"!"),
        {QStringLiteral("https://a.test/x "), QStringLiteral("http://b.test/y_(z) "),
            QStringLiteral("HTTPS://c.test/ ")});
    row("in both", QStringLiteral("<a href='https://a.test/'>x</a>"),
        QStringLiteral("https://a.test/ <https://b.test/>"),
        {QStringLiteral("https://a.test/ x"), QStringLiteral("https://b.test/ ")});
    row("not in a script or a style",
        QStringLiteral("<script>var a = '<a href=https://a.test>x</a>'</script>"), {}, {});
}

void LinksAndCodesTest::links()
{
    QFETCH(QString, html);
    QFETCH(QString, text);
    QStringList found;
    for (const MessageLink &link : messageLinks(html, text))
        found += link.url + u' ' + link.words;
    QTEST(found, "expected");
}

void LinksAndCodesTest::linksAreBounded()
{
    QString html, text;
    for (int i = 0; i < 3000; ++i) {
        html += QStringLiteral("<a href='https://a.test/%1'>x</a>").arg(i);
        text += QStringLiteral("https://b.test/%1 ").arg(i);
    }
    QCOMPARE(messageLinks(html, text).size(), 1000);
    QCOMPARE(messageLinks({}, text).size(), 1000);
}

void LinksAndCodesTest::codes_data()
{
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const char *subject, const char *text, const char *expected) {
        QTest::newRow(name) << QString::fromUtf8(subject) << QString::fromUtf8(text)
                            << QString::fromLatin1(expected).split(u' ', Qt::SkipEmptyParts);
    };
    row("six digits", "Sign in", "Your verification code is 482913.", "482913");
    row("in the subject", "482913 is your code", "Do not share it with anybody.", "482913");
    row("in both, once", "482913 is your code", "Your code: 482913", "482913");
    row("on a line of its own", "Sign in", "Enter this code:\n\n  4829\n\nIt holds for 10 minutes.", "4829");
    row("above its words", "Sign in", "482913\nis your one-time password", "482913");
    row("in groups", "Code", "Your code is 482 913", "482913");
    row("in groups of four", "PIN", "4829-1377", "48291377");
    row("letters and digits", "Sign in", "Use the code XK4P9Q to sign in", "XK4P9Q");
    row("two groups of letters", "Device", "Enter the code on your device: WDJB-4XHT", "WDJB-4XHT");
    row("with a prefix", "Sign in", "G-482913 is your Google verification code.", "G-482913");
    row("two codes", "Codes", "Recovery codes:\n11112222\n33334444", "11112222 33334444");
    row("German", "Anmeldung", "Ihr Bestätigungscode lautet 482913.", "482913");
    row("German TAN", "Überweisung", "TAN: 482913", "482913");
    row("Spanish", "Acceso", "Tu código es 482913", "482913");
    row("Japanese", "ログイン", "認証コード：482913", "482913");
    row("Chinese", "登录", "您的验证码是482913，请勿泄露。", "482913");
    row("Korean", "로그인", "인증번호 [482913]", "482913");
    row("a year that is a code", "Code", "Your code:\n2026", "2026");
    row("a year", "News", "Code of conduct, edition of 2026", "");
    row("no word for it", "Order", "Order 482913 was shipped", "");
    row("a postal code", "Order", "Postal code: 10115", "");
    row("an amount", "Invoice", "Discount code inside! Pay 1499 EUR, €2500", "");
    row("of an address", "Sign in", "Code help: https://a.test/482913", "");
    row("a telephone number", "Sign in", "Get the code by calling +49 30 482913", "");
    row("a date", "Sign in", "The code was asked for at 2026-11-29 10:15:00", "");
    row("words in capitals", "Sign in", "YOUR CODE EXPIRES TODAY", "");
}

void LinksAndCodesTest::codes()
{
    QFETCH(QString, subject);
    QFETCH(QString, text);
    QTEST(oneTimeCodes(subject, text), "expected");
}

void LinksAndCodesTest::codesAreBounded()
{
    QString text = QStringLiteral("code\n");
    for (int i = 0; i < 100000; ++i)
        text += QStringLiteral("code %1\n").arg(100000 + i);
    QCOMPARE(oneTimeCodes({}, text).size(), 20);
}

QTEST_GUILESS_MAIN(LinksAndCodesTest)
#include "tst_linksandcodes.moc"
