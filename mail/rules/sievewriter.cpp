#include "mail/rules/sieve.h"
#include "mail/rules/sievewords.h"

#include <QSet>

#include <algorithm>

namespace glasspost::mail {

namespace {

/// A keyword of IMAP, or a system flag: what addflag takes as one word.
bool isFlagWord(const QString &word)
{
    return !word.isEmpty()
        && std::none_of(word.cbegin(), word.cend(), [](QChar c) { return c.isSpace() || c.isNull(); });
}

/// Writes rules, and notes what they require on the way.
class SieveWriter
{
public:
    QString rule(const Rule &rule)
    {
        const QString condition = test(rule.test);
        QString text
            = QStringLiteral("# rule:[%1]\nif %2 {\n")
                  .arg(rule.name.simplified(),
                      rule.isEnabled ? condition : QStringLiteral("allof(false, %1)").arg(condition));
        for (const RuleAction &one : rule.actions)
            text += action(one);
        return text + QStringLiteral("}\n");
    }

    [[nodiscard]] QStringList capabilities() const
    {
        QStringList names(m_required.cbegin(), m_required.cend());
        names.sort();
        return names;
    }

private:
    using Kind = RuleTest::Kind;
    using Do = RuleAction::Kind;

    QString test(const RuleTest &test)
    {
        switch (test.kind) {
        case Kind::True:
            return QStringLiteral("true");
        case Kind::False:
            return QStringLiteral("false");
        case Kind::AllOf:
            return QStringLiteral("allof(%1)").arg(list(test.children));
        case Kind::AnyOf:
            return QStringLiteral("anyof(%1)").arg(list(test.children));
        case Kind::Not:
            return QStringLiteral("not ") + this->test(test.children.constFirst());
        case Kind::Header:
            return QStringLiteral("header") + matching(test);
        case Kind::Address:
            return QStringLiteral("address") + part(test) + matching(test);
        case Kind::Envelope:
            require("envelope");
            return QStringLiteral("envelope") + part(test) + matching(test);
        case Kind::Exists:
            return QStringLiteral("exists ") + strings(test.names);
        case Kind::Size:
            return QStringLiteral("size %1 %2")
                .arg(test.isOver ? QStringLiteral(":over") : QStringLiteral(":under"))
                .arg(test.size);
        case Kind::Body:
            require("body");
            return QStringLiteral("body ") + (test.isRaw ? QStringLiteral(":raw") : QStringLiteral(":text"))
                + how(test) + u' ' + strings(test.keys);
        case Kind::Environment:
            require("environment");
            return QStringLiteral("environment%1 %2 %3")
                .arg(how(test), quoted(test.names.value(0)), strings(test.keys));
        }
        return {};
    }

    QString list(const QList<RuleTest> &tests)
    {
        QStringList texts;
        for (const RuleTest &one : tests)
            texts.append(test(one));
        return texts.join(QLatin1String(", "));
    }

    static QString part(const RuleTest &test)
    {
        return test.part == RuleTest::Part::All ? QString()
                                                : QStringLiteral(" :") + sieveWord(sieveParts, test.part);
    }

    QString how(const RuleTest &test)
    {
        QString text;
        if (test.comparator != RuleTest::Comparator::AsciiCasemap) {
            const QLatin1String name = sieveWord(sieveComparators, test.comparator);
            require(QByteArray("comparator-") + name.data());
            text = QStringLiteral(" :comparator \"") + name + u'"';
        }
        return text + QStringLiteral(" :") + sieveWord(sieveMatches, test.match);
    }

    QString matching(const RuleTest &test)
    {
        return how(test) + u' ' + strings(test.names) + u' ' + strings(test.keys);
    }

    QString action(const RuleAction &action)
    {
        switch (action.kind) {
        case Do::Keep:
            return QStringLiteral("    keep%1;\n").arg(flags(action));
        case Do::File:
            require("fileinto");
            return QStringLiteral("    fileinto%1%2 %3;\n")
                .arg(copy(action), flags(action), quoted(action.text));
        case Do::Forward:
            return QStringLiteral("    redirect%1 %2;\n").arg(copy(action), quoted(action.text));
        case Do::Release:
            require("vnd.glasspost.release");
            return QStringLiteral("    release %1;\n").arg(strings(action.words));
        case Do::Discard:
            return QStringLiteral("    discard;\n");
        case Do::AddFlags:
        case Do::SetFlags:
        case Do::RemoveFlags:
            return flagCommand(action);
        case Do::Program:
            require("vnd.dovecot.pipe");
            require("copy");
            return QStringLiteral("    pipe :copy %1%2;\n")
                .arg(quoted(action.words.value(0)),
                    action.words.size() > 1 ? u' ' + strings(action.words.mid(1)) : QString());
        case Do::Notify:
            require("enotify");
            return QStringLiteral("    notify :message %1 \"%2\";\n")
                .arg(quoted(action.text), QLatin1String(windowNotification));
        case Do::Stop:
            return QStringLiteral("    stop;\n");
        }
        return {};
    }

    /// Words that no keyword can be go into commands of our own.
    QString flagCommand(const RuleAction &action)
    {
        const bool isSieve = std::all_of(action.words.cbegin(), action.words.cend(), isFlagWord);
        if (isSieve || action.kind != RuleAction::Kind::AddFlags) {
            require("imap4flags");
            return QStringLiteral("    %1 %2;\n")
                .arg(sieveWord(sieveFlagCommands, action.kind), strings(action.words));
        }
        require("vnd.glasspost.tag");
        return QStringLiteral("    tag %1;\n").arg(strings(action.words));
    }

    QString copy(const RuleAction &action)
    {
        if (!action.isCopy)
            return {};
        require("copy");
        return QStringLiteral(" :copy");
    }

    QString flags(const RuleAction &action)
    {
        if (!action.flags)
            return {};
        require("imap4flags");
        return QStringLiteral(" :flags ") + strings(*action.flags);
    }

    static QString quoted(QString text)
    {
        text.replace(u'\\', QLatin1String("\\\\")).replace(u'"', QLatin1String("\\\""));
        return u'"' + text + u'"';
    }

    /// An empty list has no form of its own: "" has no flag and no argument in it either.
    static QString strings(const QStringList &list)
    {
        if (list.size() == 1)
            return quoted(list.constFirst());
        QStringList texts;
        for (const QString &one : list)
            texts.append(quoted(one));
        return texts.isEmpty() ? QStringLiteral("\"\"") : u'[' + texts.join(QLatin1String(", ")) + u']';
    }

    void require(const QByteArray &capability) { m_required.insert(QString::fromLatin1(capability)); }

    QSet<QString> m_required;
};

} // namespace

QByteArray writeSieve(const QList<Rule> &rules)
{
    SieveWriter writer;
    QString texts;
    for (const Rule &rule : rules)
        texts += u'\n' + writer.rule(rule);
    QStringList required;
    for (const QString &name : writer.capabilities())
        required.append(u'"' + name + u'"');
    const QString head = required.isEmpty()
        ? QString()
        : QStringLiteral("require [%1];\n").arg(required.join(QLatin1String(", ")));
    return (head + texts).toUtf8();
}

QStringList sieveCapabilities(const QList<Rule> &rules)
{
    SieveWriter writer;
    for (const Rule &rule : rules)
        writer.rule(rule);
    return writer.capabilities();
}

} // namespace glasspost::mail
