// Names that are taken for what they are not, and honest names that are not taken for such.
#include "mail/message/deceivingnames.h"
#include "mail/message/messagereader.h"

#include <QTest>

using namespace glasspost::mail;

class TestDeceivingNames : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void looksThroughAddresses_data();
    void looksThroughAddresses();
    void looksThroughFileNames_data();
    void looksThroughFileNames();
    void warnsOfTheSender();
};

void TestDeceivingNames::looksThroughAddresses_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("address");
    QTest::addColumn<Deceits>("reasons");
    QTest::addColumn<QString>("claimed");
    QTest::addColumn<QString>("ascii");
    const auto row = [](const char *title, const QString &name, const QString &address, Deceits reasons,
                         const QString &claimed = {}, const QString &ascii = {}) {
        QTest::newRow(title) << name << address << reasons << claimed << ascii;
    };
    const auto s = [](const char16_t *text) { return QString::fromUtf16(text); };
    const QString ann = s(u"ann@example.org");
    row("a plain name", s(u"Ann Bee"), ann, {});
    row("no name", {}, ann, {});
    row("its own address as name", s(u"Ann@Example.org"), ann, {});
    row("its own address in the name", s(u"ann@example.org via List"), ann, {});
    row("another address", s(u"boss@bank.example"), ann, Deceit::AddressInName, s(u"boss@bank.example"));
    row("another address among words", s(u"The boss (boss@bank.example)"), ann, Deceit::AddressInName,
        s(u"boss@bank.example"));
    row("fullwidth forms", s(u"boss\uff20bank\uff0eexample"), ann, Deceit::AddressInName,
        s(u"boss@bank.example"));
    row("an @ that is no address", s(u"Ann @ home"), ann, {});
    row("a direction that is turned", s(u"Ann \u202egro.knab\u202c"), ann, Deceit::TurnedDirection);
    row("isolates", s(u"Ann \u2067x\u2069"), ann, Deceit::TurnedDirection);
    row("a zero-width blank", s(u"An\u200bn"), ann, Deceit::HiddenCharacters);
    row("a soft hyphen in the address", {}, s(u"an\u00adn@example.org"), Deceit::HiddenCharacters);
    row("an emoji of several characters", s(u"Ann \U0001F468\u200d\U0001F469"), ann, {});
    row("a Hebrew name with its mark", s(u"\u05d0\u05d1\u200f"), ann, {});
    row("a Persian name with a joiner", s(u"\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"), ann, {});
    row("a German domain", s(u"M"), s(u"m@b\u00fccher.example"), {}, {}, s(u"xn--bcher-kva.example"));
    row("a German domain in A-labels", s(u"M"), s(u"m@xn--bcher-kva.example"), {}, {},
        s(u"xn--bcher-kva.example"));
    row("Cyrillic in Latin", {}, s(u"a@p\u0430ypal.example"), Deceit::LookAlikeDomain, {},
        s(u"xn--pypal-4ve.example"));
    row("all Cyrillic that looks Latin", {}, s(u"a@\u0441\u043e\u0440\u0435.example"),
        Deceit::LookAlikeDomain, {}, s(u"xn--e1argc.example"));
    row("a Russian domain", {}, s(u"a@\u043f\u0440\u0438\u0432\u0435\u0442.example"), {}, {},
        s(u"xn--b1agh1afp.example"));
    row("Japanese in three scripts", {}, s(u"a@\u65e5\u672c\u3054\u30ab.example"), {}, {},
        s(u"xn--38jvjz72mncb.example"));
    row("Greek in Latin", {}, s(u"a@g\u03bfogle.example"), Deceit::LookAlikeDomain, {},
        s(u"xn--gogle-rce.example"));
}

void TestDeceivingNames::looksThroughAddresses()
{
    QFETCH(QString, name);
    QFETCH(QString, address);
    QFETCH(Deceits, reasons);
    QFETCH(QString, claimed);
    QFETCH(QString, ascii);
    const AddressDeceit deceit = deceitOf({name, address});
    QCOMPARE(deceit.reasons, reasons);
    QCOMPARE(deceit.claimed, claimed);
    QCOMPARE(deceit.asciiDomain, ascii);
}

void TestDeceivingNames::looksThroughFileNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Deceits>("reasons");
    const auto row = [](const char16_t *name, Deceits reasons) {
        QTest::addRow("%s", qUtf8Printable(QString::fromUtf16(name))) << QString::fromUtf16(name) << reasons;
    };
    row(u"invoice.pdf", {});
    row(u"invoice.pdf.exe", Deceit::DoubleEnding);
    row(u"INVOICE.PDF.EXE", Deceit::DoubleEnding);
    row(u"photo.jpg.js", Deceit::DoubleEnding);
    row(u"setup.exe", {});
    row(u"archive.tar.gz", {});
    row(u"report.v2.pdf", {});
    row(u"notes 1.2.txt", {});
    row(u"invoice.pdf                                   .exe", Deceit::DoubleEnding | Deceit::FarEnding);
    row(u"invoice                                   .exe", Deceit::FarEnding);
    row(u"a long name of words.exe", {});
    row(u"in\u200bvoice.pdf", Deceit::HiddenCharacters);
    row(u"README", {});
    row(u"", {});
    QTest::newRow("F22 a mark of direction")
        << QStringLiteral("cod\u202efdp.exe") << Deceits(Deceit::TurnedDirection);
}

void TestDeceivingNames::looksThroughFileNames()
{
    QFETCH(QString, name);
    QFETCH(Deceits, reasons);
    QCOMPARE(fileNameDeceit(name), reasons);
}

void TestDeceivingNames::warnsOfTheSender()
{
    const QString warning = QStringLiteral("name-looks-like-address");
    QVERIFY(readMessage("From: \"boss@bank.example\" <ann@example.org>\n\nx\n").warnings.contains(warning));
    QVERIFY(!readMessage("From: \"Ann\" <ann@example.org>\n\nx\n").warnings.contains(warning));
}

QTEST_GUILESS_MAIN(TestDeceivingNames)
#include "tst_deceivingnames.moc"
