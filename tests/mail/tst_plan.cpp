#include "mail/routing/plan.h"

#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

using Origin = IncomingMessage::Origin;

constexpr qint64 now = 1'800'000'000'000;

Settings sampleSettings()
{
    Settings settings;
    settings.hostName = QStringLiteral("here.example");
    settings.users = {{QStringLiteral("alice"), {}}, {QStringLiteral("bob"), {}}};
    settings.identities = {{{}, QStringLiteral("bob@work.example"), QStringLiteral("bob")}};
    const auto add = [&settings](const char16_t *name, Alias::Kind kind, const QStringList &targets) {
        settings.aliases.append({QString::fromUtf16(name), kind, targets});
    };
    add(u"old", Alias::Kind::Forward, {QStringLiteral("new@far.example")});
    add(u"team", Alias::Kind::List,
        {QStringLiteral("alice"), QStringLiteral("bob"), QStringLiteral("x@far.example")});
    add(u"away", Alias::Kind::List, {QStringLiteral("y@far.example")});
    add(u"ring", Alias::Kind::Alias, {QStringLiteral("ring")});
    return settings;
}

OutgoingRoute route(const char16_t *host)
{
    OutgoingRoute result;
    result.kind = OutgoingRoute::Kind::Smarthost;
    result.host = QString::fromUtf16(host);
    return result;
}

smtp::Mailbox path(const QByteArray &address)
{
    const qsizetype at = address.lastIndexOf('@');
    return at < 0 ? smtp::Mailbox{address, {}} : smtp::Mailbox{address.left(at), address.mid(at + 1)};
}

/// "alice@here.example" or "alice@here.example NOTIFY=SUCCESS".
smtp::EnvelopeRecipient recipient(const QByteArray &text)
{
    const QByteArray asks = " NOTIFY=SUCCESS";
    if (text.endsWith(asks))
        return {path(text.chopped(asks.size())), smtp::Notify::Success, {}};
    return {path(text), {}, {}};
}

QByteArray addresses(const QList<smtp::EnvelopeRecipient> &recipients)
{
    QByteArrayList result;
    for (const smtp::EnvelopeRecipient &one : recipients)
        result.append(one.forwardPath.toBytes());
    return result.join(' ');
}

/// The plan in words, a line for each thing that becomes of the message.
QStringList described(const Plan &plan)
{
    QByteArrayList lines;
    for (const FolderId &folder : plan.mailboxes) {
        const QString name = folder.folder.isEmpty() ? folder.user : folder.user + u'/' + folder.folder;
        lines.append("keep " + name.toUtf8() + (plan.flags ? " flags " : "")
            + (plan.flags ? QByteArray::number(plan.flags.toInt()) : QByteArray()));
    }
    for (const Relay &relay : plan.relays) {
        lines.append("relay <" + relay.envelope.reversePath.toBytes() + "> "
            + addresses(relay.envelope.recipients)
            + (relay.route ? " by " + relay.route->host.toUtf8() : QByteArray()));
    }
    if (!plan.successReports.isEmpty())
        lines.append("report " + addresses(plan.successReports));
    if (!plan.unknown.isEmpty())
        lines.append("unknown " + addresses(plan.unknown));
    QStringList result;
    for (const QByteArray &line : lines)
        result.append(QString::fromUtf8(line));
    return result;
}

QByteArrayList fieldNames(const QByteArray &head)
{
    QByteArrayList names;
    for (const QByteArray &line : head.split('\n')) {
        if (!line.isEmpty() && line[0] != '\t' && line[0] != ' ')
            names.append(line.left(line.indexOf(':')));
    }
    return names;
}

AcceptanceRules keeping()
{
    return {Router(sampleSettings()), RecipientPolicy::Mailboxes, "here.example"};
}

IncomingMessage from(
    Origin origin, const QByteArrayList &recipients, const QByteArray &sender = "s@far.example")
{
    IncomingMessage message;
    message.origin = origin;
    if (!sender.isEmpty())
        message.envelope.reversePath = path(sender);
    for (const QByteArray &one : recipients)
        message.envelope.recipients.append(recipient(one));
    return message;
}

} // namespace

/// What becomes of each kind of recipient, for each origin of the message.
class TestPlan : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void plans_data();
    void plans();
    void putsFieldsOnTop_data();
    void putsFieldsOnTop();
    void givesListsTheirOwner();
    void handsOnWithAllParameters();
    void completesByTheHeader();
    void completesNothingElse();
    void forwardsToEachOnce();
};

void TestPlan::plans_data()
{
    QTest::addColumn<IncomingMessage>("message");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *tag, const IncomingMessage &message, const QStringList &expected) {
        QTest::newRow(tag) << message << expected;
    };
    const auto lines = [](const char *text) { return QString::fromUtf8(text).split(QStringLiteral("; ")); };
    for (const auto &[origin, name] : {std::pair(Origin::Session, "session"), {Origin::Composer, "composer"},
             {Origin::CommandLine, "command line"}, {Origin::Receipt, "receipt"}, {Origin::Queue, "queue"}}) {
        const auto tag
            = [name = QByteArray(name)](const char *what) { return QByteArray(name + ": " + what); };
        row(tag("a mailbox"), from(origin, {"alice@here.example"}), lines("keep alice"));
        row(tag("each mailbox once"), from(origin, {"team@here.example", "bob@here.example"}),
            lines("keep alice; keep bob; relay <owner-team@here.example> x@far.example"));
        row(tag("elsewhere"), from(origin, {"a@far.example", "b@far.example", "a@far.example"}),
            lines("relay <s@far.example> a@far.example b@far.example"));
        row(tag("forwarded"), from(origin, {"old@here.example"}),
            lines("relay <s@far.example> new@far.example"));
        row(tag("here and elsewhere"), from(origin, {"a@far.example", "alice@here.example"}),
            lines("keep alice; relay <s@far.example> a@far.example"));
        row(tag("unknown"), from(origin, {"alice@here.example", "zoe@here.example"}),
            lines("keep alice; unknown zoe@here.example"));
        row(tag("a loop of aliases"), from(origin, {"ring@here.example"}),
            lines("unknown ring@here.example"));
        row(tag("success asked for"),
            from(origin,
                {"alice@here.example NOTIFY=SUCCESS", "bob@here.example", "a@far.example NOTIFY=SUCCESS"}),
            lines("keep alice; keep bob; relay <s@far.example> a@far.example; report alice@here.example"));
        row(tag("success of a list"), from(origin, {"away@here.example NOTIFY=SUCCESS"}),
            lines("relay <owner-away@here.example> y@far.example; report away@here.example"));
        row(tag("nobody to report to"), from(origin, {"alice@here.example NOTIFY=SUCCESS"}, {}),
            lines("keep alice"));
    }
    for (const auto &[origin, name] :
        {std::pair(Origin::Composer, "composer"), {Origin::CommandLine, "command line"}}) {
        const auto tag
            = [name = QByteArray(name)](const char *what) { return QByteArray(name + ": " + what); };
        IncomingMessage later = from(origin, {"alice@here.example", "a@far.example"});
        later.notBefore = now + 1;
        row(tag("not yet"), later, lines("relay <s@far.example> alice@here.example a@far.example"));
        later.notBefore = now;
        row(tag("now"), later, lines("keep alice; relay <s@far.example> a@far.example"));
        later = from(origin, {"alice@here.example", "zoe@here.example"});
        later.notBefore = now + 1;
        row(tag("not yet, and unknown"), later, lines("keep alice; unknown zoe@here.example"));
        IncomingMessage routed = from(origin, {"alice@here.example", "zoe@here.example"});
        routed.route = route(u"relay.example");
        row(tag("a route of its own"), routed,
            lines("relay <s@far.example> alice@here.example zoe@here.example by relay.example"));
    }
    IncomingMessage held = from(Origin::Session, {"alice@here.example", "a@far.example"});
    held.envelope.holdUntil = now / 1000 + 1;
    row("session: held by its sender", held, lines("relay <s@far.example> alice@here.example a@far.example"));
    held.origin = Origin::Queue;
    row("queue: held no longer", held, lines("keep alice; relay <s@far.example> a@far.example"));
    IncomingMessage waiting = from(Origin::CommandLine, {"alice@here.example", "a@far.example"});
    waiting.held = true;
    row("held: all of it through the queue", waiting,
        lines("relay <s@far.example> alice@here.example a@far.example"));
    waiting.envelope.recipients.append(recipient("zoe@here.example"));
    row("held: unknown", waiting,
        lines("keep alice; relay <s@far.example> a@far.example; unknown zoe@here.example"));
    IncomingMessage given = from(Origin::Capture, {"alice@here.example", "a@far.example"});
    given.folder = {QStringLiteral("captured"), {}};
    row("capture: once, whoever it is for", given, lines("keep captured"));
    row("report: to a mailbox", from(Origin::Report, {"alice@here.example"}, {}), lines("keep alice"));
    row("report: to an identity of ours elsewhere", from(Origin::Report, {"bob@work.example"}, {}),
        lines("keep bob"));
    row("report: elsewhere", from(Origin::Report, {"a@far.example"}, {}), lines("relay <> a@far.example"));
    row("report: forwarded", from(Origin::Report, {"old@here.example"}, {}),
        lines("relay <> new@far.example"));
    row("report: unknown", from(Origin::Report, {"zoe@here.example"}, {}), lines("keep alice"));
    row("report: to the postmaster", from(Origin::Report, {"postmaster"}, {}), lines("keep alice"));
    IncomingMessage filed;
    filed.origin = Origin::Draft;
    filed.folder = {QStringLiteral("bob"), QStringLiteral("Drafts")};
    filed.flags = MessageFlag::Draft | MessageFlag::Seen;
    row("draft", filed, lines("keep bob/Drafts flags 17"));
    filed.origin = Origin::Import;
    filed.folder = {QStringLiteral("bob"), QStringLiteral("Lists")};
    filed.flags = {};
    row("import", filed, lines("keep bob/Lists"));
    filed.flags = MessageFlag::Trashed;
    row("import: deleted there", filed, lines("keep bob/Trash flags 32"));
}

void TestPlan::plans()
{
    QFETCH(IncomingMessage, message);
    QFETCH(QStringList, expected);
    QCOMPARE(described(planFor(message, keeping(), now)), expected);
}

void TestPlan::putsFieldsOnTop_data()
{
    QTest::addColumn<IncomingMessage>("message");
    QTest::addColumn<RecipientPolicy>("policy");
    QTest::addColumn<QByteArrayList>("mailbox");
    QTest::addColumn<QByteArrayList>("relay");
    const auto keep = RecipientPolicy::Mailboxes;
    const auto capture = RecipientPolicy::CatchAll;
    const QByteArrayList received{"Received"};
    QTest::newRow("session, one recipient")
        << from(Origin::Session, {"alice@here.example"}) << keep
        << QByteArrayList{"Return-Path", "Delivered-To", "Received"} << received;
    QTest::newRow("session, none may learn of the others")
        << from(Origin::Session, {"alice@here.example", "bob@here.example"}) << keep
        << QByteArrayList{"Return-Path", "Received"} << received;
    IncomingMessage sloppy = from(Origin::Session, {"alice@here.example"});
    sloppy.envelope.tolerated = {"MAIL FROM: <s@far.example>"};
    QTest::newRow("session, tolerated")
        << sloppy << keep
        << QByteArrayList{"Return-Path", "Delivered-To", "X-Glasspost-Tolerated", "Received"} << received;
    IncomingMessage captured = from(Origin::Session, {"a@far.example NOTIFY=SUCCESS", "zoe@here.example"});
    captured.folder = {QStringLiteral("captured"), {}};
    QTest::newRow("captured, all are named")
        << captured << capture
        << QByteArrayList{"Return-Path", "Delivered-To", "Delivered-To", "X-Glasspost-Parameters", "Received"}
        << received;
    QTest::newRow("composer") << from(Origin::Composer, {"alice@here.example", "a@far.example"}) << capture
                              << QByteArrayList{"Return-Path", "Delivered-To"} << QByteArrayList();
    QTest::newRow("report") << from(Origin::Report, {"zoe@here.example"}, {}) << keep
                            << QByteArrayList{"Return-Path", "Delivered-To"} << QByteArrayList();
    QTest::newRow("queue") << from(Origin::Queue, {"alice@here.example"}) << keep
                           << QByteArrayList{"Return-Path", "Delivered-To"} << QByteArrayList();
    IncomingMessage filed;
    filed.origin = Origin::Import;
    filed.folder = {QStringLiteral("bob"), {}};
    QTest::newRow("import") << filed << keep << QByteArrayList() << QByteArrayList();
}

void TestPlan::putsFieldsOnTop()
{
    QFETCH(IncomingMessage, message);
    QFETCH(RecipientPolicy, policy);
    QFETCH(QByteArrayList, mailbox);
    QFETCH(QByteArrayList, relay);
    AcceptanceRules rules = keeping();
    rules.policy = policy;
    const Plan plan = planFor(message, rules, now);
    QCOMPARE(fieldNames(plan.mailboxHead), mailbox);
    QCOMPARE(fieldNames(plan.relayHead), relay);
    const bool captures = message.origin == Origin::Session && policy == RecipientPolicy::CatchAll;
    QCOMPARE(described(plan).contains(QStringLiteral("keep captured")), captures);
    if (captures)
        QVERIFY(plan.relays.isEmpty() && plan.successReports.isEmpty());
}

// RFC 3461 5.2.7.3: what a list sends on is the list's own message.
void TestPlan::givesListsTheirOwner()
{
    IncomingMessage message = from(Origin::Session, {"team@here.example NOTIFY=SUCCESS", "z@far.example"});
    message.envelope.envelopeId = "E1";
    message.envelope.dsnReturn = smtp::DsnReturn::Full;
    const Plan plan = planFor(message, keeping(), now);
    QCOMPARE(plan.relays.size(), 2);
    const smtp::Envelope &list = plan.relays.first().envelope;
    QCOMPARE(list.reversePath.toBytes(), QByteArray("owner-team@here.example"));
    QVERIFY(list.envelopeId.isEmpty());
    QCOMPARE(list.dsnReturn, smtp::DsnReturn::Unspecified);
    QCOMPARE(list.recipients.first().notify, smtp::NotifyFlags());
    const smtp::Envelope &own = plan.relays.last().envelope;
    QCOMPARE(own.envelopeId, QByteArray("E1"));
    QCOMPARE(own.dsnReturn, smtp::DsnReturn::Full);
}

// Another server keeps the mailboxes, and reports on what it takes over; of a list it knows nothing.
void TestPlan::handsOnWithAllParameters()
{
    AcceptanceRules rules = keeping();
    rules.handOn = route(u"store.example");
    const IncomingMessage message = from(Origin::Session,
        {"alice@here.example NOTIFY=SUCCESS", "a@far.example", "away@here.example NOTIFY=SUCCESS",
            "bob@here.example"});
    const Plan plan = planFor(message, rules, now);
    QCOMPARE(described(plan),
        (QStringList{QStringLiteral("relay <s@far.example> a@far.example"),
            QStringLiteral("relay <owner-away@here.example> y@far.example"),
            QStringLiteral("relay <s@far.example> alice@here.example bob@here.example by store.example"),
            QStringLiteral("report away@here.example")}));
    QCOMPARE(plan.relays.last().envelope.recipients.first().notify, smtp::NotifyFlags(smtp::Notify::Success));
    QCOMPARE(plan.deliveredTo.size(), 2); // a loop through the other server is one all the same
    IncomingMessage later = from(Origin::Session, {"alice@here.example"});
    later.envelope.holdUntil = now / 1000 + 3600;
    QCOMPARE(described(planFor(later, rules, now)),
        QStringList{QStringLiteral("relay <s@far.example> alice@here.example by store.example")});
    QCOMPARE(described(planFor(from(Origin::Composer, {"alice@here.example"}), rules, now)),
        QStringList{QStringLiteral("keep alice")});
}

// The plan is made before the octets come; a spooled copy has our own fields on top, which name nothing.
void TestPlan::completesByTheHeader()
{
    AcceptanceRules rules = keeping();
    rules.policy = RecipientPolicy::CatchAll;
    rules.captureRule = {CaptureRule::By::Header, QStringLiteral("X-Project")};
    IncomingMessage message = from(Origin::Session, {"a@far.example"});
    message.folder = {QStringLiteral("captured"), {}};
    const Plan atData = withTolerated(planFor(message, rules, now), "a bare line feed");
    QCOMPARE(described(atData), QStringList{QStringLiteral("keep captured")});
    const QByteArray before = planFor(message, rules, now).mailboxHead;
    QVERIFY(atData.mailboxHead.size() > before.size() && atData.mailboxHead.endsWith(before));
    const QByteArray head = "X-Project: ours\n";
    message.content = MessageCopies{head + "X-Project: Web\n\nx\n", {}, head.size()};
    QList<FolderId> wished;
    const auto admit = [&wished](const QList<FolderId> &folders) {
        wished = folders;
        return QList<FolderId>{{QStringLiteral("admitted"), {}}};
    };
    const Plan plan = completed(atData, message, rules, admit);
    QCOMPARE(wished, (QList<FolderId>{{QStringLiteral("web"), {}}}));
    QCOMPARE(described(plan), QStringList{QStringLiteral("keep admitted")});
    QCOMPARE(plan.mailboxHead, atData.mailboxHead);
}

void TestPlan::completesNothingElse()
{
    bool isAsked = false;
    const auto admit = [&isAsked](const QList<FolderId> &) {
        isAsked = true;
        return QList<FolderId>();
    };
    IncomingMessage message = from(Origin::Session, {"alice@here.example", "a@far.example"});
    const Plan plan = planFor(message, keeping(), now);
    message.content = MessageOctets("X-Project: web\n\nx\n");
    QCOMPARE(described(completed(plan, message, keeping(), admit)), described(plan));
    QVERIFY(!isAsked);
}

/// Rules are judged for each Inbox that a message comes into, and release it to the same recipients in each.
void TestPlan::forwardsToEachOnce()
{
    const IncomingMessage message = from(Origin::Session, {"alice@here.example", "bob@here.example"});
    RuleVerdict ofAlice, ofBob;
    ofAlice.forwards = {{QStringLiteral("x@far.example"), QStringLiteral("first")}};
    ofBob.forwards = {{QStringLiteral("X@far.example"), QStringLiteral("second")},
        {QStringLiteral("y@far.example"), QStringLiteral("second"), RuleAction::Kind::Release}};
    RuleMessage read;
    read.octets = "Message-ID: <1@far.example>\n\ntext\n";
    const Plan plan = withVerdicts(planFor(message, keeping(), now), message, {ofAlice, ofBob}, read);
    QVERIFY(plan.relays.value(0).madeFrom
        == (MadeFrom{MadeFrom::How::ForwardedByRule, {}, "1@far.example", QStringLiteral("first")}));
    QVERIFY(plan.relays.value(1).madeFrom
        == (MadeFrom{MadeFrom::How::ReleasedByRule, {}, "1@far.example", QStringLiteral("second")}));
    QCOMPARE(described(plan),
        (QStringList{QStringLiteral("relay <s@far.example> x@far.example"),
            QStringLiteral("relay <s@far.example> y@far.example")}));
}

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
