#include "app/http/mailpitsearch.h"
#include "mail/index/searchquery.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;

/// Mailpit's search in our language.
class MailpitSearchTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void translates_data();
    void translates();
    void isUnderstood();
    void refuses_data();
    void refuses();
};

void MailpitSearchTest::translates_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *given, const char *expected) {
        QTest::newRow(given) << QString::fromUtf8(given) << QString::fromUtf8(expected);
    };
    row("", "");
    row("  ", "");
    row("john doe", "john* doe* ");
    row("\"john doe\"", "\"john doe\" ");
    row("\"john\"", "john* ");
    row("\"john doe", "\"john doe\" "); // never closed
    row("to:\"john doe\"", "to:\"john doe\" ");
    row("TO:John@Example.com", "to:John@Example.com* ");
    row("from:a@b.test", "from:a@b.test* ");
    row("cc:a bcc:b subject:c", "cc:a* bcc:b* subject:c* ");
    row("\"subject:john doe\"", "subject:\"john doe\" ");
    row("addressed:john", "(from:john* OR to:john* ) ");
    row("!addressed:\"john doe\"", "-(from:\"john doe\" OR to:\"john doe\" ) ");
    row("message-id:12@localhost", "id:\"12@localhost\" ");
    row("message-id:<12@localhost>", "id:\"12@localhost\" ");
    row("tag:host-1", "tag:\"host-1\" ");
    row("tag:\"Tag name\"", "tag:\"Tag name\" ");
    row("is:read -is:unread", "is:\"read\" -is:\"unread\" ");
    row("is:tagged", "tag:* ");
    row("!is:tagged", "-tag:* ");
    row("has:attachment !has:attachments", "has:\"attachment\" -has:\"attachments\" ");
    row("john !doe -smith", "john* -doe* -smith* ");
    row("-\"john doe\"", "-\"john doe\" ");
    row("before:2024/4/1 after:2024-04-01", "before:2024-04-01 after:2024-04-01 ");
    row("!before:04/13/2024", "-before:2024-04-13 ");
    row("larger:2k smaller:1.5MB", "larger:2048 smaller:1572864 ");
    row("larger:300", "larger:300 ");
    row("larger:much", "\"larger:much\" ");
    row("larger:0", "\"larger:0\" ");
    row("to: from: tag:", "");
    row("before:", "");
    row("- ! !!! \"-\"", "");
    row("a OR b (c) NOT", "a* OR* b* \"(c)\" NOT* ");
    row("subject:(c", "subject:\"(c\" ");
    row("https://host/a?b", "\"https://host/a?b\" ");
    row("Grüße 世界", "Grüße* 世界* ");
    row("is:flagged envelope-to:a@b.test", "is:\"flagged\" envelope-to:\"a@b.test\" ");
}

void MailpitSearchTest::translates()
{
    QFETCH(QString, given);
    const auto search = searchOfMailpit(given);
    QVERIFY(search);
    QTEST(*search, "expected");
}

/// Nothing of it becomes words for want of an operator or a value.
void MailpitSearchTest::isUnderstood()
{
    const auto search = searchOfMailpit(QStringLiteral(
        "a to:a !from:b cc:c bcc:d subject:e addressed:f message-id:g tag:h is:read is:unread is:tagged "
        "has:attachment before:2024/04/01 after:2024/04/01 larger:1k smaller:1m"));
    QVERIFY(search);
    const mail::SearchQuery query = mail::parseSearch(*search);
    QVERIFY(query.notices.isEmpty());
    QVERIFY(!query.where.isEmpty());
    QCOMPARE(mail::parseSearch(*searchOfMailpit(QStringLiteral("to:"))).where, QString());
}

void MailpitSearchTest::refuses_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *given, const char *sentence) {
        QTest::newRow(given) << QString::fromUtf8(given) << QString::fromUtf8(sentence);
    };
    row("a reply-to:b", "reply-to: cannot be searched here");
    row("-has:inline", "has:inline cannot be searched here");
    row("has:Inlines", "has:inline cannot be searched here");
    row("after:soon", "after: takes a day such as 2026-11-23, not \"soon\"");
    row("before:2024-02-30", "before: takes a day such as 2026-11-23, not \"2024-02-30\"");
    row("before:13/04/2024", "before: takes a day such as 2026-11-23, not \"13/04/2024\"");
}

void MailpitSearchTest::refuses()
{
    QFETCH(QString, given);
    const auto search = searchOfMailpit(given);
    QVERIFY(!search);
    QCOMPARE(search.error().code, mail::ErrorCode::BadSettings);
    QTEST(search.error().subject, "sentence");
}

QTEST_GUILESS_MAIN(MailpitSearchTest)
#include "tst_mailpitsearch.moc"
