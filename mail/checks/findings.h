#pragma once

#include "mail/checks/checkedmessage.h"
#include "mail/checks/finding.h"

#include <QHash>

namespace glasspost::mail {

/// Takes the findings of one message, so many of each kind: a message with a fault in each line has one
/// fault.
class Findings
{
public:
    static constexpr int mostOfAKind = 100;

    /// Whether one more of that kind would be taken.
    [[nodiscard]] bool wants(FindingKind kind) const { return m_counts.value(kind) < mostOfAKind; }
    void add(const Finding &finding);
    void add(FindingKind kind, const QStringList &facts = {}) { add({kind, facts, -1, 0, 0}); }
    /// About a line of a part's text, from 1.
    void addAt(const CheckedPart &part, qint64 textLine, FindingKind kind, const QStringList &facts = {});
    /// About a part as a whole, whose header begins there.
    void addOf(const CheckedPart &part, FindingKind kind, const QStringList &facts = {});
    /// In the order of the message; what is about no line of it first.
    [[nodiscard]] QList<Finding> take();

private:
    QList<Finding> m_findings;
    QHash<FindingKind, int> m_counts;
};

/// What a message says is shortened: a finding names it, and the message has all of it.
QString quoted(const QString &text);
QString quoted(QByteArrayView text);
inline QString quoted(const QByteArray &text)
{
    return quoted(QByteArrayView(text));
}

} // namespace glasspost::mail
