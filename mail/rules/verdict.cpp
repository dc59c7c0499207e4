#include "mail/rules/verdict.h"

#include "mail/maildir/maildirname.h"
#include "mail/message/reportparts.h"
#include "mail/message/trace.h"
#include "mail/rules/rulematching.h"
#include "smtp/syntax/path.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

using Do = RuleAction::Kind;

/// RFC 5232's system flags that a Maildir has; \Deleted is a person's alone.
MessageFlags systemFlags(const QStringList &words)
{
    static const QHash<QString, MessageFlag> known{{QStringLiteral("\\seen"), MessageFlag::Seen},
        {QStringLiteral("\\flagged"), MessageFlag::Flagged},
        {QStringLiteral("\\answered"), MessageFlag::Replied},
        {QStringLiteral("\\draft"), MessageFlag::Draft}};
    MessageFlags flags;
    for (const QString &word : words) {
        if (const auto flag = known.constFind(word.toLower()); flag != known.cend())
            flags |= *flag;
    }
    return flags;
}

QStringList tagsAmong(const QStringList &words)
{
    QStringList tags;
    for (const QString &word : words) {
        if (!word.startsWith(u'\\') && !tags.contains(word, Qt::CaseInsensitive))
            tags.append(word);
    }
    return tags;
}

/// The state of RFC 5228's interpreter for one message in one mailbox.
class Judgement
{
public:
    Judgement(RuleReading &reading, const QString &mailbox, const RuleTerms &terms)
        : m_reading(reading), m_mailbox(mailbox), m_terms(terms)
    { }

    RuleVerdict of(const QList<Rule> &rules)
    {
        for (const Rule &rule : rules) {
            if (!rule.isEnabled)
                continue;
            const RuleTruth truth = applies(rule);
            if (truth == RuleTruth::Unknown)
                m_verdict.deeds.append({rule.name, std::nullopt, RuleProblem::NotKnown});
            if (truth == RuleTruth::Yes && !apply(rule))
                break;
        }
        const bool isWanted = m_hasFailed || !m_verdict.programs.isEmpty();
        if (m_isKept || (isWanted && m_verdict.placements.isEmpty()))
            place({m_mailbox, {}}, m_flags);
        return std::move(m_verdict);
    }

private:
    /// Where it releases, those that the message was sent to have to be known as well.
    RuleTruth applies(const Rule &rule)
    {
        const RuleTruth truth = meets(rule.test, m_reading, m_mailbox);
        const bool releases = std::any_of(rule.actions.cbegin(), rule.actions.cend(),
            [](const RuleAction &action) { return action.kind == Do::Release; });
        const bool isUnknown = truth == RuleTruth::Yes && releases && !m_reading.message().recipients;
        return isUnknown ? RuleTruth::Unknown : truth;
    }

    /// False: no further rule.
    bool apply(const Rule &rule)
    {
        for (const RuleAction &action : rule.actions) {
            if (action.kind == Do::Release && allowedRecipients(action).isEmpty())
                continue;
            const RuleProblem problem = act(rule, action);
            m_hasFailed = m_hasFailed || problem != RuleProblem::None;
            m_verdict.deeds.append({rule.name, action, problem});
            if (action.kind == Do::Stop)
                return false;
        }
        return true;
    }

    RuleProblem act(const Rule &rule, const RuleAction &action)
    {
        switch (action.kind) {
        case Do::Keep:
            place({m_mailbox, {}}, action.flags.value_or(m_flags));
            m_isKept = false; // done, so that nothing is left to do at the end
            break;
        case Do::File:
            return file(action);
        case Do::Forward:
            return forward(rule, action);
        case Do::Release:
            return release(rule, action);
        case Do::Discard:
            m_isKept = false;
            break;
        case Do::SetFlags:
            m_flags = action.words;
            break;
        case Do::AddFlags:
            m_flags += action.words;
            break;
        case Do::RemoveFlags:
            m_flags.removeIf(
                [&action](const QString &one) { return action.words.contains(one, Qt::CaseInsensitive); });
            break;
        case Do::Program:
            m_verdict.programs.append({rule.name, action.words});
            break;
        case Do::Notify:
            m_verdict.notices.append(action.text);
            break;
        case Do::Stop:
            break;
        }
        return RuleProblem::None;
    }

    RuleProblem file(const RuleAction &action)
    {
        const auto folder = folderOfRule(m_mailbox, action.text);
        if (!folder)
            return RuleProblem::NoSuchFolder;
        place(*folder, action.flags.value_or(m_flags));
        m_isKept = m_isKept && action.isCopy;
        return RuleProblem::None;
    }

    [[nodiscard]] RuleProblem wayOut() const
    {
        const QByteArray &octets = m_reading.message().octets;
        if (wasForwardedBy(octets, m_mailbox, m_terms.hostName))
            return RuleProblem::Loop;
        return hopCount(octets) >= m_terms.hopLimit ? RuleProblem::TooManyHops : RuleProblem::None;
    }

    [[nodiscard]] bool isForwardedTo(const QString &address) const
    {
        return std::any_of(
            m_verdict.forwards.cbegin(), m_verdict.forwards.cend(), [&address](const RuleForward &one) {
                return one.address.compare(address, Qt::CaseInsensitive) == 0;
            });
    }

    RuleProblem forward(const Rule &rule, const RuleAction &action)
    {
        if (const RuleProblem problem = wayOut(); problem != RuleProblem::None)
            return problem;
        const bool isKnown = isForwardedTo(action.text);
        if (!isKnown && m_verdict.forwards.size() >= mostForwards)
            return RuleProblem::TooManyForwards;
        if (!isKnown)
            m_verdict.forwards.append({action.text, rule.name, Do::Forward});
        m_isKept = m_isKept && action.isCopy;
        return RuleProblem::None;
    }

    /// As many as it was sent to: the listener bounds them. It stays here, whatever becomes of the copies.
    RuleProblem release(const Rule &rule, const RuleAction &action)
    {
        if (const RuleProblem problem = wayOut(); problem != RuleProblem::None)
            return problem;
        RuleProblem problem = RuleProblem::None;
        for (const QString &address : allowedRecipients(action)) {
            if (!smtp::parseMailbox(address.toUtf8())) // "bob", which a session may have been let send to
                problem = RuleProblem::Failed;
            else if (!isForwardedTo(address))
                m_verdict.forwards.append({address, rule.name, Do::Release});
        }
        return problem;
    }

    [[nodiscard]] QStringList allowedRecipients(const RuleAction &action) const
    {
        RuleTest pattern;
        pattern.match = RuleTest::Match::Matches;
        pattern.keys = action.words;
        const RuleKeys keys(pattern);
        QStringList allowed;
        const QList<QByteArray> recipients = m_reading.message().recipients.value_or(QList<QByteArray>());
        for (const QByteArray &recipient : recipients) {
            const QString address = QString::fromUtf8(recipient);
            if (keys.match(address))
                allowed.append(address);
        }
        return allowed;
    }

    /// A message is in a folder once, with all that was asked for.
    void place(const FolderId &folder, const QStringList &words)
    {
        auto known = std::find_if(m_verdict.placements.begin(), m_verdict.placements.end(),
            [&folder](const RulePlacement &one) { return one.folder == folder; });
        if (known == m_verdict.placements.end()) {
            m_verdict.placements.append({folder, {}, {}});
            known = m_verdict.placements.end() - 1;
        }
        known->flags |= systemFlags(words);
        known->tags = tagsAmong(known->tags + words);
    }

    RuleReading &m_reading;
    const QString m_mailbox;
    const RuleTerms m_terms;
    RuleVerdict m_verdict;
    QStringList m_flags; ///< RFC 5232 2's internal variable
    bool m_hasFailed = false; ///< some action: whatever the others say, it is kept somewhere (2.10.6)
    bool m_isKept = true; ///< by the implicit keep (RFC 5228 2.10.2)
};

bool asks(const RuleTest &test)
{
    if (test.kind == RuleTest::Kind::Environment)
        return test.names.value(0) == QLatin1String(RuleEnvironment::senderKnown);
    return std::any_of(test.children.cbegin(), test.children.cend(), asks);
}

} // namespace

RuleVerdict judge(
    const QList<Rule> &rules, RuleReading &reading, const QString &mailbox, const RuleTerms &terms)
{
    return Judgement(reading, mailbox, terms).of(rules);
}

std::optional<FolderId> folderOfRule(const QString &mailbox, const QString &text)
{
    FolderId folder{mailbox, text};
    if (text.startsWith(u'/')) {
        const qsizetype end = text.indexOf(u'/', 1);
        folder.user = text.sliced(1, (end < 0 ? text.size() : end) - 1);
        folder.folder = end < 0 ? QString() : text.sliced(end + 1);
    } else if (text.isEmpty()) {
        return std::nullopt;
    }
    folder.folder.replace(u'/', u'.');
    const QString inbox = QStringLiteral("INBOX");
    if (folder.folder.compare(inbox, Qt::CaseInsensitive) == 0)
        folder.folder.clear();
    else if (folder.folder.startsWith(inbox + u'.', Qt::CaseInsensitive))
        folder.folder.remove(0, inbox.size() + 1);
    return folderPath(folder) ? std::optional(folder) : std::nullopt;
}

bool asksForKnownSenders(const QList<Rule> &rules)
{
    return std::any_of(
        rules.cbegin(), rules.cend(), [](const Rule &rule) { return rule.isEnabled && asks(rule.test); });
}

bool mayForward(const QList<Rule> &rules)
{
    return std::any_of(rules.cbegin(), rules.cend(), [](const Rule &rule) {
        return rule.isEnabled
            && std::any_of(rule.actions.cbegin(), rule.actions.cend(), [](const RuleAction &action) {
                   return action.kind == Do::Forward || action.kind == Do::Release;
               });
    });
}

MadeFrom madeBy(const RuleForward &forward, const QByteArray &octets)
{
    MadeFrom made;
    made.how = forward.action == Do::Release ? MadeFrom::How::ReleasedByRule : MadeFrom::How::ForwardedByRule;
    made.messageId = bareMessageId(readHeader(octets).value("Message-ID"));
    made.rule = forward.rule;
    return made;
}

} // namespace glasspost::mail
