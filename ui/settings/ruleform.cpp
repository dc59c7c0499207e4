#include "ui/settings/ruleform.h"

#include "mail/index/searchvalues.h"

#include <QCoreApplication>
#include <QProcess>

#include <algorithm>

namespace glasspost::ui {

namespace {

using mail::RuleAction;
using mail::RuleEnvironment;
using mail::RuleTest;
using TestKind = RuleTest::Kind;

struct RuleWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::RuleWords)
};

/// What a condition looks at.
struct ConditionPlace
{
    QString value;
    TestKind kind;
    QStringList names;
};

const QList<ConditionPlace> &conditionPlaces()
{
    const auto environment = [](const char *item) { return QStringList{QLatin1String(item)}; };
    static const QList<ConditionPlace> all{
        {QStringLiteral("from"), TestKind::Header, {QStringLiteral("From")}},
        {QStringLiteral("to"), TestKind::Header, {QStringLiteral("To"), QStringLiteral("Cc")}},
        {QStringLiteral("subject"), TestKind::Header, {QStringLiteral("Subject")}},
        {QStringLiteral("list"), TestKind::Header, {QStringLiteral("List-Id")}},
        {QStringLiteral("envelope-from"), TestKind::Envelope, {QStringLiteral("from")}},
        {QStringLiteral("envelope-to"), TestKind::Envelope, {QStringLiteral("to")}},
        {QStringLiteral("text"), TestKind::Body, {}},
        {QStringLiteral("listener"), TestKind::Environment, environment(RuleEnvironment::listener)},
        {QStringLiteral("client"), TestKind::Environment, environment(RuleEnvironment::remoteIp)},
        {QStringLiteral("sign-in"), TestKind::Environment, environment(RuleEnvironment::signIn)},
        {QStringLiteral("mailbox"), TestKind::Environment, environment(RuleEnvironment::mailbox)},
        {QStringLiteral("known"), TestKind::Environment, environment(RuleEnvironment::senderKnown)}};
    return all;
}

bool isAscii(const QString &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() < 0x80; });
}

RuleTest sizeTest(const QString &what, const QString &text)
{
    RuleTest test;
    test.kind = TestKind::Size;
    test.isOver = what == u"larger";
    test.size = mail::readSize(text).value_or(0);
    return test;
}

RuleTest testOf(const QStringList &row)
{
    const QString what = row.value(0), how = row.value(1);
    QString text = row.value(2).trimmed();
    if (what == u"larger" || what == u"smaller")
        return sizeTest(what, text);
    RuleTest test;
    test.kind = TestKind::Header;
    for (const ConditionPlace &place : conditionPlaces()) {
        if (place.value == what) {
            test.kind = place.kind;
            test.names = place.names;
        }
    }
    if (test.names.isEmpty() && test.kind == TestKind::Header) { // "X-Spam: yes"
        test.names = QStringList{text.section(u':', 0, 0).trimmed()};
        text = text.section(u':', 1).trimmed();
    }
    test.keys = QStringList{text};
    test.comparator
        = isAscii(text) ? RuleTest::Comparator::AsciiCasemap : RuleTest::Comparator::UnicodeCasemap;
    test.match = how.startsWith(u"is") ? RuleTest::Match::Is
        : how == u"matches"            ? RuleTest::Match::Matches
                                       : RuleTest::Match::Contains;
    if (what == u"known")
        test.match = RuleTest::Match::Is;
    else if (test.match == RuleTest::Match::Is && (what == u"from" || what == u"to"))
        test.kind = TestKind::Address; // the whole field has the name as well
    if (how != u"is-not" && how != u"contains-not")
        return test;
    RuleTest inverse;
    inverse.kind = TestKind::Not;
    inverse.children = {test};
    return inverse;
}

/// What it would be as a row; formOf() looks whether that is all of it.
QStringList conditionRow(const RuleTest &test)
{
    if (test.kind == TestKind::Not && !test.children.isEmpty()) {
        QStringList row = conditionRow(test.children.constFirst());
        row[1] += QStringLiteral("-not");
        return row;
    }
    if (test.kind == TestKind::Size)
        return {test.isOver ? QStringLiteral("larger") : QStringLiteral("smaller"), QStringLiteral("is"),
            QString::number(test.size)};
    const QString how = test.match == RuleTest::Match::Is ? QStringLiteral("is")
        : test.match == RuleTest::Match::Matches          ? QStringLiteral("matches")
                                                          : QStringLiteral("contains");
    const TestKind kind = test.kind == TestKind::Address ? TestKind::Header : test.kind;
    for (const ConditionPlace &place : conditionPlaces()) {
        if (place.kind == kind && place.names == test.names)
            return {place.value, how, test.keys.value(0)};
    }
    return {QStringLiteral("field"), how, test.names.value(0) + QStringLiteral(": ") + test.keys.value(0)};
}

/// Actions whose text is nothing but a text.
struct PlainAction
{
    const char *value;
    RuleAction::Kind kind;
    bool isCopy;
};
constexpr PlainAction plainActions[]
    = {{"file", RuleAction::Kind::File, false}, {"copy", RuleAction::Kind::File, true},
        {"forward", RuleAction::Kind::Forward, true}, {"redirect", RuleAction::Kind::Forward, false},
        {"notify", RuleAction::Kind::Notify, false}, {"keep", RuleAction::Kind::Keep, false},
        {"discard", RuleAction::Kind::Discard, false}, {"stop", RuleAction::Kind::Stop, false}};
const QString seenFlag = QStringLiteral("\\Seen"), flaggedFlag = QStringLiteral("\\Flagged");

bool takesText(RuleAction::Kind kind)
{
    return kind == RuleAction::Kind::File || kind == RuleAction::Kind::Forward
        || kind == RuleAction::Kind::Notify;
}

RuleAction actionOf(const QStringList &row)
{
    const QString what = row.value(0), text = row.value(1).trimmed();
    RuleAction action;
    for (const PlainAction &one : plainActions) {
        if (what == QLatin1String(one.value)) {
            action.kind = one.kind;
            action.isCopy = one.isCopy;
            action.text = takesText(one.kind) ? text : QString();
            return action;
        }
    }
    if (what == u"release") {
        action.kind = RuleAction::Kind::Release;
        action.words = text.split(u' ', Qt::SkipEmptyParts);
        return action;
    }
    if (what == u"program") {
        action.kind = RuleAction::Kind::Program;
        action.words = QProcess::splitCommand(text);
        return action;
    }
    action.kind = RuleAction::Kind::AddFlags;
    action.words = QStringList{what == u"read" ? seenFlag : what == u"flag" ? flaggedFlag : text};
    return action;
}

/// As QProcess::splitCommand() takes it apart.
QString commandLine(const QStringList &words)
{
    QStringList quoted;
    for (QString word : words) {
        const bool isPlain = !word.isEmpty() && !word.contains(u' ') && !word.contains(u'"');
        quoted.append(isPlain ? word : u'"' + word.replace(u'"', QLatin1String("\"\"\"")) + u'"');
    }
    return quoted.join(u' ');
}

QStringList actionRow(const RuleAction &action)
{
    for (const PlainAction &one : plainActions) {
        if (action.kind == one.kind && action.isCopy == one.isCopy)
            return {QLatin1String(one.value), action.text};
    }
    if (action.kind == RuleAction::Kind::Program)
        return {QStringLiteral("program"), commandLine(action.words)};
    if (action.kind == RuleAction::Kind::Release)
        return {QStringLiteral("release"), action.words.join(u' ')};
    const QString word = action.words.value(0);
    if (word == seenFlag)
        return {QStringLiteral("read"), {}};
    if (word == flaggedFlag)
        return {QStringLiteral("flag"), {}};
    return {QStringLiteral("tag"), word};
}

} // namespace

bool isFilledIn(const QStringList &condition)
{
    const QString what = condition.value(0), text = condition.value(2).trimmed();
    if (what == u"larger" || what == u"smaller")
        return mail::readSize(text).has_value();
    if (what == u"known")
        return text == u"yes" || text == u"no";
    if (what == u"field")
        return !text.section(u':', 0, 0).trimmed().isEmpty() && !text.section(u':', 1).trimmed().isEmpty();
    return !text.isEmpty();
}

std::optional<RuleForm> formOf(const mail::Rule &rule)
{
    RuleForm form;
    const bool isJoined = rule.test.kind == TestKind::AllOf || rule.test.kind == TestKind::AnyOf;
    form.join = rule.test.kind == TestKind::AnyOf ? RuleForm::Join::Any : RuleForm::Join::All;
    if (isJoined) {
        for (const RuleTest &child : rule.test.children)
            form.conditions.append(conditionRow(child));
    } else if (rule.test.kind != TestKind::True) {
        form.conditions.append(conditionRow(rule.test));
    }
    for (const RuleAction &action : rule.actions)
        form.actions.append(actionRow(action));
    const mail::Rule again = ruleOf(form);
    const bool isWhole = std::all_of(form.conditions.cbegin(), form.conditions.cend(), isFilledIn)
        && again.test == rule.test && again.actions == rule.actions;
    return isWhole ? std::optional(form) : std::nullopt;
}

mail::Rule ruleOf(const RuleForm &form)
{
    mail::Rule rule;
    QList<RuleTest> tests;
    for (const QStringList &row : form.conditions)
        tests.append(testOf(row));
    if (tests.size() == 1) {
        rule.test = tests.constFirst();
    } else if (!tests.isEmpty()) {
        rule.test.kind = form.join == RuleForm::Join::Any ? TestKind::AnyOf : TestKind::AllOf;
        rule.test.children = tests;
    }
    for (const QStringList &row : form.actions)
        rule.actions.append(actionOf(row));
    return rule;
}

RuleChoices conditionChoices()
{
    return {{QStringLiteral("from"), RuleWords::tr("From")},
        {QStringLiteral("to"), RuleWords::tr("To or Cc")},
        {QStringLiteral("subject"), RuleWords::tr("Subject")},
        {QStringLiteral("list"), RuleWords::tr("Mailing list")},
        {QStringLiteral("field"), RuleWords::tr("Another field (Name: value)")},
        {QStringLiteral("text"), RuleWords::tr("Text")},
        {QStringLiteral("larger"), RuleWords::tr("Larger than (10M)")},
        {QStringLiteral("smaller"), RuleWords::tr("Smaller than (10k)")},
        {QStringLiteral("known"), RuleWords::tr("You have written to the sender (yes, no)")},
        {QStringLiteral("mailbox"), RuleWords::tr("Mailbox")},
        {QStringLiteral("envelope-from"), RuleWords::tr("Envelope sender")},
        {QStringLiteral("envelope-to"), RuleWords::tr("Envelope recipient")},
        {QStringLiteral("listener"), RuleWords::tr("Listener (address:port)")},
        {QStringLiteral("client"), RuleWords::tr("Client's address")},
        {QStringLiteral("sign-in"), RuleWords::tr("Sign-in")}};
}

RuleChoices comparisonChoices()
{
    return {{QStringLiteral("contains"), RuleWords::tr("contains")},
        {QStringLiteral("is"), RuleWords::tr("is")},
        {QStringLiteral("matches"), RuleWords::tr("matches (* and ?)")},
        {QStringLiteral("contains-not"), RuleWords::tr("does not contain")},
        {QStringLiteral("is-not"), RuleWords::tr("is not")}};
}

RuleChoices actionChoices()
{
    return {{QStringLiteral("file"), RuleWords::tr("Move to the folder")},
        {QStringLiteral("copy"), RuleWords::tr("Copy to the folder")},
        {QStringLiteral("read"), RuleWords::tr("Mark as read")},
        {QStringLiteral("flag"), RuleWords::tr("Flag")}, {QStringLiteral("tag"), RuleWords::tr("Tag")},
        {QStringLiteral("forward"), RuleWords::tr("Forward a copy to")},
        {QStringLiteral("redirect"), RuleWords::tr("Forward without keeping it, to")},
        {QStringLiteral("release"), RuleWords::tr("Release to recipients like (*@example.org)")},
        {QStringLiteral("notify"), RuleWords::tr("Show a notice with the text")},
        {QStringLiteral("program"), RuleWords::tr("Run the program")},
        {QStringLiteral("keep"), RuleWords::tr("Keep in the Inbox")},
        {QStringLiteral("discard"), RuleWords::tr("Discard permanently")},
        {QStringLiteral("stop"), RuleWords::tr("Stop: no further rules")}};
}

} // namespace glasspost::ui
