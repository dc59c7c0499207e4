#include "mail/rules/sieve.h"
#include "mail/rules/sievearguments.h"
#include "mail/rules/sievewords.h"
#include "smtp/syntax/path.h"

#include <QSet>

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr int mostTests = 10'000; // of all rules; each elsif repeats the conditions before it
constexpr qsizetype mostConditions = 1'000; // around one block
constexpr int roomForWrapping = 2; // "allof(false, ...)" around a test, when it is written again

/// RFC 5232 2: blanks within a string part flags.
QStringList flagWords(const QStringList &strings)
{
    return strings.join(u' ').split(u' ', Qt::SkipEmptyParts);
}

class SieveReader
{
public:
    Result<QList<Rule>> rules(const QList<SieveCommand> &script)
    {
        qsizetype at = 0;
        while (at < script.size() && script.at(at).name == u"require")
            require(script.at(at++));
        block(script.mid(at), {}, {});
        if (m_fault.error())
            return tl::unexpected(*m_fault.error());
        return std::move(m_rules);
    }

private:
    using Kind = RuleTest::Kind;

    void fail(int line, const QString &what) { m_fault.fail(line, what); }

    void require(const SieveCommand &command)
    {
        static const QSet<QString> known{QStringLiteral("fileinto"), QStringLiteral("copy"),
            QStringLiteral("envelope"), QStringLiteral("imap4flags"), QStringLiteral("body"),
            QStringLiteral("environment"), QStringLiteral("enotify"), QStringLiteral("mailbox"),
            QStringLiteral("vnd.dovecot.pipe"), QStringLiteral("vnd.glasspost.tag"),
            QStringLiteral("vnd.glasspost.release"), QStringLiteral("comparator-i;octet"),
            QStringLiteral("comparator-i;ascii-casemap"), QStringLiteral("comparator-i;unicode-casemap")};
        ArgumentReader arguments(command.name, command.arguments, command.line, m_fault);
        for (const QString &name : arguments.strings()) {
            if (!known.contains(name))
                fail(command.line, QStringLiteral("\"%1\" is not supported").arg(name));
            m_required.insert(name);
        }
        arguments.end();
    }

    /// RFC 5228 2.10.5: what is not in the base is required before it is used.
    void need(const char *capability, int line)
    {
        if (!m_required.contains(QLatin1String(capability)))
            fail(line, QStringLiteral("require \"%1\" is missing").arg(QLatin1String(capability)));
    }

    void block(const QList<SieveCommand> &commands, const QList<RuleTest> &conditions, const QString &label)
    {
        bool isRuleOpen = false;
        QString name = label;
        QList<RuleTest> failed; // of the chain that an elsif or else goes on with
        bool isChain = false;
        for (const SieveCommand &command : commands) {
            if (m_fault.error())
                return;
            const bool isIf = command.name == u"if";
            if (isIf || command.name == u"elsif" || command.name == u"else") {
                if (!isIf && !isChain)
                    fail(command.line, QStringLiteral("%1 without an if").arg(command.name));
                isChain = command.name != u"else";
                if (isIf)
                    failed.clear();
                branch(command, conditions, failed);
                isRuleOpen = false;
                continue;
            }
            isChain = false;
            const QList<RuleAction> actions = action(command);
            if (!std::exchange(isRuleOpen, true))
                begin(std::exchange(name, {}), conditions, command.line);
            m_rules.last().actions += actions;
        }
        if (commands.isEmpty() && !label.isEmpty())
            begin(label, conditions, 0);
    }

    void branch(const SieveCommand &command, const QList<RuleTest> &conditions, QList<RuleTest> &failed)
    {
        QList<RuleTest> here = conditions + failed;
        if (command.name != u"else") {
            if (command.tests.size() != 1)
                return fail(command.line, QStringLiteral("%1: one test is missing").arg(command.name));
            const RuleTest condition = test(command.tests.constFirst());
            here.append(condition);
            failed.append({Kind::Not, {condition}});
        } else if (!command.tests.isEmpty()) {
            fail(command.line, QStringLiteral("else has no test"));
        }
        if (!command.arguments.isEmpty() || !command.hasBlock)
            fail(command.line, QStringLiteral("%1: a block is missing").arg(command.name));
        if (here.size() > mostConditions)
            fail(command.line, QStringLiteral("there are more than %1 conditions").arg(mostConditions));
        block(command.block, here, command.label);
    }

    void begin(const QString &name, const QList<RuleTest> &conditions, int line)
    {
        Rule rule;
        rule.name = name.isEmpty() ? QString::number(m_rules.size() + 1) : name;
        if (conditions.size() == 1)
            rule.test = conditions.constFirst();
        else if (!conditions.isEmpty())
            rule.test = {Kind::AllOf, conditions};
        if (rule.test.kind == Kind::AllOf && rule.test.children.size() == 2
            && rule.test.children.constFirst() == RuleTest{Kind::False}) {
            rule.isEnabled = false;
            rule.test = RuleTest(rule.test.children.constLast());
        }
        int depth = 0;
        count(rule.test, 0, depth);
        if (m_tests > mostTests)
            fail(line, QStringLiteral("there are more than %1 tests").arg(mostTests));
        if (depth > deepestSieve - roomForWrapping)
            fail(line, QStringLiteral("tests lie too deep within one another"));
        m_rules.append(rule);
    }

    void count(const RuleTest &test, int depth, int &deepest)
    {
        ++m_tests;
        deepest = std::max(deepest, depth);
        for (const RuleTest &child : test.children)
            count(child, depth + 1, deepest);
    }

    RuleTest test(const SieveTest &source)
    {
        ArgumentReader arguments(source.name, source.arguments, source.line, m_fault);
        RuleTest result;
        if (source.name == u"allof" || source.name == u"anyof" || source.name == u"not") {
            result.kind = source.name == u"allof" ? Kind::AllOf
                : source.name == u"anyof"         ? Kind::AnyOf
                                                  : Kind::Not;
            const bool isRight
                = result.kind == Kind::Not ? source.tests.size() == 1 : !source.tests.isEmpty();
            if (!isRight)
                fail(source.line, QStringLiteral("%1: a test is missing").arg(source.name));
            for (const SieveTest &one : source.tests)
                result.children.append(test(one));
        } else {
            if (!source.tests.isEmpty())
                fail(source.line, QStringLiteral("%1 takes no test").arg(source.name));
            result = plainTest(source.name, arguments);
        }
        arguments.end();
        return result;
    }

    RuleTest plainTest(const QString &name, ArgumentReader &arguments)
    {
        RuleTest result;
        if (name == u"true" || name == u"false") {
            result.kind = name == u"true" ? Kind::True : Kind::False;
        } else if (name == u"header" || name == u"address" || name == u"envelope") {
            result.kind = name == u"header" ? Kind::Header
                : name == u"address"        ? Kind::Address
                                            : Kind::Envelope;
            matchingTest(result, arguments);
        } else if (name == u"exists") {
            result.kind = Kind::Exists;
            result.names = arguments.strings();
        } else if (name == u"size") {
            result.kind = Kind::Size;
            result.isOver = arguments.takesTag(QLatin1String("over"));
            if (!result.isOver && !arguments.takesTag(QLatin1String("under")))
                fail(arguments.line(), QStringLiteral("size: :over or :under is missing"));
            result.size = arguments.number();
        } else if (name == u"body") {
            need("body", arguments.line());
            result.kind = Kind::Body;
            result.isRaw = arguments.takesTag(QLatin1String("raw"));
            if (!result.isRaw)
                arguments.takesTag(QLatin1String("text"));
            takeMatching(result, arguments);
            result.keys = arguments.strings();
        } else if (name == u"environment") {
            environmentTest(result, arguments);
        } else {
            fail(arguments.line(), QStringLiteral("the test %1 is not supported").arg(name));
        }
        return result;
    }

    void matchingTest(RuleTest &result, ArgumentReader &arguments)
    {
        if (result.kind != Kind::Header)
            arguments.takeTag(sieveParts, result.part);
        takeMatching(result, arguments);
        result.names = arguments.strings();
        result.keys = arguments.strings();
        if (result.kind != Kind::Envelope)
            return;
        need("envelope", arguments.line());
        for (const QString &name : std::as_const(result.names)) {
            if (name.compare(u"from", Qt::CaseInsensitive) != 0
                && name.compare(u"to", Qt::CaseInsensitive) != 0)
                fail(arguments.line(), QStringLiteral("envelope: \"%1\" is not supported").arg(name));
        }
    }

    void environmentTest(RuleTest &result, ArgumentReader &arguments)
    {
        need("environment", arguments.line());
        result.kind = Kind::Environment;
        takeMatching(result, arguments);
        const QString item = arguments.string().toLower();
        for (const char *known : {RuleEnvironment::remoteIp, RuleEnvironment::listener,
                 RuleEnvironment::signIn, RuleEnvironment::mailbox, RuleEnvironment::senderKnown}) {
            if (item == QLatin1String(known))
                result.names = QStringList{item};
        }
        if (result.names.isEmpty())
            fail(arguments.line(), QStringLiteral("environment: \"%1\" is not supported").arg(item));
        result.keys = arguments.strings();
    }

    void takeMatching(RuleTest &result, ArgumentReader &arguments)
    {
        arguments.takeTag(sieveMatches, result.match);
        if (!arguments.takesTag(QLatin1String("comparator")))
            return;
        const QStringList value = arguments.valueOfTag();
        const auto *known = sieveWord(sieveComparators, QStringView(value.constFirst()));
        if (value.size() != 1 || known == nullptr)
            return fail(arguments.line(),
                QStringLiteral("the comparator \"%1\" is not supported").arg(value.constFirst()));
        result.comparator = known->value;
        if (known->value
            == RuleTest::Comparator::UnicodeCasemap) // RFC 5228 2.7.3: the others are in the base
            need("comparator-i;unicode-casemap", arguments.line());
    }

    QList<RuleAction> action(const SieveCommand &command)
    {
        if (command.hasBlock || !command.tests.isEmpty())
            fail(command.line, QStringLiteral("%1 takes no test and no block").arg(command.name));
        ArgumentReader arguments(command.name, command.arguments, command.line, m_fault);
        RuleAction result;
        if (const auto *flags = sieveWord(sieveFlagCommands, QStringView(command.name))) {
            need("imap4flags", command.line);
            result.kind = flags->value;
            result.words = flagWords(arguments.strings());
        } else if (command.name == u"keep") {
            takeFlags(result, arguments);
        } else if (command.name == u"discard" || command.name == u"stop") {
            result.kind = command.name == u"stop" ? RuleAction::Kind::Stop : RuleAction::Kind::Discard;
        } else if (command.name == u"fileinto" || command.name == u"redirect") {
            delivery(command, result, arguments);
        } else {
            extension(command, result, arguments);
        }
        arguments.end();
        return {result};
    }

    void delivery(const SieveCommand &command, RuleAction &result, ArgumentReader &arguments)
    {
        result.isCopy = arguments.takesTag(QLatin1String("copy"));
        if (result.isCopy)
            need("copy", command.line);
        if (command.name == u"fileinto") {
            need("fileinto", command.line);
            result.kind = RuleAction::Kind::File;
            if (arguments.takesTag(QLatin1String("create"))) // which is always done here
                need("mailbox", command.line);
            takeFlags(result, arguments);
            result.text = arguments.string();
            return;
        }
        result.kind = RuleAction::Kind::Forward;
        result.text = arguments.string();
        if (!smtp::parseMailbox(result.text.toUtf8()))
            fail(command.line, QStringLiteral("redirect: \"%1\" is no address").arg(result.text));
    }

    void takeFlags(RuleAction &result, ArgumentReader &arguments)
    {
        if (!arguments.takesTag(QLatin1String("flags")))
            return;
        need("imap4flags", arguments.line());
        result.flags = flagWords(arguments.valueOfTag());
    }

    void extension(const SieveCommand &command, RuleAction &result, ArgumentReader &arguments)
    {
        if (command.name == u"pipe") {
            need("vnd.dovecot.pipe", command.line);
            if (!arguments.takesTag(QLatin1String("copy"))) // a program that fails must lose nothing
                fail(command.line, QStringLiteral("pipe without :copy is not supported"));
            need("copy", command.line);
            result.kind = RuleAction::Kind::Program;
            result.words = QStringList{arguments.string()};
            if (!arguments.isEmpty())
                result.words += arguments.strings();
        } else if (command.name == u"notify") {
            need("enotify", command.line);
            result.kind = RuleAction::Kind::Notify;
            if (arguments.takesTag(QLatin1String("message")))
                result.text = arguments.valueOfTag().constFirst();
            if (const QString method = arguments.string(); method != QLatin1String(windowNotification))
                fail(command.line, QStringLiteral("notify: \"%1\" is not supported").arg(method));
        } else if (command.name == u"release") {
            need("vnd.glasspost.release", command.line);
            result.kind = RuleAction::Kind::Release;
            result.words = arguments.strings();
        } else if (command.name == u"tag") {
            need("vnd.glasspost.tag", command.line);
            result.kind = RuleAction::Kind::AddFlags;
            result.words = arguments.strings();
        } else {
            fail(command.line, QStringLiteral("%1 is not supported").arg(command.name));
        }
    }

    FirstFault m_fault;
    QSet<QString> m_required;
    QList<Rule> m_rules;
    int m_tests = 0;
};

} // namespace

Result<QList<Rule>> readSieve(const QByteArray &script)
{
    const Result<QList<SieveCommand>> commands = readSieveSyntax(script);
    if (!commands)
        return tl::unexpected(commands.error());
    Result<QList<Rule>> rules = SieveReader().rules(*commands);
    if (rules && writeSieve(*rules).size() > longestSieve)
        return tl::unexpected(sieveFault(1, QStringLiteral("written as rules it is longer than 1 MiB")));
    return rules;
}

} // namespace glasspost::mail
