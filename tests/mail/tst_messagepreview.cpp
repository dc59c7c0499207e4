#include "mail/index/messagepreview.h"
#include "tests/mail/threadindex.h"

#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

/// The first words of a message, as its row in a list has them.
class MessagePreviewTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatTheMessageSays_data();
    void saysWhatTheMessageSays();
    void isInTheRow();
};

void MessagePreviewTest::saysWhatTheMessageSays_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("preview");
    const auto row = [](const char *name, const char *body, const char *preview) {
        QTest::newRow(name) << QString::fromUtf8(body) << QString::fromUtf8(preview);
    };
    row("nothing", "", "");
    row("blank lines", "\n \n\t\n", "");
    row("one line", "Hello", "Hello");
    row("several lines", "Hello Bob,\n\n  lunch   at noon?\nAnn\n", "Hello Bob, lunch at noon? Ann");
    row("a quote first", "On Monday Ann wrote:\n> lunch?\n> noon\n\nYes.", "Yes.");
    row("a quote between", "Hello\nBob wrote:\n> lunch?\nNo.", "Hello No.");
    row("a colon before no quote", "Two things:\nlunch", "Two things: lunch");
    row("a quote alone", "> lunch?\n>> noon\n", "");
    row("a signature", "Yes\n-- \nAnn\n", "Yes");
    row("a signature without its blank", "Yes\n--\nAnn\n", "Yes");
    row("a rule is no signature", "---\nYes", "--- Yes");
    const QString words = QStringLiteral("word ").repeated(40);
    QTest::newRow("long") << words << words.left(119);
    QTest::newRow("long, over lines") << QString(words).replace(u' ', u'\n') << words.left(119);
    const QString faces = QStringLiteral("x") + QStringLiteral("\U0001F600").repeated(80);
    QTest::newRow("no half of a character") << faces << faces.left(119);
    QTest::newRow("a line without end") << QString(10'000'000, u'x') << QString(120, u'x');
}

void MessagePreviewTest::saysWhatTheMessageSays()
{
    QFETCH(const QString, body);
    QFETCH(const QString, preview);
    QCOMPARE(messagePreview(body), preview);
}

void MessagePreviewTest::isInTheRow()
{
    test::Index index;
    QVERIFY(index.writer && index.reader);
    index.add({"a", {}, {}});
    const RowPage page = index.page(test::inbox());
    QCOMPARE(page.rows.size(), 1);
    QCOMPARE(page.rows.first().preview, QStringLiteral("hello"));
}

QTEST_MAIN(MessagePreviewTest)
#include "tst_messagepreview.moc"
