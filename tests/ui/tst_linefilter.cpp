#include "tests/support/dialogues.h"
#include "tests/support/fakesessions.h"
#include "ui/transcript/linefilter.h"
#include "ui/transcript/transcriptmodel.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/widgets/elidedlabel.h"

#include <QLineEdit>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;
using Notice = FilterNotice::Kind;

namespace {

/// The tree in brackets: "(verb=RCPT (or code=5xx code=4.7) !text=a b)".
QString written(const FilterNode &node)
{
    static const char *const fields[]
        = {"text", "verb", "code", "from", "to", "peer", "user", "session", "who"};
    QStringList parts;
    for (const FilterNode &child : node.children)
        parts << written(child);
    switch (node.kind) {
    case FilterNode::Kind::All:
        return u'(' + parts.join(u' ') + u')';
    case FilterNode::Kind::Any:
        return QStringLiteral("(or ") + parts.join(u' ') + u')';
    case FilterNode::Kind::Not:
        return u'!' + parts.join(u' ');
    case FilterNode::Kind::Term:
        return QLatin1String(fields[int(node.term.field)]) + u'=' + node.term.text;
    }
    return {};
}

/// A refused recipient, an accepted message, and a sign-in: two sessions that interleave.
mail::TranscriptBatch twoSessions()
{
    smtp::SessionFacts first = test::sessionFacts("0ABCDEFGHIJ000001"),
                       second = test::sessionFacts("0ABCDEKLMNO000001");
    first.peerAddress = QHostAddress(QStringLiteral("192.0.2.1"));
    first.peerPort = 4025;
    second.peerName = "other.example.test";
    second.user = "alice";
    mail::TranscriptBatch all = test::sessionBatch(first,
        test::dialogue({"-: connected", "S: 220 here", "C: MAIL FROM:<alice@a.test> SIZE=10",
            "S: 250 2.1.0 ok", "C: RCPT TO:<bob@b.test>", "S: 550 5.1.1 no bob", "C: RCPT TO:<eve@b.test>",
            "S: 250 2.1.5 ok", "C: DATA", "S: 354 go on", "D: Subject: x\r\n", "S: 250 2.0.0 kept", "C: QUIT",
            "S: 221 bye"}));
    const mail::TranscriptBatch other = test::sessionBatch(second,
        test::dialogue({"C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6", "C: ***", "S: 235 2.7.0 in",
            "C: MAIL FROM:<>", "S: 451 4.3.0 later", "C: RSET", "S: 250 ok"}));
    all.sessions += other.sessions;
    for (qsizetype i = 0; i < other.entries.size(); ++i)
        all.entries.insert(2 * i + 1, other.entries[i]);
    return all;
}

QStringList shown(const TranscriptModel &model)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.row(row).kind != TranscriptRow::Kind::Session)
            lines << model.row(row).text.text;
    }
    return lines;
}

} // namespace

class LineFilterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isParsed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("tree");
        const auto row = [](const char *text, const char *tree) {
            QTest::newRow(*text == 0 ? "nothing" : text)
                << QString::fromUtf8(text) << QString::fromUtf8(tree);
        };
        row("", "()");
        row("  ", "()");
        row("hello", "text=hello");
        row("verb:RCPT code:5xx", "(verb=RCPT code=5xx)");
        row("verb:RCPT AND code:5xx", "(verb=RCPT code=5xx)");
        row("VERB:rcpt", "verb=rcpt");
        row("-verb:NOOP", "!verb=NOOP");
        row("NOT verb:NOOP", "!verb=NOOP");
        row("--a", "text=a");
        row("a - b", "(text=a text=b)");
        row("a OR b", "(or text=a text=b)");
        row("a b OR c d", "(or (text=a text=b) (text=c text=d))");
        row("a or b", "(text=a text=or text=b)");
        row("(a OR b) c", "((or text=a text=b) text=c)");
        row("-(a OR b)", "!(or text=a text=b)");
        row("((a))", "text=a");
        row("\"two words\"", "text=two words");
        row("from:\"a b\"", "from=a b");
        row("from:<alice@a.test>", "from=alice@a.test");
        row("from:<>", "from=");
        row("RCPT TO:<bob@b.test>", "(text=RCPT to=bob@b.test)");
        row("session:#K3F9X", "session=K3F9X");
        row("peer:[::1]:25", "peer=[::1]:25");
        row("f(x)", "text=f(x)");
        row("ORANGE", "text=ORANGE");
        row("code:5.1.1 code:4.7 code:5.x.1", "(code=5.1.1 code=4.7 code=5.x.1)");
        row("grün OR 日本", "(or text=grün text=日本)");
        row("12:30:45", "text=12:30:45");
        row("https://a.test/", "text=https://a.test/");
    }
    void isParsed()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, tree);
        const LineFilter filter = parseLineFilter(text);
        QCOMPARE(written(filter.root), tree);
        QVERIFY(filter.notices.isEmpty());
        QCOMPARE(filter.isEmpty(), tree == QStringLiteral("()"));
        QCOMPARE(filter.asksForReply, tree.contains(QStringLiteral("code=")));
    }

    void saysWhatWasNotUnderstood_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("about");
        QTest::addColumn<QString>("tree");
        const auto row = [](const char *text, Notice kind, const char *about, const char *tree) {
            QTest::newRow(text) << QString::fromUtf8(text) << int(kind) << QString::fromUtf8(about)
                                << QString::fromUtf8(tree);
        };
        row("sender:alice", Notice::UnknownField, "sender", "text=sender:alice");
        row("code:abc", Notice::InvalidValue, "code:abc", "text=code:abc");
        row("code:6xx", Notice::InvalidValue, "code:6xx", "text=code:6xx");
        row("code:5500", Notice::InvalidValue, "code:5500", "text=code:5500");
        row("code:3.1.1", Notice::InvalidValue, "code:3.1.1", "text=code:3.1.1");
        row("code:5.1.1.1", Notice::InvalidValue, "code:5.1.1.1", "text=code:5.1.1.1");
        row("code:5..1", Notice::InvalidValue, "code:5..1", "text=code:5..1");
        row("who:nobody", Notice::InvalidValue, "who:nobody", "text=who:nobody");
        row("session:#", Notice::InvalidValue, "session:#", "text=session:#");
        row("a verb:", Notice::MissingValue, "verb", "text=a");
        row("(a OR b", Notice::UnclosedBracket, "", "(or text=a text=b)");
        row("a ) b", Notice::UnopenedBracket, "", "(text=a text=b)");
        row("\"a b", Notice::UnclosedQuote, "", "text=a b");
        row("OR a", Notice::NothingToJoin, "OR", "text=a");
        row("a OR", Notice::NothingToJoin, "OR", "text=a");
        row("a NOT", Notice::NothingToJoin, "NOT", "text=a");
        row("a OR OR b", Notice::NothingToJoin, "OR", "(or text=a text=b)");
    }
    void saysWhatWasNotUnderstood()
    {
        QFETCH(const QString, text);
        QFETCH(const int, kind);
        QFETCH(const QString, about);
        QFETCH(const QString, tree);
        const LineFilter filter = parseLineFilter(text);
        QCOMPARE(written(filter.root), tree);
        QCOMPARE(filter.notices.size(), 1);
        QCOMPARE(filter.notices[0], (FilterNotice{Notice(kind), about}));
        QVERIFY(noticeText(filter.notices[0]).contains(about));
    }

    void isBounded()
    {
        const LineFilter many = parseLineFilter(QStringLiteral("a ").repeated(5000));
        QCOMPARE(many.root.children.size(), qsizetype(mostFilterTerms));
        QCOMPARE(many.notices.size(), 1);
        QVERIFY(many.notices[0].kind == Notice::TooLong);
        const LineFilter deep = parseLineFilter(QString(100000, u'(') + u'a');
        QVERIFY(deep.notices.contains(FilterNotice{Notice::TooLong, {}}));
        QVERIFY(parseLineFilter(QString(100000, u'-')).root == FilterNode());
        const QString closed = QString(40, u'(') + u'a' + QString(40, u')') + QStringLiteral(" b");
        QCOMPARE(written(parseLineFilter(closed).root), QStringLiteral("(text=a text=b)"));
    }

    void choosesLines_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QStringList>("lines");
        const auto row = [](const char *filter, const QStringList &lines) {
            QTest::newRow(filter) << QString::fromUtf8(filter) << lines;
        };
        const auto text = [](const char *words) { return QString::fromUtf8(words); };
        const QStringList bob{text("RCPT TO:<bob@b.test>"), text("550 5.1.1 no bob")},
            eve{text("RCPT TO:<eve@b.test>"), text("250 2.1.5 ok")},
            null{text("MAIL FROM:<>"), text("451 4.3.0 later")};
        row("verb:RCPT", bob + eve);
        row("verb:RCPT code:5xx", bob);
        row("verb:rcpt -code:5xx", eve);
        row("code:550", bob);
        row("code:5", bob);
        row("code:5.1", bob);
        row("code:x.x.5", eve);
        row("code:4xx OR code:5.1.1", null + bob);
        row("from:<>", null);
        row("from:ALICE@ to:eve", eve);
        row("to:b.test code:250", eve);
        row("verb:AUTH", {text("AUTH LOGIN"), text("334 VXNlcm5hbWU6"), text("***"), text("235 2.7.0 in")});
        row("session:0ABCDEK verb:RSET", {text("RSET"), text("250 ok")});
        row("session:KLMNO who:client",
            {text("AUTH LOGIN"), text("***"), text("MAIL FROM:<>"), text("RSET")});
        row("peer:192.0.2.1:4025 who:event", {text("connected")});
        row("peer:OTHER. verb:RSET", {text("RSET"), text("250 ok")});
        row("user:alice verb:MAIL", null);
        row("BYE", {text("221 bye")});
        row("(verb:RSET OR verb:QUIT) who:c", {text("RSET"), text("QUIT")});
        row("verb:NOOP", {});
    }
    void choosesLines()
    {
        QFETCH(const QString, filter);
        QFETCH(QStringList, lines);
        const mail::TranscriptBatch all = twoSessions();
        TranscriptModel model;
        model.take(all.sessions, all.entries);
        model.setFilter({false, parseLineFilter(filter)});
        QStringList found = shown(model);
        QCOMPARE(found.size(), lines.size());
        // The same lines whether they were there or come one by one, a command before its reply is known.
        TranscriptModel live;
        live.setFilter({false, parseLineFilter(filter)});
        live.take(all.sessions, {});
        for (const auto &entry : all.entries)
            live.take({}, {entry});
        QStringList came = shown(live);
        for (QStringList *list : {&found, &came, &lines})
            list->sort();
        QCOMPARE(found, lines);
        QCOMPARE(came, lines);
    }

    void fromHoldsForATransaction()
    {
        const mail::TranscriptBatch all = twoSessions();
        TranscriptModel model;
        model.take(all.sessions, all.entries);
        model.setFilter({false, parseLineFilter(QStringLiteral("from:alice -from:<>"))});
        const QStringList lines = shown(model);
        QCOMPARE(lines.size(), 10); // MAIL to the reply to the message, not QUIT
        QVERIFY(lines.constFirst().startsWith(QStringLiteral("MAIL FROM:<alice")));
        QCOMPARE(lines.constLast(), QStringLiteral("250 2.0.0 kept"));
    }

    /// A command shown late, just before what is dropped, must not be left behind.
    void survivesDroppedLines()
    {
        TranscriptModel model(nullptr, 50);
        model.setFilter({false, parseLineFilter(QStringLiteral("code:250"))});
        const smtp::SessionFacts one = test::sessionFacts("a"), two = test::sessionFacts("b");
        for (int i = 0; i < 200; ++i) {
            model.take({one, two},
                {{"a", test::said(smtp::Speaker::Client, "NOOP")},
                    {"b", test::said(smtp::Speaker::Client, "NOOP")}});
            model.take({},
                {{"b", test::said(smtp::Speaker::Server, "250 ok")},
                    {"a", test::said(smtp::Speaker::Server, "250 ok")}});
            for (int row = 0; row < model.rowCount(); ++row)
                QVERIFY(!model.row(row).text.text.isEmpty());
        }
        QVERIFY(model.rowCount() > 0);
    }

    void fieldSaysWhatItDidNotUnderstand()
    {
        test::FakeSessions sessions;
        TranscriptPane pane(sessions);
        pane.resize(1100, 300);
        pane.show();
        sessions.record(twoSessions());
        QTRY_VERIFY(pane.model()->rowCount() > 20);
        auto *field = pane.findChild<QLineEdit *>();
        auto *notice = pane.findChild<ElidedLabel *>();
        QVERIFY(field && notice);
        QTest::keyClicks(field, QStringLiteral("verb:RCPT code:5xx"));
        QCOMPARE(shown(*pane.model()).size(), 2);
        QVERIFY(notice->text().isEmpty());
        field->setText(QStringLiteral("code:abc"));
        QVERIFY(notice->text().contains(QStringLiteral("code:abc")));
        QVERIFY(field->toolTip().contains(QStringLiteral("verb:RCPT")));
        QVERIFY(field->accessibleDescription().contains(QStringLiteral("code:5xx")));
    }

    void followsOneSession()
    {
        test::FakeSessions sessions;
        TranscriptPane pane(sessions);
        pane.show();
        sessions.record(twoSessions());
        QTRY_VERIFY(pane.model()->rowCount() > 20);
        pane.follow("0ABCDEKLMNO000001");
        QCOMPARE(shown(*pane.model()).size(), 8);
        QCOMPARE(pane.model()->row(0).session, QStringLiteral("#KLMNO"));
        pane.follow({});
        QCOMPARE(shown(*pane.model()).size(), 22);
    }
};

QTEST_MAIN(LineFilterTest)
#include "tst_linefilter.moc"
