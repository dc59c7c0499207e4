#include "mail/message/htmlcleaner.h"
#include "mail/message/messagereader.h"
#include "tests/support/sourcetree.h"

#include <QDateTime>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <QTimeZone>

using namespace glasspost::mail;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList orNone(const QStringList &values)
{
    return values.isEmpty() ? QStringList{QStringLiteral("none")} : values;
}

QStringList addressLines(const QList<AddressView> &list)
{
    QStringList lines;
    for (const AddressView &entry : list)
        lines += (entry.name.isEmpty() ? QString() : entry.name + u' ') + u'<' + entry.address + u'>';
    return orNone(lines);
}

QString dateLine(qint64 seconds)
{
    return seconds == 0 ? QStringLiteral("none")
                        : QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).toString(Qt::ISODate);
}

/// Those of the warnings that the expectation names: what else is to be warned of is other tests' business.
QStringList warningLines(const MessageView &view, const QStringList &expected)
{
    QStringList lines;
    for (const QString &warning : view.warnings)
        if (expected.contains(warning))
            lines += warning;
    return orNone(lines);
}

QStringList fieldLines(const MessageView &view, const QString &name)
{
    QStringList lines;
    for (const HeaderField &field : view.header)
        if (field.name.compare(name, Qt::CaseInsensitive) == 0)
            lines += field.value;
    return orNone(lines);
}

QString protectionLine(Protection protection)
{
    switch (protection) {
    case Protection::None:
        break;
    case Protection::OpenPgpSigned:
        return QStringLiteral("OpenPGP signed");
    case Protection::OpenPgpEncrypted:
        return QStringLiteral("OpenPGP encrypted");
    case Protection::OpenPgpText:
        return QStringLiteral("OpenPGP text");
    case Protection::SmimeSigned:
        return QStringLiteral("S/MIME signed");
    case Protection::SmimeEncrypted:
        return QStringLiteral("S/MIME encrypted");
    case Protection::OtherSigned:
        return QStringLiteral("signed");
    case Protection::OtherEncrypted:
        return QStringLiteral("encrypted");
    }
    return QStringLiteral("none");
}

QString treeLine(const PartView &part)
{
    QString line = QString((part.depth + 1) * 2, u' ') + part.contentType;
    if (!part.fileName.isEmpty())
        line += QLatin1String(" \"") + part.fileName + u'"';
    line.replace(u'\r', QLatin1String("\\r")).replace(u'\n', QLatin1String("\\n"));
    return part.isAttachment ? line + QStringLiteral(" attached %1").arg(part.size) : line;
}

QStringList marked(const QString &text)
{
    QStringList lines;
    for (const QString &line : text.split(u'\n'))
        lines += line.isEmpty() ? QStringLiteral("|") : QLatin1String("| ") + line;
    return lines;
}

QString withoutLineEnds(QString text)
{
    while (text.endsWith(u'\n'))
        text.chop(1);
    return text;
}

/// A message and what is to be read of it, see tests/mail/corpus/README.md.
class Expectation
{
public:
    explicit Expectation(const QString &text)
    {
        for (const QString &line : text.split(u'\n', Qt::SkipEmptyParts))
            if (!line.startsWith(u'#'))
                m_lines += line;
        for (const QString &line : m_lines) {
            if (line == QLatin1String("Tree:"))
                break;
            const qsizetype colon = line.indexOf(u':');
            const QString key = line.left(colon);
            if (!m_values.contains(key))
                m_keys += key;
            m_values[key] += line.mid(colon + 2);
        }
    }

    [[nodiscard]] QStringList lines() const { return m_lines; }
    /// The same lines of what was read.
    [[nodiscard]] QStringList linesOf(const MessageView &view, const QByteArray &source) const
    {
        QStringList lines;
        for (const QString &key : m_keys)
            for (const QString &value : valuesOf(key, view, source))
                lines += (key + QLatin1String(": ") + value).trimmed();
        lines += QStringLiteral("Tree:");
        for (const PartView &part : view.parts)
            lines += treeLine(part);
        lines += QStringLiteral("Text:");
        lines += marked(withoutLineEnds(view.text));
        if (!view.page.html.isEmpty()) {
            lines += QStringLiteral("Html:");
            lines += marked(htmlToText(view.page.html).simplified());
        }
        return lines;
    }

private:
    [[nodiscard]] QStringList valuesOf(
        const QString &key, const MessageView &view, const QByteArray &source) const
    {
        const auto latin = [](const QByteArray &octets) { return QString::fromLatin1(octets); };
        const QString name = key.section(u' ', 1);
        if (key.startsWith(QLatin1String("Field ")))
            return fieldLines(view, name);
        if (key.startsWith(QLatin1String("Octets ")))
            return {latin(readPart(source, name.toInt()).value_or(QByteArray()).toHex())};
        QStringList pictures;
        for (const InlinePicture &picture : view.page.pictures)
            pictures += picture.contentId;
        const QHash<QString, QStringList> values = {
            {QStringLiteral("From"), addressLines(view.from)},
            {QStringLiteral("To"), addressLines(view.to)},
            {QStringLiteral("Cc"), addressLines(view.cc)},
            {QStringLiteral("Reply-To"), addressLines(view.replyTo)},
            {QStringLiteral("Subject"), {view.subject}},
            {QStringLiteral("Date"), {dateLine(view.date)}},
            {QStringLiteral("Message-ID"), {latin(view.messageIdField)}},
            {QStringLiteral("In-Reply-To"), {latin(view.inReplyTo)}},
            {QStringLiteral("References"), {latin(view.references.join(' '))}},
            {QStringLiteral("Warning"), warningLines(view, m_values.value(QStringLiteral("Warning")))},
            {QStringLiteral("Pictures"), pictures},
            {QStringLiteral("Protection"),
                {protectionLine(view.protection)
                    + (view.isProtectedInPart ? QStringLiteral(", in part") : QString())}},
        };
        return values.value(key, {QStringLiteral("is no key")});
    }

    QStringList m_lines;
    QStringList m_keys; ///< before the tree, in their order
    QHash<QString, QStringList> m_values;
};

/// What line ends change: the sizes and octets of what is not encoded.
QStringList withoutSizes(QStringList lines)
{
    static const QRegularExpression size(QStringLiteral(" attached \\d+$"));
    lines.replaceInStrings(size, QStringLiteral(" attached"));
    return lines.filter(QRegularExpression(QStringLiteral("^(?!Octets )")));
}

} // namespace

/// Whole messages, in the forms that the RFCs define and the world's programs send, each with what is to be
/// read of it.
class TestCorpus : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void readsWithCrLf_data() { reads_data(); }
    void readsWithCrLf();
    void indexes_data() { reads_data(); }
    void indexes();

private:
    const QString m_folder = glasspost::test::inSourceTree(QStringLiteral("tests/mail/corpus/"));
};

void TestCorpus::reads_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("expected");
    QStringList names;
    QDirIterator files(m_folder, {QStringLiteral("*.eml")}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        names += files.next().mid(m_folder.size()).chopped(4);
    names.sort();
    QVERIFY(names.size() >= 150);
    for (const QString &name : names)
        QTest::newRow(qPrintable(name))
            << contentOf(m_folder + name + QStringLiteral(".eml"))
            << QString::fromUtf8(contentOf(m_folder + name + QStringLiteral(".txt")));
}

void TestCorpus::reads()
{
    QFETCH(QByteArray, source);
    QFETCH(QString, expected);
    const Expectation expectation(expected);
    QCOMPARE(expectation.linesOf(readMessage(source), source), expectation.lines());
}

/// As the message was on the wire.
void TestCorpus::readsWithCrLf()
{
    QFETCH(QByteArray, source);
    QFETCH(QString, expected);
    if (source.contains('\r'))
        return; // it is about line ends
    source.replace("\n", "\r\n");
    const Expectation expectation(expected);
    QCOMPARE(
        withoutSizes(expectation.linesOf(readMessage(source), source)), withoutSizes(expectation.lines()));
}

/// The index finds what the window shows.
void TestCorpus::indexes()
{
    QFETCH(QByteArray, source);
    const MessageView view = readMessage(source);
    const IndexFields index = readIndexFields(source);
    QCOMPARE(index.subject, view.subject.left(1000));
    QCOMPARE(index.date, view.date);
    QCOMPARE(index.messageIdField, view.messageIdField);
    QCOMPARE(index.fromAddress, view.from.isEmpty() ? QString() : view.from.first().address);
    bool hasAttachments = false;
    for (const PartView &part : view.parts) {
        hasAttachments = hasAttachments || part.isAttachment;
        QVERIFY2(index.fileNames.contains(part.fileName), qPrintable(part.fileName));
    }
    QCOMPARE(index.hasAttachments, hasAttachments);
    for (const QString &word : view.text.split(QRegularExpression(QStringLiteral("\\s+"))))
        QVERIFY2(index.body.contains(word), qPrintable(word));
}

QTEST_GUILESS_MAIN(TestCorpus)
#include "tst_corpus.moc"
