// What a search found, in the text of a message: lit, and gone to.
#include "mail/index/searchhits.h"
#include "ui/message/textview.h"
#include "ui/theme/theme.h"

#include <QScrollBar>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

/// The text with what is lit between [ and ].
QString litText(const TextView &view)
{
    const QColor light = toneFill(view.palette(), Tone::Deferred);
    QString text;
    for (QTextBlock block = view.document()->firstBlock(); block.isValid(); block = block.next()) {
        qsizetype at = 0;
        for (const QTextLayout::FormatRange &range : block.layout()->formats()) {
            if (range.format.background().color() != light)
                continue;
            text += block.text().sliced(at, range.start - at) + u'['
                + block.text().sliced(range.start, range.length) + u']';
            at = range.start + range.length;
        }
        text += block.text().sliced(at) + u'\n';
    }
    return text.chopped(1);
}

} // namespace

class TestSearchHits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lightsText_data()
    {
        QTest::addColumn<QString>("search");
        QTest::addColumn<QString>("expected");
        QTest::newRow("words") << QStringLiteral("two OR http ")
                               << QStringLiteral("one [two] three\n> [Two], quoted\n[http]://two.example");
        QTest::newRow("the beginning of one")
            << QStringLiteral("thr") << QStringLiteral("one two [three]\n> Two, quoted\nhttp://two.example");
        QTest::newRow("of another field") << QStringLiteral(
            "from:two") << QStringLiteral("one two three\n> Two, quoted\nhttp://two.example");
    }
    void lightsText()
    {
        QFETCH(QString, search);
        QFETCH(QString, expected);
        if (search.startsWith(u"two"))
            expected.replace(QLatin1String("://two"), QLatin1String("://[two]"));
        const QString text = QString(expected).remove(u'[').remove(u']');
        TextView view(TextView::Look::Prose);
        view.showText(text);
        QTRY_VERIFY(!view.isFilling());
        QCOMPARE(litText(view), text);
        view.setHits(mail::SearchHits(search));
        QCOMPARE(litText(view), expected);
        view.showText(text); // another message
        QTRY_VERIFY(!view.isFilling());
        QCOMPARE(litText(view), expected);
        view.setHits({});
        QCOMPARE(litText(view), text);
    }

    void walksThem()
    {
        TextView view(TextView::Look::Prose);
        view.resize(400, 200);
        view.show();
        view.showText(QStringLiteral("a two b\nTWO ") + QStringLiteral("line\n").repeated(200)
            + QStringLiteral("the end"));
        QTRY_VERIFY(!view.isFilling());
        const auto place = [&view] { return view.textCursor().selectionStart(); };
        const auto selected = [&view] { return view.textCursor().selectedText(); };
        QVERIFY(!view.nextHit(FindDirection::Forward)); // nothing is looked for
        view.setHits(mail::SearchHits(QStringLiteral("two OR end ")));
        for (const char *word : {"two", "TWO", "end", "two"}) {
            QVERIFY(view.nextHit(FindDirection::Forward));
            QCOMPARE(selected(), QString::fromLatin1(word));
        }
        QCOMPARE(place(), 2);
        for (const char *word : {"end", "TWO", "two"}) {
            QVERIFY(view.nextHit(FindDirection::Backward));
            QCOMPARE(selected(), QString::fromLatin1(word));
            QVERIFY(view.viewport()->rect().contains(view.cursorRect().center()));
        }
        view.setHits(mail::SearchHits(QStringLiteral("eleven ")));
        QVERIFY(!view.nextHit(FindDirection::Forward));
        // One alone is found again.
        view.setHits(mail::SearchHits(QStringLiteral("end ")));
        for (int i = 0; i < 2; ++i) {
            QVERIFY(view.nextHit(FindDirection::Forward));
            QCOMPARE(selected(), QStringLiteral("end"));
        }
    }
};

QTEST_MAIN(TestSearchHits)
#include "tst_searchhits.moc"
