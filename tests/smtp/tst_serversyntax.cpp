// What a server reads: paths, commands, parameters, xtext, lines, data, headers. What streams is read whole,
// octet by octet and cut at every place. Rows bear the line of the server catalogue.

#include "smtp/syntax/addressliteral.h"
#include "smtp/syntax/bdat.h"
#include "smtp/syntax/command.h"
#include "smtp/syntax/dotdecoder.h"
#include "smtp/syntax/headerscanner.h"
#include "smtp/syntax/lineframer.h"
#include "smtp/syntax/octets.h"
#include "smtp/syntax/parameters.h"
#include "smtp/syntax/path.h"
#include "smtp/syntax/xtext.h"

#include <QTest>

#include <limits>

using namespace glasspost::smtp;

Q_DECLARE_METATYPE(glasspost::smtp::SyntaxError)

namespace {

using Pieces = QList<QByteArray>;

/// The same octets in three ways: whole, octet by octet, and in two parts cut at each place.
QList<Pieces> allCuts(const QByteArray &octets)
{
    QList<Pieces> ways{{octets}, {}};
    for (const char c : octets)
        ways[1].append(QByteArray(1, c));
    for (qsizetype cut = 1; cut < octets.size(); ++cut)
        ways.append({octets.first(cut), octets.sliced(cut)});
    return ways;
}

QByteArray frame(const Pieces &pieces, qsizetype limit)
{
    LineFramer framer(limit);
    QByteArray seen;
    for (const QByteArray &piece : pieces) {
        QByteArrayView input(piece);
        while (const auto line = framer.next(input)) {
            seen += line->tooLong ? "long " + QByteArray::number(line->size)
                                  : '[' + line->octets.toByteArray() + ']';
        }
    }
    return seen + (framer.pendingSize() > 0 ? "+" + QByteArray::number(framer.pendingSize()) : QByteArray());
}

/// The message, what was noted, and what stood behind the end.
QByteArray decode(const Pieces &pieces)
{
    DotDecoder decoder;
    QByteArray message;
    QByteArray behind;
    bool ended = false;
    for (const QByteArray &piece : pieces) {
        QByteArrayView input(piece);
        if (!ended)
            ended = decoder.decode(input, message);
        if (ended)
            behind += input.toByteArray();
    }
    if (decoder.facts().size != message.size())
        return "the size is wrong";
    return message + (decoder.facts().hasBareCr ? "|CR" : "") + (decoder.facts().hasBareLf ? "|LF" : "")
        + (ended ? "|end " + behind : QByteArray("|open"));
}

QByteArray scanned(const Pieces &pieces)
{
    HeaderScanner scanner;
    for (const QByteArray &piece : pieces)
        scanner.scan(piece);
    return QByteArray::number(scanner.receivedFields()) + (scanner.isDone() ? " done " : " open ")
        + QByteArray::number(scanner.size());
}

const ParameterExtensions everything = ParameterExtension::SmtpUtf8 | ParameterExtension::Dsn
    | ParameterExtension::Auth | ParameterExtension::RequireTls | ParameterExtension::DeliverBy
    | ParameterExtension::FutureRelease | ParameterExtension::MtPriority;
constexpr qint64 now = 1'000'000'000; // seconds since the epoch

QByteArray labels(qsizetype size)
{
    QByteArray domain;
    while (domain.size() + 64 < size)
        domain += QByteArray(63, 'd') + '.';
    return domain + QByteArray(size - domain.size(), 'e');
}

} // namespace

class ServerSyntaxTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void paths_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("localPart");
        QTest::addColumn<QByteArray>("domain");
        QTest::addColumn<QByteArray>("rest");
        const auto row = [](const char *name, const QByteArray &text, const QByteArray &localPart,
                             const QByteArray &domain, const QByteArray &rest = {}) {
            QTest::newRow(name) << text << localPart << domain << rest;
        };
        row("plain", "<a@b.example>", "a", "b.example");
        row("case is kept", "<John.Q@B.Example>", "John.Q", "B.Example");
        row("every atext", "<!#$%&'*+-/=?^_`{|}~@b>", "!#$%&'*+-/=?^_`{|}~", "b");
        row("parameters behind", "<a@b>  SIZE=1 BODY=7BIT", "a", "b", "SIZE=1 BODY=7BIT");
        row("S31 source route", "<@x,@y:u@d>", "u", "d");
        row("S31 one hop", "<@x.example:u@d.example>", "u", "d.example");
        row("S32 blank in quotes", "<\"a b\"@d>", "\"a b\"", "d");
        row("S32 at sign in quotes", "<\"a@b\"@d>", "\"a@b\"", "d");
        row("S32 quoted quote", "<\"a\\\"b\"@d>", "\"a\\\"b\"", "d");
        row("S32 bracket in quotes", "<\"a>b\"@d>", "\"a>b\"", "d");
        row("S32 backslash in quotes", "<\"a\\\\\"@d>", "\"a\\\\\"", "d");
        row("S33 empty quotes", "<\"\"@d>", "\"\"", "d");
        row("S34 IPv4 literal", "<u@[127.0.0.1]>", "u", "[127.0.0.1]");
        row("S34 IPv6 literal", "<u@[IPv6:::1]>", "u", "[IPv6:::1]");
        row("S34 IPv6 literal in any case", "<u@[ipv6:2001:DB8::1]>", "u", "[ipv6:2001:DB8::1]");
        row("S34 IPv4 in IPv6", "<u@[IPv6:::ffff:192.0.2.1]>", "u", "[IPv6:::ffff:192.0.2.1]");
        row("S35 local-part of 64", '<' + QByteArray(64, 'l') + "@d>", QByteArray(64, 'l'), "d");
        row("S35 path of 256", "<l@" + labels(252) + '>', "l", labels(252));
        row("S37 UTF-8 local-part", "<\xc3\xa4@d>", "\xc3\xa4", "d");
        row("S37 UTF-8 domain", "<u@\xc3\xa4.example>", "u", "\xc3\xa4.example");
        row("S39 A-label", "<u@xn--bcher-kva.example>", "u", "xn--bcher-kva.example");
        row("S41 percent", "<u%d@ours>", "u%d", "ours");
        row("S41 bang", "<d!u@ours>", "d!u", "ours");
        row("S41 quoted", "<\"u@d\"@ours>", "\"u@d\"", "ours");
        row("S41 route through us", "<@ours:u@d>", "u", "d");
        row("digits as a domain", "<u@123.456>", "u", "123.456");
    }
    void paths()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, localPart);
        QFETCH(QByteArray, domain);
        QFETCH(QByteArray, rest);
        const Mailbox expected{localPart, domain};
        for (const PathStyle style : {PathStyle::Strict, PathStyle::Tolerant}) {
            const auto reverse = parseReversePath(text, style);
            QVERIFY(reverse);
            QCOMPARE(reverse->mailbox, expected);
            QCOMPARE(reverse->rest.toByteArray(), rest);
            const auto forward = parseForwardPath(text, style);
            QVERIFY(forward);
            QCOMPARE(forward->mailbox, expected);
            QCOMPARE(forward->rest.toByteArray(), rest);
        }
        QCOMPARE(parseMailbox(expected.toBytes()).value(), expected);
        // Cut short it is no path; and no octets bring a parser down.
        for (qsizetype size = 0; size < text.indexOf("@") + 1; ++size)
            QVERIFY(!parseForwardPath(text.first(size)));
    }

    void badPaths_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<SyntaxError>("error");
        const auto row = [](const char *name, const QByteArray &text, SyntaxError error) {
            QTest::newRow(name) << text << error;
        };
        row("S28 nothing", "", SyntaxError::Missing);
        row("S29 no brackets", "a@b", SyntaxError::NotBracketed);
        row("S29 blank before", " <a@b>", SyntaxError::BlankBeforePath);
        row("S28 blanks alone", "  ", SyntaxError::Missing);
        row("S30 not closed", "<a@b", SyntaxError::NotBracketed);
        row("S30 not opened", "a@b>", SyntaxError::NotBracketed);
        row("S30 opened twice", "<<a@b>>", SyntaxError::BadPath);
        row("S30 joined to what follows", "<a@b>SIZE=1", SyntaxError::TextAfterPath);
        row("S31 route without colon", "<@x,@y>", SyntaxError::BadPath);
        row("S31 route without at", "<@x,y:u@d>", SyntaxError::BadPath);
        row("S31 route ends with comma", "<@x,:u@d>", SyntaxError::BadPath);
        row("S31 route of nothing", "<@:u@d>", SyntaxError::BadPath);
        row("S31 route alone", "<@x:>", SyntaxError::Missing);
        row("S32 quote not closed", "<\"a@d>", SyntaxError::NotBracketed);
        row("S33 no local-part", "<@d>", SyntaxError::BadPath);
        row("no domain", "<u@>", SyntaxError::BadDomain);
        row("no at sign", "<u>", SyntaxError::NoDomain);
        row("two at signs", "<u@d@e>", SyntaxError::BadDomain);
        row("blank in a local-part", "<a b@d>", SyntaxError::BadLocalPart);
        row("dot first", "<.a@d>", SyntaxError::MisplacedDot);
        row("dot last", "<a.@d>", SyntaxError::MisplacedDot);
        row("two dots", "<a..b@d>", SyntaxError::MisplacedDot);
        row("text behind a quoted string", "<\"a\"b@d>", SyntaxError::BadLocalPart);
        row("hyphen first", "<u@-d>", SyntaxError::BadDomain);
        row("hyphen last", "<u@d->", SyntaxError::BadDomain);
        row("dot ends the domain", "<u@d.>", SyntaxError::BadDomain);
        row("empty label", "<u@d..e>", SyntaxError::BadDomain);
        row("underscore", "<u@d_e>", SyntaxError::BadDomain);
        row("label of 64", "<u@" + QByteArray(64, 'd') + '>', SyntaxError::BadDomain);
        row("S34 999.1.1.1", "<u@[999.1.1.1]>", SyntaxError::BadAddressLiteral);
        row("S34 three parts", "<u@[127.0.1]>", SyntaxError::BadAddressLiteral);
        row("S34 five parts", "<u@[1.2.3.4.5]>", SyntaxError::BadAddressLiteral);
        row("S34 zz", "<u@[IPv6:zz]>", SyntaxError::BadAddressLiteral);
        row("S34 IPv6 without tag", "<u@[::1]>", SyntaxError::BadAddressLiteral);
        row("S34 zone", "<u@[IPv6:fe80::1%lo]>", SyntaxError::BadAddressLiteral);
        row("S34 not closed", "<u@[::1>", SyntaxError::BadAddressLiteral);
        row("S34 empty", "<u@[]>", SyntaxError::BadAddressLiteral);
        row("S34 unknown tag", "<u@[X400:a]>", SyntaxError::BadAddressLiteral);
        row("S34 text behind", "<u@[127.0.0.1]x>", SyntaxError::BadAddressLiteral);
        row("S35 local-part of 65", '<' + QByteArray(65, 'l') + "@d>", SyntaxError::LocalPartTooLong);
        row("S35 path of 257", "<l@" + labels(253) + '>', SyntaxError::PathTooLong);
        row("S35 quoted local-part of 66", "<\"" + QByteArray(64, 'l') + "\"@d>",
            SyntaxError::LocalPartTooLong);
        row("S36 NUL", QByteArray("<a\0b@d>", 7), SyntaxError::BadLocalPart);
        row("S36 NUL in quotes", QByteArray("<\"a\0b\"@d>", 9), SyntaxError::ControlOctet);
        row("S36 CR", "<a\rb@d>", SyntaxError::BadLocalPart);
        row("S36 LF in a domain", "<a@b\nd>", SyntaxError::BadDomain);
        row("S36 DEL in quotes", "<\"a\x7f\"@d>", SyntaxError::ControlOctet);
        row("S38 not UTF-8", "<a\xff@d>", SyntaxError::NotUtf8);
        row("S38 not UTF-8 in a domain", "<a@\xc3>", SyntaxError::NotUtf8);
        row("S39 A-label of nothing", "<a@xn--->", SyntaxError::BadALabel);
        row("S39 A-label cut", "<a@xn-->", SyntaxError::BadALabel);
        row("T77 zero-width space", "<a@b\xe2\x80\x8b.example>", SyntaxError::InvisibleInDomain);
        row("T77 no-break space", "<a@b\xc2\xa0.example>", SyntaxError::InvisibleInDomain);
        row("T77 byte order mark",
            "<a@\xef\xbb\xbf"
            "b.example>",
            SyntaxError::InvisibleInDomain);
        row("T77 right-to-left override", "<a@b\xe2\x80\xae.example>", SyntaxError::InvisibleInDomain);
    }
    void badPaths()
    {
        QFETCH(QByteArray, text);
        QFETCH(SyntaxError, error);
        const auto reverse = parseReversePath(text);
        QVERIFY(!reverse);
        QCOMPARE(reverse.error(), error);
        const auto forward = parseForwardPath(text);
        QVERIFY(!forward);
        QCOMPARE(forward.error(), error);
        for (qsizetype size = 0; size < text.size(); ++size)
            QVERIFY(!parseForwardPath(text.first(size)) || size > text.indexOf('>'));
    }

    void specialPaths()
    {
        const auto null = parseReversePath("<> SIZE=1");
        QVERIFY(null && null->mailbox.isNull()); // S26
        QCOMPARE(null->rest.toByteArray(), QByteArray("SIZE=1"));
        QCOMPARE(parseForwardPath("<>").error(), SyntaxError::Missing);
        for (const char *postmaster : {"<postmaster>", "<PostMaster>", "<POSTMASTER>"}) { // S27
            const auto path = parseForwardPath(postmaster);
            QVERIFY(path && path->mailbox.domain.isEmpty());
            QVERIFY(equalIgnoringCase(path->mailbox.localPart, "postmaster"));
            QVERIFY(!parseReversePath(postmaster));
        }
    }

    void tolerantPaths_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("localPart"); // both empty: refused
        QTest::addColumn<QByteArray>("domain");
        QTest::addColumn<QByteArray>("rest");
        const auto row = [](const char *name, const QByteArray &text, const QByteArray &localPart = {},
                             const QByteArray &domain = {}, const QByteArray &rest = {}) {
            QTest::newRow(name) << text << localPart << domain << rest;
        };
        row("T7 blank before", " <a@b>", "a", "b");
        row("T7 tab before", "\t<a@b>", "a", "b");
        row("T7 no brackets", "a@b", "a", "b");
        row("T7 blanks and no brackets", "  a@b ", "a", "b");
        row("T7 no brackets, parameters", "a@b SIZE=1", "a", "b", "SIZE=1");
        row("T7 not closed", "<a@b SIZE=1", "a", "b", "SIZE=1");
        row("T7 not opened", "a@b>", "a", "b");
        row("T7 twice in brackets", "<<a@b>> SIZE=1", "a", "b", "SIZE=1");
        row("T7 blanks within", "< a@b >", "a", "b");
        row("T7 a name before", "Bob B. <a@b>", "a", "b");
        row("T7 two addresses", "a@b <c@d>");
        row("T7 two addresses without brackets", "a@b,c@d");
        row("T7 joined to what follows", "<a@b>SIZE=1");
        // Where a quoted string ends, the strict grammar knows: what follows the bracket in it is no
        // parameter.
        row("T7 a bracket in quotes", "<\"" + QByteArray(70, 'x') + "> SIZE=1\"@c>");
        row("T7 a bracket after an escaped quote", "<\"" + QByteArray(70, 'x') + "\\\"> SIZE=1\"@c>");
        row("T7 a blank after an escaped quote", "\"a\\\" SIZE=1\"@c", "\"a\\\" SIZE=1\"", "c");
        row("T9 no domain", "<root>", "root");
        row("T9 no domain, no brackets", "root", "root");
        row("T9 dot last", "<ilo.@hp.example>", "ilo.", "hp.example");
        row("T9 dot first", "<.ilo@hp.example>", ".ilo", "hp.example");
        row("T9 two dots", "<a..b@x>", "a..b", "x");
        row("T9 underscores", "<user@__>", "user", "__");
        row("T9 underscore in a name", "<user@my_host.example>", "user", "my_host.example");
        row("T9 hyphen first", "<user@-d->", "user", "-d-");
        row("T9 dot ends the domain", "<user@d.>", "user", "d.");
        row("T9 empty label", "<user@d..e>", "user", "d..e");
        row("T9 local-part of 80", '<' + QByteArray(80, 'l') + "@x>", QByteArray(80, 'l'), "x");
        row("T9 domain of 300", "<u@" + QByteArray(300, 'd') + '>', "u", QByteArray(300, 'd'));
        row("T9 blank in the local-part", "<a b@x>", "a b", "x");
        row("T9 IPv6 without a tag", "<u@[2001:db8::19]>", "u", "[2001:db8::19]");
        row("T9 no domain after the at sign", "<user@>");
        row("T9 dots alone", "<user@..>");
        row("T9 two at signs", "<a@b@c>");
        row("T9 NUL", QByteArray("<a\0b@c>", 7));
        row("T9 not UTF-8", "<a\xff@c>");
        row("T77 invisible", " <a@b\xe2\x80\x8b.example>");
        row("T77 malformed A-label", " <a@xn--->");
        row("nothing", "");
    }
    void tolerantPaths()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, localPart);
        QFETCH(QByteArray, domain);
        const auto strict = parseReversePath(text);
        QVERIFY(!strict);
        const auto reverse = parseReversePath(text, PathStyle::Tolerant);
        const auto forward = parseForwardPath(text, PathStyle::Tolerant);
        QCOMPARE(forward.has_value(), !localPart.isEmpty());
        QCOMPARE(reverse.has_value(), !localPart.isEmpty());
        if (localPart.isEmpty()) {
            QCOMPARE(reverse.error(), strict.error()); // which says what is wrong
            return;
        }
        QCOMPARE(reverse->mailbox, (Mailbox{localPart, domain}));
        QCOMPARE(forward->mailbox, reverse->mailbox);
        QTEST(reverse->rest.toByteArray(), "rest");
        QCOMPARE(reverse->departure, std::optional(strict.error()));
    }

    void domains_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("domain");
        QTest::addColumn<bool>("literal");
        QTest::newRow("S4 name") << QByteArray("a.b") << true << false;
        QTest::newRow("S4 nothing") << QByteArray() << false << false;
        QTest::newRow("S35 255") << labels(255) << true << false;
        QTest::newRow("S35 256") << labels(256) << false << false;
        QTest::newRow("label of 63") << QByteArray(63, 'd') << true << false;
        QTest::newRow("literal") << QByteArray("[127.0.0.1]") << false << true;
        QTest::newRow("bare address") << QByteArray("::1") << false << false;
        QTest::newRow("blank") << QByteArray("a b") << false << false;
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << false << false;
    }
    void domains()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, domain);
        QFETCH(bool, literal);
        QCOMPARE(isDomain(text), domain);
        QCOMPARE(isDomainOrLiteral(text), domain || literal);
        QCOMPARE(parseAddressLiteral(text).has_value(), literal);
    }

    void literalsRoundTrip()
    {
        for (const char *text : {"[127.0.0.1]", "[IPv6:::1]", "[IPv6:2001:db8::1]"})
            QCOMPARE(addressLiteral(*parseAddressLiteral(text)), QByteArray(text));
        QCOMPARE(addressLiteral(*parseAddressLiteral("[IPv6:::ffff:192.0.2.1]")), QByteArray("[192.0.2.1]"));
    }

    void commands_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("verb");
        QTest::addColumn<QByteArray>("argument");
        const auto row = [](const char *name, const QByteArray &line, Verb verb, const QByteArray &argument) {
            QTest::newRow(name) << line << static_cast<int>(verb) << argument;
        };
        row("S13 mixed case", "eHlO a.b", Verb::Ehlo, "a.b");
        row("S13 trailing blanks", "NOOP \t ", Verb::Noop, "");
        row("S13 empty", "", Verb::Unknown, "");
        row("blanks before the argument", "MAIL   FROM:<>", Verb::Mail, "FROM:<>");
        row("argument with blanks", "NOOP one  two", Verb::Noop, "one  two");
        row("blank first", " NOOP", Verb::Unknown, "NOOP");
        row("TAB is no blank", "NOOP\tx", Verb::Unknown, "");
        row("longer word", "NOOPS", Verb::Unknown, "");
        row("shorter word", "NOO", Verb::Unknown, "");
        row("S11 known, not offered", "etrn x", Verb::Etrn, "x");
        row("S36 NUL", QByteArray("QUIT\0", 5), Verb::Unknown, "");
    }
    void commands()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, verb);
        QFETCH(QByteArray, argument);
        const Command command = parseCommand(line);
        QCOMPARE(static_cast<int>(command.verb), verb);
        QCOMPARE(command.argument.toByteArray(), argument);
    }

    void everyVerbIsKnownByItsName()
    {
        for (int i = 0; i < static_cast<int>(Verb::Unknown); ++i) {
            const auto verb = static_cast<Verb>(i);
            QCOMPARE(parseCommand(verbName(verb)).verb, verb);
            QCOMPARE(parseCommand(verbName(verb).toByteArray().toLower()).verb, verb);
        }
    }

    void mailParameters_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("error");
        const auto good = [](const QByteArray &name, const QByteArray &text) {
            QTest::newRow(name.constData()) << text << -1;
        };
        const auto bad = [](const QByteArray &name, const QByteArray &text, SyntaxError error) {
            QTest::newRow(name.constData()) << text << static_cast<int>(error);
        };
        good("nothing", "");
        good("blanks between", " SIZE=1   BODY=7BIT ");
        good("any case", "size=1 body=8bitmime smtputf8 ret=full");
        bad("S37 SMTPUTF8=1", "SMTPUTF8=1", SyntaxError::BadValue);
        bad("S40 unknown", "FOO=1", SyntaxError::UnknownParameter);
        bad("S40 repeated", "SIZE=1 SIZE=1", SyntaxError::Repeated);
        bad("S30 T77 junk", "junk", SyntaxError::UnknownParameter);
        bad("keyword of a hyphen", "-A=1", SyntaxError::BadKeyword);
        bad("no keyword", "=1", SyntaxError::BadKeyword);
        bad("two equals", "SIZE=1=2", SyntaxError::BadValue);
        bad("S36 NUL in a value", QByteArray("SIZE=1\0", 7), SyntaxError::BadValue);
        bad("S36 CR in a value", "SIZE=1\r", SyntaxError::BadValue);
        bad("S43 SIZE=", "SIZE=", SyntaxError::BadValue);
        bad("S43 SIZE", "SIZE", SyntaxError::BadValue);
        bad("S43 SIZE=abc", "SIZE=abc", SyntaxError::BadValue);
        bad("S43 SIZE=-1", "SIZE=-1", SyntaxError::BadValue);
        bad("S43 30 digits", "SIZE=" + QByteArray(30, '9'), SyntaxError::BadValue);
        good("S43 20 digits", "SIZE=" + QByteArray(20, '9'));
        bad("S53 BINARYMIME", "BODY=BINARYMIME", SyntaxError::BadValue);
        bad("S53 BODY=X", "BODY=X", SyntaxError::BadValue);
        good("S106 AUTH=<>", "AUTH=<>");
        good("S106 AUTH=mailbox", "AUTH=e+3Dmc2@example.org");
        bad("S106 bad xtext", "AUTH=+zz", SyntaxError::BadValue);
        good("S114 RET=HDRS", "RET=HDRS");
        bad("S114 RET=X", "RET=X", SyntaxError::BadValue);
        bad("S114 RET twice", "RET=FULL RET=FULL", SyntaxError::Repeated);
        good("S115 ENVID", "ENVID=QQ314159");
        good("S115 ENVID in xtext", "ENVID=a+2Bb");
        good("S115 100", "ENVID=" + QByteArray(100, 'e'));
        bad("S115 101", "ENVID=" + QByteArray(101, 'e'), SyntaxError::BadValue);
        bad("S115 +4", "ENVID=+4", SyntaxError::BadValue);
        bad("S115 +zz", "ENVID=+zz", SyntaxError::BadValue);
        bad("S115 +00", "ENVID=a+00", SyntaxError::BadValue);
        bad("S115 lower case", "ENVID=+2b", SyntaxError::BadValue);
        bad("S115 8-bit", "ENVID=\xc3\xa4", SyntaxError::BadValue);
        good("S120 REQUIRETLS", "REQUIRETLS");
        bad("S120 REQUIRETLS with a value", "REQUIRETLS=1", SyntaxError::BadValue);
        bad("S120 REQUIRETLS twice", "REQUIRETLS REQUIRETLS", SyntaxError::Repeated);
        good("DELIVERBY R", "BY=120;R");
        good("DELIVERBY N, trace", "BY=+120;nt");
        good("DELIVERBY N, over already", "BY=-5;N");
        bad("DELIVERBY R, over already", "BY=0;R", SyntaxError::BadValue);
        for (const char *value :
            {"120", "120;", ";R", "120;X", "120;RX", "120;RTT", "-;N", "1234567890;R", "1 ;R"})
            bad(value, "BY=" + QByteArray(value).replace(' ', '_'), SyntaxError::BadValue);
        bad("DELIVERBY twice", "BY=1;R BY=1;R", SyntaxError::Repeated);
        good("FUTURERELEASE HOLDFOR", "HOLDFOR=60");
        for (const char *value : {"x", "0", "-1", "1234567890"})
            bad(QByteArray("HOLDFOR ") + value, QByteArray("HOLDFOR=") + value, SyntaxError::BadValue);
        good("FUTURERELEASE HOLDUNTIL", "HOLDUNTIL=2026-11-24T22:00:00Z");
        good("FUTURERELEASE HOLDUNTIL with an offset", "HOLDUNTIL=2026-11-24t22:00:00.25+01:30");
        for (const char *value : {"2026-11-24", "2026-11-24T22:00:00", "2026-13-24T22:00:00Z",
                 "2026-11-24T25:00:00Z", "2026-11-24T22:00:00.Z", "2026-11-24T22:00:00+15:00",
                 "2026-11-24T22:00:00+1:00", "1960-11-24T22:00:00Z"})
            bad(QByteArray("HOLDUNTIL ") + value, QByteArray("HOLDUNTIL=") + value, SyntaxError::BadValue);
        bad("FUTURERELEASE both", "HOLDFOR=60 HOLDUNTIL=2026-11-24T22:00:00Z", SyntaxError::BadValue);
        good("MT-PRIORITY -9", "MT-PRIORITY=-9");
        good("MT-PRIORITY 9", "MT-PRIORITY=9");
        for (const char *value : {"10", "-10", "+1", "x", "-", "-0", "1.5"})
            bad(QByteArray("MT-PRIORITY ") + value, QByteArray("MT-PRIORITY=") + value,
                SyntaxError::BadValue);
        bad("of RCPT", "NOTIFY=NEVER", SyntaxError::UnknownParameter);
    }
    void mailParameters()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, error);
        Envelope envelope;
        const auto fault = parseMailParameters(text, everything, now, envelope);
        QCOMPARE(fault ? static_cast<int>(*fault) : -1, error);
    }

    void rcptParameters_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("error");
        const auto good = [](const char *name, const QByteArray &text) { QTest::newRow(name) << text << -1; };
        const auto bad = [](const char *name, const QByteArray &text, SyntaxError error) {
            QTest::newRow(name) << text << static_cast<int>(error);
        };
        good("S116 NEVER", "NOTIFY=NEVER");
        good("S116 the other three", "NOTIFY=SUCCESS,FAILURE,DELAY");
        bad("S116 NEVER,SUCCESS", "NOTIFY=NEVER,SUCCESS", SyntaxError::BadValue);
        bad("S116 SUCCESS,NEVER", "NOTIFY=SUCCESS,NEVER", SyntaxError::BadValue);
        bad("S116 empty", "NOTIFY=", SyntaxError::BadValue);
        bad("S116 empty word", "NOTIFY=SUCCESS,,DELAY", SyntaxError::BadValue);
        bad("S116 comma last", "NOTIFY=SUCCESS,", SyntaxError::BadValue);
        bad("S116 repeated word", "NOTIFY=DELAY,DELAY", SyntaxError::BadValue);
        bad("S116 repeated", "NOTIFY=DELAY NOTIFY=NEVER", SyntaxError::Repeated);
        good("S117 ORCPT", "ORCPT=rfc822;a+40b");
        good("S117 utf-8 type in ASCII", "ORCPT=utf-8;\\x{E4}@b");
        good("S117 utf-8 type in UTF-8", "ORCPT=utf-8;\xc3\xa4@b");
        bad("S117 UTF-8 of another type", "ORCPT=rfc822;\xc3\xa4@b", SyntaxError::BadValue);
        bad("S117 no semicolon", "ORCPT=a@b", SyntaxError::BadValue);
        bad("S117 no type", "ORCPT=;a@b", SyntaxError::BadValue);
        bad("S117 no address", "ORCPT=rfc822;", SyntaxError::BadValue);
        bad("S117 bad xtext", "ORCPT=rfc822;a+4", SyntaxError::BadValue);
        bad("S117 NUL in xtext", "ORCPT=rfc822;a+00", SyntaxError::BadValue);
        bad("S117 CRLF in xtext", "ORCPT=rfc822;a+0D+0Ab", SyntaxError::BadValue);
        bad("S117 501 octets", "ORCPT=rfc822;" + QByteArray(494, 'a'), SyntaxError::BadValue);
        bad("of MAIL", "SIZE=1", SyntaxError::UnknownParameter);
    }
    void rcptParameters()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, error);
        EnvelopeRecipient recipient;
        const auto fault = parseRcptParameters(text, everything, recipient);
        QCOMPARE(fault ? static_cast<int>(*fault) : -1, error);
    }

    void parametersReachTheEnvelope()
    {
        Envelope envelope;
        QVERIFY(!parseMailParameters(
            "SIZE=77 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb", everything, now, envelope));
        QCOMPARE(envelope.declaredSize, 77);
        QCOMPARE(envelope.body, BodyType::EightBitMime);
        QVERIFY(envelope.smtpUtf8);
        QCOMPARE(envelope.dsnReturn, DsnReturn::Headers);
        QCOMPARE(envelope.envelopeId, QByteArray("a+b"));
        Envelope timed;
        QVERIFY(
            !parseMailParameters("REQUIRETLS BY=120;RT HOLDFOR=60 MT-PRIORITY=-3", everything, now, timed));
        QVERIFY(timed.requireTls);
        QCOMPARE(timed.deliverBy, std::optional(DeliverBy{120, DeliverBy::Mode::Return, true}));
        QCOMPARE(timed.holdUntil, now + 60);
        QCOMPARE(timed.priority, std::optional(-3));
        Envelope held;
        QVERIFY(!parseMailParameters("HOLDUNTIL=2001-09-09T03:46:40.5+02:00", everything, now, held));
        QCOMPARE(held.holdUntil, now);
        EnvelopeRecipient recipient;
        QVERIFY(!parseRcptParameters("NOTIFY=delay,Success ORCPT=rfc822;a+40b", everything, recipient));
        QCOMPARE(recipient.notify, NotifyFlags(Notify::Delay | Notify::Success));
        QCOMPARE(recipient.originalRecipient, QByteArray("rfc822;a@b"));
        EnvelopeRecipient foreign;
        QVERIFY(!parseRcptParameters("ORCPT=utf-8;\xc3\xa4@b", everything, foreign));
        QCOMPARE(foreign.originalRecipient, QByteArray("utf-8;\\x{E4}@b")); // RFC 6533 3
        Envelope huge;
        QVERIFY(!parseMailParameters("SIZE=99999999999999999999", {}, now, huge));
        QCOMPARE(huge.declaredSize, std::numeric_limits<qint64>::max()); // S43: no overflow
    }

    void notOffered_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("S37 SMTPUTF8") << QByteArray("SMTPUTF8");
        QTest::newRow("RET") << QByteArray("RET=FULL");
        QTest::newRow("ENVID") << QByteArray("ENVID=1");
        QTest::newRow("AUTH") << QByteArray("AUTH=<>");
        QTest::newRow("S120 REQUIRETLS") << QByteArray("REQUIRETLS");
        QTest::newRow("DELIVERBY") << QByteArray("BY=1;R");
        QTest::newRow("FUTURERELEASE") << QByteArray("HOLDFOR=1");
        QTest::newRow("MT-PRIORITY") << QByteArray("MT-PRIORITY=1");
    }
    void notOffered()
    {
        QFETCH(QByteArray, text);
        Envelope envelope;
        QCOMPARE(parseMailParameters(text, {}, now, envelope), std::optional(SyntaxError::UnknownParameter));
    }

    void xtext()
    {
        QByteArray all;
        for (int c = 0; c < 256; ++c)
            all += static_cast<char>(c);
        const QByteArray text = encodeXtext(all);
        QCOMPARE(decodeXtext(text), std::optional(all));
        QVERIFY(!text.contains('\0') && !text.contains(' ') && !text.contains('\n') && !hasPast7F(text));
        QCOMPARE(encodeXtext("a+b=c d"), QByteArray("a+2Bb+3Dc+20d"));
        QCOMPARE(decodeXtext(""), std::optional(QByteArray()));
        for (const char *bad : {"+", "+4", "+4G", "+2b", "a b", "a=b", "++2B", "\x7f", "\xc3"})
            QVERIFY2(!decodeXtext(bad), bad);
    }

    void utf8_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<bool>("fits");
        QTest::newRow("two octets") << QByteArray("\xc3\xa4") << true;
        QTest::newRow("four octets") << QByteArray("\xf0\x9f\x98\x80") << true;
        QTest::newRow("S38 lone continuation") << QByteArray("\x80") << false;
        QTest::newRow("S38 cut") << QByteArray("\xe2\x82") << false;
        QTest::newRow("S38 overlong") << QByteArray("\xc0\xaf") << false;
        QTest::newRow("S38 overlong three") << QByteArray("\xe0\x80\xaf") << false;
        QTest::newRow("S38 surrogate") << QByteArray("\xed\xa0\x80") << false;
        QTest::newRow("S38 past U+10FFFF") << QByteArray("\xf4\x90\x80\x80") << false;
    }
    void utf8()
    {
        QFETCH(QByteArray, octets);
        QFETCH(bool, fits);
        QCOMPARE(isUtf8(octets), fits);
    }

    void lines_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<QByteArray>("seen");
        const auto row = [](const char *name, const QByteArray &octets, const QByteArray &seen) {
            QTest::newRow(name) << octets << seen;
        };
        row("one", "NOOP\r\n", "[NOOP]");
        row("S15 three in one", "a\r\nb\r\nc\r\n", "[a][b][c]");
        row("S13 empty", "\r\n\r\n", "[][]");
        row("S83 bare LF stays inside", "a\nb\r\n", "[a\nb]");
        row("S83 bare CR stays inside", "a\rb\r\n", "[a\rb]");
        row("S83 CR CR LF", "a\r\r\n", "[a\r]");
        row("S83 LF first", "\nQUIT\r\n", "[\nQUIT]");
        row("not ended", "a\r\nQUIT", "[a]+4");
        row("CR at the end waits", "QUIT\r", "+5");
        row("NUL is an octet", QByteArray("a\0b\r\n", 5), QByteArray("[a\0b]", 5));
        row("S86 at the limit", "123456\r\n", "[123456]");
        row("S86 past the limit", "1234567\r\n", "long 7");
        row("S86 far past, then a good one", QByteArray(50, 'x') + "\r\nab\r\n", "long 50[ab]");
        row("S86 CR at the limit", "1234567\rx\r\n", "long 9");
    }
    void lines()
    {
        QFETCH(QByteArray, octets);
        QFETCH(QByteArray, seen);
        const QList<Pieces> ways = allCuts(octets);
        for (const Pieces &pieces : ways)
            QCOMPARE(frame(pieces, 8), seen);
    }

    void data_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<QByteArray>("seen");
        const auto row = [](const char *name, const QByteArray &wire, const QByteArray &seen) {
            QTest::newRow(name) << wire << seen;
        };
        row("S67 body of nothing", ".\r\n", "|end ");
        row("S67 one line", "a\r\n.\r\n", "a\r\n|end ");
        row("S67 ..x", "..x\r\n.\r\n", ".x\r\n|end ");
        row("S67 .x", ".x\r\n.\r\n", "x\r\n|end ");
        row("S67 first line .From:", "..From: a\r\n.\r\n", ".From: a\r\n|end ");
        row("S67 lone dot", "a\r\n..\r\n.\r\n", "a\r\n.\r\n|end ");
        row("S49 what follows is kept apart", "a\r\n.\r\nQUIT\r\n", "a\r\n|end QUIT\r\n");
        row("not ended", "a\r\n.", "a\r\n|open");
        row("not ended, CR", "a\r\n.\r", "a\r\n|open");
        row("S68 LF.LF", "a\n.\nb\r\n.\r\n", "a\n.\nb\r\n|LF|end ");
        row("S69 LF.CRLF", "a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n|LF|end ");
        row("S70 CRLF.LF", "a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n|LF|end ");
        row("S71 CR.CR", "a\r.\rb\r\n.\r\n", "a\r.\rb\r\n|CR|end ");
        row("S72 CR.LF", "a\r.\nb\r\n.\r\n", "a\r.\nb\r\n|CR|LF|end ");
        row("S73 LF.CR", "a\n.\rb\r\n.\r\n", "a\n.\rb\r\n|CR|LF|end ");
        row("S74 CR.CRLF", "a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n|CR|end ");
        row("S75 CRLF.CR", "a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n|CR|end ");
        row("S76 CRLF.CRCRLF", "a\r\n.\r\r\nb\r\n.\r\n", "a\r\n\r\r\nb\r\n|CR|end ");
        row("S77 CRCRLF.CRCRLF", "a\r\r\n.\r\r\nb\r\n.\r\n", "a\r\r\n\r\r\nb\r\n|CR|end ");
        row("S78 CRLF NUL.CRLF", QByteArray("a\r\n\0.\r\nb\r\n.\r\n", 13),
            QByteArray("a\r\n\0.\r\nb\r\n", 10) + "|end ");
        row("S79 CRLF.NUL CRLF", QByteArray("a\r\n.\0\r\nb\r\n.\r\n", 13),
            QByteArray("a\r\n\0\r\nb\r\n", 9) + "|end ");
        row("S80 .LF first", ".\nb\r\n.\r\n", "\nb\r\n|LF|end ");
        row("S80 .CR first", ".\rb\r\n.\r\n", "\rb\r\n|CR|end ");
        row("S82 bare LF before the end", "a\n\r\n.\r\n", "a\n\r\n|LF|end ");
        row("S82 CR ends the message", "a\r\r\n.\r\n", "a\r\r\n|CR|end ");
        row("S84 NUL", QByteArray("a\0b\r\n.\r\n", 8), QByteArray("a\0b\r\n", 5) + "|end ");
        row("S52 8-bit", "\xff\x80\r\n.\r\n", "\xff\x80\r\n|end ");
    }
    void data()
    {
        QFETCH(QByteArray, wire);
        QFETCH(QByteArray, seen);
        const QList<Pieces> ways = allCuts(wire);
        for (const Pieces &pieces : ways)
            QCOMPARE(decode(pieces), seen);
    }

    void longestLine_data() // S85
    {
        QTest::addColumn<int>("length");
        for (const int length : {0, 998, 1001, 70000, 10 * 1024 * 1024})
            QTest::addRow("S85 %d", length) << length;
    }
    void longestLine()
    {
        QFETCH(int, length);
        const QByteArray wire = "a\r\n" + QByteArray(length, 'x') + "\r\n.\r\n";
        for (const qsizetype size : {wire.size(), qsizetype(4096), qsizetype(777)}) {
            DotDecoder decoder;
            QByteArray message;
            bool ended = false;
            for (qsizetype at = 0; at < wire.size(); at += size) {
                QByteArrayView piece = QByteArrayView(wire).sliced(at, std::min(size, wire.size() - at));
                ended = decoder.decode(piece, message);
            }
            QVERIFY(ended);
            QCOMPARE(message, wire.chopped(3));
            QCOMPARE(decoder.facts().longestLine, std::max<qint64>(3, length + 2));
        }
    }

    void chunkedLines_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<QByteArray>("seen");
        const auto row = [](const char *name, const QByteArray &octets, const QByteArray &seen) {
            QTest::newRow(name) << octets << seen;
        };
        row("S64 whole lines", "a\r\nbcd\r\n", "8 longest 5");
        row("S64 the last line has no end", "a\r\nbcde", "7 longest 4");
        row("S64 bare LF", "a\nb\r\n", "5 longest 5 LF");
        row("S64 LF first", "\na\r\n", "4 longest 4 LF");
        row("S64 bare CR", "a\rb\r\n", "5 longest 5 CR");
        row("S64 CR CR LF", "a\r\r\n", "4 longest 4 CR");
        row("S64 CR at the end", "a\r", "2 longest 2 CR");
        row("S64 LF CR", "\n\r", "2 longest 2 CR LF");
        row("S64 nothing", "", "0 longest 0");
        row("S64 a dot is a dot", "\r\n.\r\n", "5 longest 3");
    }
    void chunkedLines()
    {
        QFETCH(QByteArray, octets);
        QFETCH(QByteArray, seen);
        const QList<Pieces> ways = allCuts(octets);
        for (const Pieces &pieces : ways) {
            LineScanner scanner;
            for (const QByteArray &piece : pieces)
                scanner.scan(piece);
            scanner.finish();
            const LineFacts facts = scanner.facts();
            QCOMPARE(QByteArray::number(facts.size) + " longest " + QByteArray::number(facts.longestLine)
                    + (facts.hasBareCr ? " CR" : "") + (facts.hasBareLf ? " LF" : ""),
                seen);
        }
    }

    void bdatArguments_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("size"); // -1: malformed
        QTest::addColumn<bool>("last");
        QTest::newRow("S55 a number") << QByteArray("1000") << qint64(1000) << false;
        QTest::newRow("S55 the last") << QByteArray("0 LAST") << qint64(0) << true;
        QTest::newRow("S55 in any case") << QByteArray("1 last") << qint64(1) << true;
        QTest::newRow("S58 18 digits") << QByteArray(18, '9') << qint64(999'999'999'999'999'999) << false;
        for (const char *text : {"", "x", "-1", "+1", "1x", "1 FOO", "LAST", "0x10", "1 LAST x"})
            QTest::addRow("S58 \"%s\"", text) << QByteArray(text) << qint64(-1) << false;
        QTest::newRow("S58 20 digits") << QByteArray(20, '9') << qint64(-1) << false;
    }
    void bdatArguments()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, size);
        QFETCH(bool, last);
        const auto argument = parseBdat(text);
        QCOMPARE(argument ? argument->size : -1, size);
        QCOMPARE(argument && argument->place == BdatArgument::Place::Last, last);
    }

    void headers_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<QByteArray>("seen");
        const auto row = [](const char *name, const QByteArray &octets, const QByteArray &seen) {
            QTest::newRow(name) << octets << seen;
        };
        row("S87 nothing", "", "0 open 0");
        row("S87 no header", "\r\nReceived: x\r\n", "0 done 2");
        row("S87 headers alone", "Received: a\r\n", "1 open 13");
        row("S88 two", "Received: a\r\nreceived : b\r\n\r\nReceived: c\r\n", "2 done 29");
        row("S88 folded", "Received: a\r\n Received: b\r\n\r\n", "1 done 29");
        row("S88 another field", "X-Received: a\r\nReceivedx: b\r\nReceive: c\r\n\r\n", "0 done 43");
        row("S88 name alone", "Received\r\n\r\n", "0 done 12");
        row("S88 in the body", "Subject: x\r\n\r\nReceived: a\r\n", "0 done 14");
        row("S82 bare LF is a line end for counting", "Received: a\nReceived: b\r\n\r\n", "2 done 27");
    }
    void headers()
    {
        QFETCH(QByteArray, octets);
        QFETCH(QByteArray, seen);
        const QList<Pieces> ways = allCuts(octets);
        for (const Pieces &pieces : ways)
            QCOMPARE(scanned(pieces), seen);
    }
};

QTEST_GUILESS_MAIN(ServerSyntaxTest)
#include "tst_serversyntax.moc"
