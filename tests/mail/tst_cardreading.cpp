// What a message is besides text: contacts, calendars, ways to leave a list, signatures and encryption.
#include "mail/message/calendarcard.h"
#include "mail/message/contactcard.h"
#include "mail/message/messagereader.h"
#include "mail/message/textforms.h"

#include <QElapsedTimer>
#include <QTest>

using namespace glasspost::mail;

namespace {

QByteArray calendarOf(const QByteArray &lines, const QByteArray &method = "REQUEST")
{
    return "BEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nBEGIN:VEVENT\r\n" + lines
        + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

QByteArray card(const QByteArray &lines)
{
    return "BEGIN:VCARD\r\nVERSION:3.0\r\n" + lines + "END:VCARD\r\n";
}

QString s(const char *text)
{
    return QString::fromUtf8(text);
}

} // namespace

class TestCardReading : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsContacts_data();
    void readsContacts();
    void readsCalendars_data();
    void readsCalendars();
    void readsPeopleOfAnEvent();
    void staysQuick_data();
    void staysQuick();
    void findsWaysToLeaveAList_data();
    void findsWaysToLeaveAList();
    void saysHowItIsProtected_data();
    void saysHowItIsProtected();
    void readsAReport();
    void countsQuotes_data();
    void countsQuotes();
};

void TestCardReading::readsContacts_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QList<ContactCard>>("cards");
    const auto row = [](const char *name, const QByteArray &octets, const QList<ContactCard> &cards) {
        QTest::newRow(name) << octets << cards;
    };
    ContactCard ann;
    ann.name = s("Ann Bee");
    ann.organization = s("Example, Mail");
    ann.title = s("Engineer; chief");
    ann.emails = {s("ann@example.org"), s("a@x.example")};
    ann.telephones = {s("+49 1")};
    ann.addresses = {s("Street 1, Town, 12345, Land")};
    row("version 3",
        card("FN:Ann Bee\r\nN:Bee;Ann;;;\r\nORG:Example;Mail\r\nTITLE:Engineer\\; chief\r\n"
             "EMAIL;TYPE=INTERNET:ann@example.org\r\nitem1.EMAIL:a@x.example\r\nTEL;VALUE=uri:tel:+49 1\r\n"
             "ADR:;;Street 1;Town;;12345;Land\r\n"),
        {ann});
    ContactCard folded;
    folded.name = s("Ann of the long name");
    folded.note = s("one\ntwo");
    row("folded lines and line ends", card("FN:Ann of the\r\n  long\r\n  name\r\nNOTE:one\\ntwo\r\n"),
        {folded});
    ContactCard old;
    old.name = s("Jörg Müller");
    row("version 2.1 in quoted-printable",
        card("N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;=\r\nJ=F6rg\r\n"), {old});
    ContactCard colon;
    colon.emails = {s("a@b")};
    row("a colon in a parameter", card("EMAIL;X=\"a:b\":a@b\r\n"), {colon});
    row("two of them", card("FN:Ann Bee\r\n") + card("FN:Bob\r\n"),
        {ContactCard{s("Ann Bee"), {}, {}, {}, {}, {}, {}, {}, {}},
            ContactCard{s("Bob"), {}, {}, {}, {}, {}, {}, {}, {}}});
    row("LF alone", card("FN:Ann Bee\r\n").replace("\r\n", "\n"),
        {ContactCard{s("Ann Bee"), {}, {}, {}, {}, {}, {}, {}, {}}});
    row("one that does not end", "BEGIN:VCARD\nFN:Ann Bee",
        {ContactCard{s("Ann Bee"), {}, {}, {}, {}, {}, {}, {}, {}}});
    row("no card", "hello\nFN:x\n", {});
    row("nothing", "", {});
}

void TestCardReading::readsContacts()
{
    QFETCH(QByteArray, octets);
    QFETCH(QList<ContactCard>, cards);
    const QList<ContactCard> found = readContactCards(octets);
    QCOMPARE(found.size(), cards.size());
    for (qsizetype i = 0; i < cards.size(); ++i) {
        QCOMPARE(found.at(i).name, cards.at(i).name);
        QCOMPARE(found.at(i).emails, cards.at(i).emails);
        QCOMPARE(found.at(i).addresses, cards.at(i).addresses);
        QVERIFY(found.at(i) == cards.at(i));
    }
}

void TestCardReading::readsCalendars_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<qint64>("start");
    QTest::addColumn<qint64>("end");
    QTest::addColumn<QString>("zone"); // unknown
    QTest::addColumn<int>("recurrence");
    const qint64 ten = 1764579600; // 1 December 2025, 9:00 UTC: 10:00 in Berlin
    const qint64 hour = 3600;
    const auto row = [](const char *name, const QByteArray &octets, qint64 start, qint64 end,
                         const QString &zone = {}, Recurrence recurrence = Recurrence::None) {
        QTest::newRow(name) << octets << start << end << zone << int(recurrence);
    };
    row("UTC", calendarOf("DTSTART:20251201T090000Z\r\nDTEND:20251201T100000Z\r\n"), ten, ten + hour);
    row("a zone of Olson's",
        calendarOf(
            "DTSTART;TZID=Europe/Berlin:20251201T100000\r\nDTEND;TZID=Europe/Berlin:20251201T110000\r\n"),
        ten, ten + hour);
    row("a zone of Windows", calendarOf("DTSTART;TZID=W. Europe Standard Time:20251201T100000\r\n"), ten, 0);
    row("a path before the zone",
        calendarOf("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20251201T100000\r\n"), ten,
        0);
    row("a path that leads elsewhere", calendarOf("DTSTART;TZID=../../../dev/zero:20251201T090000Z\r\n"), ten,
        0);
    row("a duration", calendarOf("DTSTART:20251201T090000Z\r\nDURATION:PT1H\r\n"), ten, ten + hour);
    row("whole days", calendarOf("DTSTART;VALUE=DATE:20251224\r\nDTEND;VALUE=DATE:20251227\r\n"), 1766534400,
        1766793600);
    row("every second week",
        calendarOf("DTSTART:20251201T090000Z\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO\r\n"), ten, 0, {},
        Recurrence::Weekly);
    row("every second, which is other", calendarOf("DTSTART:20251201T090000Z\r\nRRULE:FREQ=SECONDLY\r\n"),
        ten, 0, {}, Recurrence::Other);
    row("no time", calendarOf("SUMMARY:x\r\n"), 0, 0);
    row("a time that is none", calendarOf("DTSTART:20259999T990000Z\r\n"), 0, 0);
}

void TestCardReading::readsCalendars()
{
    QFETCH(QByteArray, octets);
    QFETCH(qint64, start);
    QFETCH(qint64, end);
    QFETCH(QString, zone);
    QFETCH(int, recurrence);
    const CalendarCard calendar = readCalendarCard(octets);
    QCOMPARE(calendar.events.size(), 1);
    const CalendarEvent &found = calendar.events.constFirst();
    QCOMPARE(found.start, start);
    QCOMPARE(found.end, end);
    QCOMPARE(found.unknownZone, zone);
    QCOMPARE(int(found.recurrence), recurrence);
}

void TestCardReading::readsPeopleOfAnEvent()
{
    const CalendarCard calendar = readCalendarCard(calendarOf(
        "SUMMARY:Lunch\\, outside\r\nLOCATION:Park\r\nORGANIZER;CN=Ann:mailto:ann@x.example\r\n"
        "ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:MAILTO:bob@x.example\r\nATTENDEE:mailto:eve@x.example\r\n"
        "DTSTART;TZID=Mars/Olympus:20251201T100000\r\n",
        "CANCEL"));
    QCOMPARE(int(calendar.method), int(CalendarMethod::Cancel));
    const CalendarEvent &found = calendar.events.constFirst();
    QCOMPARE(found.summary, s("Lunch, outside"));
    QCOMPARE(found.location, s("Park"));
    QCOMPARE(found.unknownZone, s("Mars/Olympus"));
    QVERIFY(found.organizer == (CalendarPerson{s("Ann"), s("ann@x.example"), Participation::Unknown}));
    QCOMPARE(found.people.size(), 2);
    QVERIFY(
        found.people.constFirst() == (CalendarPerson{s("Bob"), s("bob@x.example"), Participation::Accepted}));
    QVERIFY(readCalendarCard("hello").events.isEmpty());
}

void TestCardReading::staysQuick_data()
{
    QTest::addColumn<QByteArray>("octets");
    const auto row = [](const char *name, const QByteArray &octets) { QTest::newRow(name) << octets; };
    row("components in components", QByteArray("BEGIN:VEVENT\n").repeated(20000));
    row("many events", "BEGIN:VCALENDAR\n" + QByteArray("BEGIN:VEVENT\nEND:VEVENT\n").repeated(7000));
    row("a zone of every second",
        "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:00010101T000000\n"
        "RRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n"
        "BEGIN:VEVENT\nDTSTART;TZID=x:99991201T100000\nEND:VEVENT\nEND:VCALENDAR\n");
    row("parameters", calendarOf("ATTENDEE" + QByteArray(";X=y").repeated(60000) + ":mailto:a@b\r\n"));
    row("lines that are none", "BEGIN:VCALENDAR\n" + QByteArray(":\n").repeated(1000000));
    row("a line of a megabyte", calendarOf("SUMMARY:" + QByteArray(1000000, 'x') + "\r\n"));
    row("soft line ends of a contact", card("NOTE;QUOTED-PRINTABLE:" + QByteArray("=\n").repeated(1000000)));
    row("many contacts", card("FN:x\r\n").repeated(50000));
    row("zeros", QByteArray(1000000, '\0'));
}

void TestCardReading::staysQuick()
{
    QFETCH(QByteArray, octets);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(readCalendarCard(octets).events.size() <= 50);
    QVERIFY(readContactCards(octets).size() <= 100);
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

void TestCardReading::findsWaysToLeaveAList_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("mailto");
    QTest::addColumn<QString>("web");
    QTest::addColumn<bool>("isOneClick");
    const auto row
        = [](const char *name, const QByteArray &header, const char *mailto, const char *web,
              bool isOneClick) { QTest::newRow(name) << header << s(mailto) << s(web) << isOneClick; };
    const QByteArray post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n";
    row("none", "Subject: x\n", "", "", false);
    row("a mailto", "List-Unsubscribe: <mailto:l@x.example?subject=off>\n", "mailto:l@x.example?subject=off",
        "", false);
    row("both, folded", "List-Unsubscribe: <mailto:l@x.example>,\n <https://x.example/u?a=1\n &b=2>\n",
        "mailto:l@x.example", "https://x.example/u?a=1&b=2", false);
    row("one click", "List-Unsubscribe: <https://x.example/u>\n" + post, "", "https://x.example/u", true);
    row("one click without a page", "List-Unsubscribe: <mailto:l@x.example>\n" + post, "mailto:l@x.example",
        "", false);
    row("another post", "List-Unsubscribe: <https://x.example/u>\nList-Unsubscribe-Post: Delete=All\n", "",
        "https://x.example/u", false);
    row("in clear", "List-Unsubscribe: <http://x.example/u>\n", "", "", false);
    row("a script", "List-Unsubscribe: <javascript:alert(1)>, <file:///etc/passwd>\n", "", "", false);
    row("a name and password", "List-Unsubscribe: <https://a:b@x.example/u>\n", "", "", false);
    row("a comment before it", "List-Unsubscribe: (go here) <https://x.example/u>\n", "",
        "https://x.example/u", false);
    row("no brackets", "List-Unsubscribe: https://x.example/u\n", "", "", false);
    row("an open bracket", "List-Unsubscribe: <https://x.example/u\n", "", "", false);
}

void TestCardReading::findsWaysToLeaveAList()
{
    QFETCH(QByteArray, header);
    QFETCH(QString, mailto);
    QFETCH(QString, web);
    QFETCH(bool, isOneClick);
    const ListUnsubscribe found = readMessage(header + "\nx\n").unsubscribe;
    QCOMPARE(found.mailto.toString(), mailto);
    QCOMPARE(found.web.toString(), web);
    QCOMPARE(found.isOneClick, isOneClick);
    QCOMPARE(found.isNull(), mailto.isEmpty() && web.isEmpty());
}

void TestCardReading::saysHowItIsProtected_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("protection");
    const auto row = [](const char *name, const QByteArray &message, Protection protection) {
        QTest::newRow(name) << message << int(protection);
    };
    const auto multi = [](const QByteArray &type) {
        return "Content-Type: multipart/" + type + "; boundary=b\n\n--b\n\nx\n--b\n\ny\n--b--\n";
    };
    row("not", "Subject: x\n\ntext\n", Protection::None);
    row("OpenPGP, signed", multi("signed; protocol=\"application/pgp-signature\""),
        Protection::OpenPgpSigned);
    row("OpenPGP, encrypted", multi("encrypted; protocol=\"application/pgp-encrypted\""),
        Protection::OpenPgpEncrypted);
    row("S/MIME, signed", multi("signed; protocol=\"application/pkcs7-signature\""), Protection::SmimeSigned);
    row("S/MIME, signed in an old form", multi("signed; protocol=\"application/x-pkcs7-signature\""),
        Protection::SmimeSigned);
    row("signed by something else", multi("signed; protocol=\"application/x\""), Protection::OtherSigned);
    row("encrypted by something else", multi("encrypted"), Protection::OtherEncrypted);
    row("S/MIME, encrypted", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx\n",
        Protection::SmimeEncrypted);
    row("S/MIME, authenticated", "Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data\n\nx\n",
        Protection::SmimeEncrypted);
    row("S/MIME, opaque signed", "Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nx\n",
        Protection::SmimeSigned);
    row("S/MIME, certificates alone", "Content-Type: application/pkcs7-mime; smime-type=certs-only\n\nx\n",
        Protection::None);
    row("S/MIME that says nothing", "Content-Type: application/x-pkcs7-mime\n\nx\n",
        Protection::SmimeEncrypted);
    row("OpenPGP in the text", "Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n", Protection::OpenPgpText);
    row("a signed text", "Subject: x\n\n\n-----BEGIN PGP SIGNED MESSAGE-----\n", Protection::OpenPgpText);
    row("OpenPGP that is quoted", "Subject: x\n\n> -----BEGIN PGP MESSAGE-----\n", Protection::None);
    row("a signature as a file", multi("mixed"), Protection::None);
    row("signed, within what a list server made",
        "Content-Type: multipart/mixed; boundary=m\n\n--m\n"
            + multi("signed; protocol=\"application/pgp-signature\"") + "--m\n\nThe list\n--m--\n",
        Protection::OpenPgpSigned);
    row("a message within that is signed",
        "Content-Type: message/rfc822\n\n" + multi("signed; protocol=\"application/pgp-signature\""),
        Protection::None);
}

void TestCardReading::saysHowItIsProtected()
{
    QFETCH(QByteArray, message);
    QFETCH(int, protection);
    QCOMPARE(int(readMessage(message).protection), protection);
}

void TestCardReading::readsAReport()
{
    const QByteArray report = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                              "--b\n\nIt failed.\n--b\nContent-Type: message/delivery-status\n\n"
                              "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; bob@x.example\n"
                              "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\n\n--b--\n";
    const MessageView view = readMessage(report);
    QVERIFY(view.report.has_value());
    QCOMPARE(view.report->recipients.size(), 1);
    QCOMPARE(view.report->recipients.constFirst().finalRecipient, QByteArray("bob@x.example"));
    QVERIFY(!readMessage("Subject: x\n\nx\n").report.has_value());
}

void TestCardReading::countsQuotes_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("depth");
    const auto row = [](const char *line, int depth) { QTest::addRow("'%s'", line) << s(line) << depth; };
    row("text", 0);
    row("", 0);
    row(">", 1);
    row("> text", 1);
    row(">> text", 2);
    row("> > > text", 3);
    row("> a > b", 1);
    row(" > text", 0);
    row("a > b", 0);
}

void TestCardReading::countsQuotes()
{
    QFETCH(QString, line);
    QFETCH(int, depth);
    QCOMPARE(quoteDepth(line), depth);
}

QTEST_GUILESS_MAIN(TestCardReading)
#include "tst_cardreading.moc"
