// The source of a message, in color: which line is what.
#include "ui/message/textview.h"
#include "ui/theme/theme.h"

#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

using namespace glasspost::ui;

namespace {

/// A letter for each line: f begins with the name of a field, b is a boundary, - is neither.
QString kindsOf(const TextView &view)
{
    const QColor field = toneColor(view.palette(), Tone::Transit),
                 boundary = toneColor(view.palette(), Tone::Accepted);
    QString kinds;
    for (QTextBlock block = view.document()->firstBlock(); block.isValid(); block = block.next()) {
        QChar kind = u'-';
        for (const QTextLayout::FormatRange &range : block.layout()->formats()) {
            const QColor color = range.format.foreground().color();
            if (color == boundary && range.start == 0 && range.length == block.text().size())
                kind = u'b';
            else if (color == field && range.start == 0 && range.length == block.text().indexOf(u':') + 1)
                kind = u'f';
        }
        kinds += kind;
    }
    return kinds;
}

} // namespace

class TestSourceMarks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void marks_data();
    void marks();
    void forgetsTheMessageBefore();
};

void TestSourceMarks::marks_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("kinds");
    const auto row = [](const char *name, const char *source, const char *kinds) {
        QTest::newRow(name) << QString::fromLatin1(source) << QString::fromLatin1(kinds);
    };
    row("fields, and text that is like one", "Subject: a\nTo: b\n c: d\n\nnot: one", "ff---");
    row("parts with fields of their own",
        "Content-Type: multipart/mixed; boundary=b\n\npreamble: x\n--b\nContent-Type: text/plain\n\nnot: "
        "one\n"
        "--b\n\nx\n--b--\nepilogue: x",
        "f--bf--b--b-");
    row("a boundary in quotes, on a line of its own",
        "Content-Type: multipart/mixed;\n BOUNDARY = \"a b:c\"\n\n--a b:c \nX: y\n\n--a b:c--\t", "f--bf-b");
    row("multiparts in each other",
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; "
        "boundary=b\n\n--b\n"
        "X: y\n\nx\n--b--\n--a--",
        "f-bf-bf--bb");
    row("lines that nobody named", "Content-Type: multipart/mixed; boundary=b\n\n-- \n--c\n--bc\nX: y",
        "f-----");
    row("a boundary that ends in hyphens",
        "Content-Type: multipart/mixed; boundary=\"b--\"\n\n--b--\nX: y\n\n--b----\nX: y", "f-bf-b-");
}

void TestSourceMarks::marks()
{
    QFETCH(QString, source);
    QFETCH(QString, kinds);
    TextView view(TextView::Look::Source);
    view.showText(source);
    QTRY_VERIFY(!view.isFilling());
    QCOMPARE(kindsOf(view), kinds);
}

void TestSourceMarks::forgetsTheMessageBefore()
{
    TextView view(TextView::Look::Source);
    view.showText(QStringLiteral("Content-Type: multipart/mixed; boundary=b\n\n--b"));
    QTRY_VERIFY(!view.isFilling());
    QCOMPARE(kindsOf(view), QStringLiteral("f-b"));
    view.showText(QStringLiteral("Subject: x\n\n--b"));
    QTRY_VERIFY(!view.isFilling());
    QCOMPARE(kindsOf(view), QStringLiteral("f--"));
}

QTEST_MAIN(TestSourceMarks)
#include "tst_sourcemarks.moc"
