// One part of a message looked into, and a message within a message.
#include "mail/message/messagereader.h"
#include "mail/message/partdetails.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>

using namespace glasspost::mail;

namespace {

const QByteArray forwarded
    = "From: ann@x.example\nSubject: inner\nContent-Type: multipart/mixed; boundary=i\n\n"
      "--i\n\ninner text\n--i\nContent-Type: image/png; name=p.png\n"
      "Content-Transfer-Encoding: base64\n\nYWJj\n--i--\n";
const QByteArray message = "Subject: outer\nContent-Type: multipart/mixed; boundary=b\n\npreamble\n"
                           "--b\nX-Own: yes\nContent-Type: text/plain; charset=iso-8859-1\n"
                           "Content-Transfer-Encoding: quoted-printable\n\ncaf=E9\n"
                           "--b\nContent-Type: message/rfc822\n\n"
    + forwarded + "\n--b\nContent-Type: application/octet-stream\n\n\x01\x02\n--b--\n";

} // namespace

class TestPartDetails : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void looksIntoParts_data();
    void looksIntoParts();
    void boundsWhatItKeeps();
    void opensAMessageWithin_data();
    void opensAMessageWithin();
    void saysThatThereIsNone();
};

void TestPartDetails::looksIntoParts_data()
{
    QTest::addColumn<int>("part");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QByteArray>("decoded");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, int part, const QByteArray &header, const QByteArray &raw,
                         const QByteArray &decoded, const QString &text) {
        QTest::newRow(name) << part << header << raw << decoded << text;
    };
    row("text in quoted-printable", 1,
        "X-Own: yes\nContent-Type: text/plain; charset=iso-8859-1\n"
        "Content-Transfer-Encoding: quoted-printable\n\n",
        "caf=E9", "caf\xe9", QStringLiteral("caf\u00e9"));
    row("a message", 2, "Content-Type: message/rfc822\n\n", forwarded, forwarded,
        QString::fromLatin1(forwarded));
    row("text within it", 4, "\n", "inner text", "inner text", QStringLiteral("inner text"));
    row("a picture within it", 5,
        "Content-Type: image/png; name=p.png\nContent-Transfer-Encoding: base64\n\n", "YWJj", "abc",
        QString());
    row("octets", 6, "Content-Type: application/octet-stream\n\n", "\x01\x02", "\x01\x02", QString());
}

void TestPartDetails::looksIntoParts()
{
    QFETCH(int, part);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, raw);
    QFETCH(QByteArray, decoded);
    QFETCH(QString, text);
    const Result<PartDetails> details = readPartDetails(OctetsReader(message), part);
    QVERIFY(details.has_value());
    QCOMPARE(details->header, header);
    QCOMPARE(details->raw, raw);
    QCOMPARE(details->rawSize, raw.size());
    QCOMPARE(details->decoded, decoded);
    QCOMPARE(details->size, decoded.size());
    QCOMPARE(details->sha256, QCryptographicHash::hash(decoded, QCryptographicHash::Sha256));
    QCOMPARE(details->text, text);
    QCOMPARE(details->text.isNull(), text.isNull());
}

void TestPartDetails::boundsWhatItKeeps()
{
    const QByteArray body(3 * 1024 * 1024, 'x');
    const Result<PartDetails> details
        = readPartDetails(OctetsReader("X-Long: " + QByteArray(100000, 'y') + "\n\n" + body), 0);
    QVERIFY(details.has_value());
    QCOMPARE(details->size, body.size());
    QCOMPARE(details->decoded.size(), 1024 * 1024);
    QCOMPARE(details->raw.size(), 1024 * 1024);
    QCOMPARE(details->header.size(), 64 * 1024);
    QCOMPARE(details->sha256, QCryptographicHash::hash(body, QCryptographicHash::Sha256));
}

void TestPartDetails::opensAMessageWithin_data()
{
    QTest::addColumn<bool>("isFile");
    QTest::newRow("in memory") << false;
    QTest::newRow("in a file") << true;
}

void TestPartDetails::opensAMessageWithin()
{
    QFETCH(bool, isFile);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("m")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(message) == message.size());
    file.close();
    const Result<OctetsReader> source
        = isFile ? OctetsReader::open(AT_FDCWD, QFile::encodeName(file.fileName())) : OctetsReader(message);
    QVERIFY(source.has_value());
    const Result<MessageView> inner = readAttachedMessage(*source, 2);
    QVERIFY(inner.has_value());
    QCOMPARE(inner->subject, QStringLiteral("inner"));
    QVERIFY(inner->text.contains(QStringLiteral("inner text")));
    QVERIFY(inner->isAttached);
    QCOMPARE(inner->source, forwarded);
    // Its parts have the numbers that they have in the message around it.
    const MessageView outer = readMessage(*source).value();
    QCOMPARE(inner->parts.size(), 3);
    for (const PartView &part : inner->parts) {
        QCOMPARE(part.contentType, outer.parts.at(part.index).contentType);
        QCOMPARE(part.fileName, outer.parts.at(part.index).fileName);
    }
}

void TestPartDetails::saysThatThereIsNone()
{
    const OctetsReader source(message);
    for (const int part : {-1, 7, 1000}) {
        QCOMPARE(readPartDetails(source, part).error().code, ErrorCode::NotFound);
        QCOMPARE(readAttachedMessage(source, part).error().code, ErrorCode::NotFound);
    }
    QCOMPARE(readAttachedMessage(source, 1).error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(TestPartDetails)
#include "tst_partdetails.moc"
