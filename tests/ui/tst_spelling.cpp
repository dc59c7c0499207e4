// Spelling in the composer, with a dictionary of our own and none of the system's.
#include "ui/compose/spelling/spellchecker.h"
#include "ui/compose/spelling/spellhighlighter.h"

#include <QFile>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

using namespace glasspost::ui;

namespace {

constexpr QFileDevice::Permissions ownAlone = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

/// Without what the one who asks may do.
QFileDevice::Permissions permissionsOf(const QString &path)
{
    return QFile::permissions(path)
        & ~(QFileDevice::ReadUser | QFileDevice::WriteUser | QFileDevice::ExeUser);
}

} // namespace

class TestSpelling : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        write(QStringLiteral("xx_XX.aff"), "SET UTF-8\nTRY esianrtolcdugmphbyfvkwz\n");
        write(QStringLiteral("xx_XX.dic"), "5\nthe\nletter\narrives\ntoday\nnaïve\n");
        write(QStringLiteral("xx_YY.aff"), "SET UTF-8\n");
        write(QStringLiteral("xx_YY.dic"), "1\nlettre\n");
        write(QStringLiteral("hyph_xx.aff"), "");
        write(QStringLiteral("hyph_xx.dic"), "");
        write(QStringLiteral("alone.aff"), "");
    }

    void dictionariesAreFound()
    {
        const QList<DictionaryFile> found
            = installedDictionaries({m_folder.path(), QStringLiteral("/nowhere")});
        QCOMPARE(found.size(), 2);
        QCOMPARE(found[0].language, QStringLiteral("xx_XX"));
        QCOMPARE(found[1].language, QStringLiteral("xx_YY"));
    }

    void theLanguageThatFits_data()
    {
        QTest::addColumn<QString>("locale");
        QTest::addColumn<QString>("language");
        QTest::newRow("the same") << QStringLiteral("de_AT") << QStringLiteral("de_AT");
        QTest::newRow("of the same tongue") << QStringLiteral("de_LU") << QStringLiteral("de_DE");
        QTest::newRow("any of the same tongue") << QStringLiteral("en_NZ") << QStringLiteral("en_GB");
        QTest::newRow("none") << QStringLiteral("fr_FR") << QString();
        QTest::newRow("no locale") << QStringLiteral("C") << QString();
    }
    void theLanguageThatFits()
    {
        QFETCH(QString, locale);
        const QStringList languages
            = {QStringLiteral("de_AT"), QStringLiteral("de_DE"), QStringLiteral("en_GB")};
        QTEST(bestLanguage(languages, locale), "language");
    }

    void wordsThatMatter_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("prose") << QStringLiteral("Hello there, don't wait.")
                               << QStringList{QStringLiteral("Hello"), QStringLiteral("there"),
                                      QStringLiteral("don't"), QStringLiteral("wait")};
        QTest::newRow("a quote") << QStringLiteral("> Hello there") << QStringList();
        QTest::newRow("a link") << QStringLiteral("see https://exampel.org/xyzzy now")
                                << QStringList{QStringLiteral("see"), QStringLiteral("now")};
        QTest::newRow("an address") << QStringLiteral("to alcie@exmaple.org")
                                    << QStringList{QStringLiteral("to")};
        QTest::newRow("names and numbers")
            << QStringLiteral("SMTP and camelCase with x86 and snake_case")
            << QStringList{QStringLiteral("and"), QStringLiteral("with"), QStringLiteral("and")};
        QTest::newRow("one letter") << QStringLiteral("a x") << QStringList();
        QTest::newRow("nothing") << QString() << QStringList();
    }
    void wordsThatMatter()
    {
        QFETCH(QString, line);
        QStringList words;
        for (const WordPlace &place : wordsToCheck(line))
            words += line.mid(place.start, place.length);
        QTEST(words, "words");
    }

    void misspeltIsUnderlinedAndCanBeMended()
    {
        SpellChecker checker(m_folder.filePath(QStringLiteral("words.txt")), folders());
        QPlainTextEdit edit;
        SpellHighlighter highlighter(&edit, &checker);
        edit.setPlainText(QStringLiteral("the leter arrives"));
        checker.start(QStringLiteral("xx_XX"));
        QTRY_COMPARE(underlined(edit), QStringList{QStringLiteral("leter")});
        const auto wrong = highlighter.wrongWordAt(6);
        QVERIFY(wrong);
        QVERIFY(!highlighter.wrongWordAt(1));
        QStringList suggestions;
        checker.suggest(wrong->selectedText()).andThen(&checker, [&](const QStringList &words) {
            suggestions = words;
        });
        QTRY_VERIFY(suggestions.contains(QStringLiteral("letter")));
        QTextCursor(*wrong).insertText(QStringLiteral("letter"));
        QTRY_COMPARE(underlined(edit), QStringList());
        QCOMPARE(edit.toPlainText(), QStringLiteral("the letter arrives"));
    }

    void addedWordsStay()
    {
        const QString personal = m_folder.filePath(QStringLiteral("own.txt"));
        {
            SpellChecker checker(personal, folders());
            checker.start(QStringLiteral("xx_XX"));
            QTRY_COMPARE(
                int(checker.verdict(QStringLiteral("glasspost"))), int(SpellChecker::Verdict::Wrong));
            checker.add(QStringLiteral("glasspost"));
            QCOMPARE(int(checker.verdict(QStringLiteral("glasspost"))), int(SpellChecker::Verdict::Right));
        }
        QTRY_VERIFY(QFile(personal).size() > 0);
        QCOMPARE(permissionsOf(personal), ownAlone);
        SpellChecker later(personal, folders());
        QSignalSpy ready(&later, &SpellChecker::ready);
        later.start(QStringLiteral("xx_XX"));
        QTRY_COMPARE(ready.count(), 1);
        QTRY_COMPARE(int(later.verdict(QStringLiteral("glasspost"))), int(SpellChecker::Verdict::Right));
        QTRY_COMPARE(int(later.verdict(QStringLiteral("glaspost"))), int(SpellChecker::Verdict::Wrong));
    }

    /// As everything else that the program keeps, whatever the umask is, and where an older version made it.
    void addedWordsAreNobodyElses()
    {
        const QString personal = m_folder.filePath(QStringLiteral("older.txt"));
        QFile older(personal);
        QVERIFY(older.open(QIODevice::WriteOnly) && older.write("old\n") > 0);
        older.close();
        QVERIFY(older.setPermissions(ownAlone | QFileDevice::ReadGroup | QFileDevice::ReadOther));
        SpellChecker checker(personal, folders());
        checker.start(QStringLiteral("xx_XX"));
        checker.add(QStringLiteral("glasspost"));
        QTRY_VERIFY(QFile(personal).size() > 4);
        QCOMPARE(permissionsOf(personal), ownAlone);
    }

    void anotherLanguageJudgesAnew()
    {
        SpellChecker checker({}, folders());
        checker.start(QStringLiteral("xx_XX"));
        QTRY_COMPARE(int(checker.verdict(QStringLiteral("lettre"))), int(SpellChecker::Verdict::Wrong));
        QSignalSpy ready(&checker, &SpellChecker::ready);
        checker.setLanguage(QStringLiteral("xx_YY"));
        QTRY_COMPARE(ready.count(), 1);
        QTRY_COMPARE(int(checker.verdict(QStringLiteral("lettre"))), int(SpellChecker::Verdict::Right));
        checker.setLanguage({});
        QTRY_COMPARE(ready.count(), 2);
        QCOMPARE(int(checker.verdict(QStringLiteral("qqqq"))), int(SpellChecker::Verdict::Right));
    }

    void withoutDictionariesNothingIsWrong()
    {
        SpellChecker checker({}, [] { return QStringList(); });
        QSignalSpy ready(&checker, &SpellChecker::ready);
        checker.start(QStringLiteral("en_GB"));
        QTRY_COMPARE(ready.count(), 1);
        QVERIFY(checker.languages().isEmpty());
        QCOMPARE(int(checker.verdict(QStringLiteral("qqqq"))), int(SpellChecker::Verdict::Right));
    }

private:
    std::function<QStringList()> folders()
    {
        return [path = m_folder.path()] { return QStringList{path}; };
    }
    void write(const QString &name, const QByteArray &octets)
    {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(octets), octets.size());
    }
    static QStringList underlined(const QPlainTextEdit &edit)
    {
        QStringList words;
        for (QTextBlock block = edit.document()->begin(); block.isValid(); block = block.next()) {
            for (const QTextLayout::FormatRange &range : block.layout()->formats()) {
                if (range.format.underlineStyle() == QTextCharFormat::SpellCheckUnderline)
                    words += block.text().mid(range.start, range.length);
            }
        }
        return words;
    }

    QTemporaryDir m_folder;
};

QTEST_MAIN(TestSpelling)
#include "tst_spelling.moc"
