#include "mail/rules/wildcardpattern.h"

#include <QElapsedTimer>
#include <QtTest>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::mail;

/// Which values a pattern of rules takes, and what that costs.
class WildcardPatternTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matches_data();
    void matches();
    void agreesWithItsDefinition();
    void costsTheLengthOfTheValue_data();
    void costsTheLengthOfTheValue();
};

namespace {

bool isMatch(const QString &pattern, const QString &value)
{
    return WildcardPattern(pattern).matches(value.toUcs4());
}

/// RFC 5228 2.7.1 word by word, in time without bound.
bool isMatchByDefinition(QStringView pattern, QStringView value)
{
    if (pattern.isEmpty())
        return value.isEmpty();
    const QStringView rest = pattern.sliced(1);
    if (pattern.first() == u'*')
        return isMatchByDefinition(rest, value)
            || (!value.isEmpty() && isMatchByDefinition(pattern, value.sliced(1)));
    return !value.isEmpty() && (pattern.first() == u'?' || pattern.first() == value.first())
        && isMatchByDefinition(rest, value.sliced(1));
}

/// All texts of these characters that are so long at most.
QStringList textsOf(const QString &characters, int longest)
{
    QStringList all{QString()};
    for (qsizetype from = 0, length = 0; length < longest; ++length) {
        const qsizetype to = all.size();
        for (; from < to; ++from) {
            for (const QChar c : characters)
                all.append(all.at(from) + c);
        }
    }
    return all;
}

qint64 medianCost(const WildcardPattern &pattern, const QList<uint> &value)
{
    QList<qint64> costs;
    for (int round = 0; round < 9; ++round) {
        QElapsedTimer clock;
        clock.start();
        if (pattern.matches(value))
            return -1;
        costs.append(clock.nsecsElapsed());
    }
    std::sort(costs.begin(), costs.end());
    return costs.at(costs.size() / 2);
}

} // namespace

void WildcardPatternTest::matches_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("isMatched");
    const auto row = [](const char *name, const QString &pattern, const QString &value, bool isMatched) {
        QTest::newRow(name) << pattern << value << isMatched;
    };
    const QString alphabet = QStringLiteral("abcdefghijklmnopqrstuvwxyz0123456789").repeated(4);
    QString unlike = alphabet;
    unlike[100] = u'-';
    QString anyThere = unlike;
    anyThere[100] = u'?';
    row("one character beyond the BMP", QStringLiteral("?"), QStringLiteral("\U0001F600"), true);
    row("nothing, by stars", QStringLiteral("**"), {}, true);
    row("nothing, by one", QStringLiteral("?"), {}, false);
    row("nothing, by nothing", {}, {}, true);
    row("a star for itself", QStringLiteral("a\\*b"), QStringLiteral("a*b"), true);
    row("a star for itself alone", QStringLiteral("a\\*b"), QStringLiteral("axb"), false);
    row("a backslash at the end", QStringLiteral("a\\"), QStringLiteral("a\\"), true);
    row("front and end overlap", QStringLiteral("aba*aba"), QStringLiteral("ababa"), false);
    row("a long run", alphabet, alphabet, true);
    row("a long run within", u'*' + alphabet + u'*', u'x' + alphabet + u'x', true);
    row("a long run that begins twice", u'*' + alphabet + u'*', alphabet.first(70) + alphabet, true);
    row("a long run but for one", u'*' + alphabet + u'*', u'x' + unlike + u'x', false);
    row("a long run with any at that place", u'*' + anyThere + u'*', u'x' + unlike + u'x', true);
}

void WildcardPatternTest::matches()
{
    QFETCH(QString, pattern);
    QFETCH(QString, value);
    QFETCH(bool, isMatched);
    QCOMPARE(isMatch(pattern, value), isMatched);
}

void WildcardPatternTest::agreesWithItsDefinition()
{
    const QStringList values = textsOf(QStringLiteral("ab"), 5);
    for (const QString &pattern : textsOf(QStringLiteral("ab*?"), 5)) {
        for (const QString &value : values) {
            if (isMatch(pattern, value) != isMatchByDefinition(pattern, value))
                QFAIL(qPrintable(pattern + QStringLiteral(" against ") + value));
        }
    }
}

void WildcardPatternTest::costsTheLengthOfTheValue_data()
{
    QTest::addColumn<QString>("pattern"); // many times as long as "*aaab*"
    QTest::newRow("a long run") << QStringLiteral("*%1b*").arg(QString(62, u'a'));
    QTest::newRow("any ones") << QStringLiteral("*%1ab*").arg(QString(61, u'?'));
    QTest::newRow("many stars") << QStringLiteral("%1*b*").arg(QStringLiteral("*a").repeated(30));
}

/// What the value holds does not count: going back to a star would take the length of the pattern times as
/// long.
void WildcardPatternTest::costsTheLengthOfTheValue()
{
    QFETCH(QString, pattern);
    const QList<uint> value = QString(256 * 1024, u'a').toUcs4();
    const qint64 brief = medianCost(WildcardPattern(QStringLiteral("*aaab*")), value);
    const qint64 lengthy = medianCost(WildcardPattern(pattern), value);
    QVERIFY(brief > 0 && lengthy > 0);
    QVERIFY2(lengthy < 6 * brief, qPrintable(QStringLiteral("%1 ns, %2 ns").arg(lengthy).arg(brief)));
}

QTEST_GUILESS_MAIN(WildcardPatternTest)
#include "tst_wildcardpattern.moc"
