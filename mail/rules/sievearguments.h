#pragma once

#include "mail/rules/sievesyntax.h"
#include "mail/rules/sievewords.h"

#include <algorithm>
#include <optional>

namespace glasspost::mail {

/// The first fault of a script; what is read after it counts for nothing.
class FirstFault
{
public:
    void fail(int line, const QString &what)
    {
        if (!m_error)
            m_error = sieveFault(line, what);
    }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

private:
    std::optional<Error> m_error;
};

/// Takes the arguments of one command or test, one after the other.
class ArgumentReader
{
public:
    ArgumentReader(const QString &name, const QList<SieveArgument> &arguments, int line, FirstFault &fault)
        : m_name(name), m_left(arguments), m_line(line), m_fault(fault)
    { }

    [[nodiscard]] int line() const { return m_line; }

    bool takesTag(QLatin1String tag)
    {
        const auto place = std::find_if(m_left.cbegin(), m_left.cend(), [tag](const SieveArgument &one) {
            return one.kind == SieveArgument::Kind::Tag && one.tag == tag;
        });
        if (place == m_left.cend())
            return false;
        m_place = place - m_left.cbegin();
        m_left.removeAt(m_place);
        return true;
    }

    /// What follows the tag that was taken last.
    QStringList valueOfTag() { return strings(m_place); }

    /// RFC 5228 2.7.1: one of them at most.
    template <typename Value, size_t size> void takeTag(const SieveWord<Value> (&words)[size], Value &value)
    {
        bool isTaken = false;
        for (const auto &one : words) {
            if (!takesTag(one.word))
                continue;
            if (isTaken)
                m_fault.fail(
                    m_line, QStringLiteral("%1: :%2 excludes the one before it").arg(m_name, one.word));
            isTaken = true;
            value = one.value;
        }
    }

    /// At least one, whatever is missing.
    QStringList strings(qsizetype place = 0)
    {
        if (place < m_left.size() && m_left.at(place).kind == SieveArgument::Kind::Strings)
            return m_left.takeAt(place).strings;
        if (place < m_left.size() && m_left.at(place).kind == SieveArgument::Kind::Tag)
            end();
        m_fault.fail(m_line, QStringLiteral("%1: a string is missing").arg(m_name));
        return {QString()};
    }

    QString string(qsizetype place = 0)
    {
        const QStringList list = strings(place);
        if (list.size() != 1)
            m_fault.fail(m_line, QStringLiteral("%1: one string is expected, not a list").arg(m_name));
        return list.constFirst();
    }

    qint64 number()
    {
        if (!m_left.isEmpty() && m_left.constFirst().kind == SieveArgument::Kind::Number)
            return m_left.takeFirst().number;
        m_fault.fail(m_line, QStringLiteral("%1: a number is missing").arg(m_name));
        return 0;
    }

    [[nodiscard]] bool isEmpty() const { return m_left.isEmpty(); }

    void end() const
    {
        if (m_left.isEmpty())
            return;
        const SieveArgument &one = m_left.constFirst();
        m_fault.fail(m_line,
            one.kind == SieveArgument::Kind::Tag
                ? QStringLiteral("%1: :%2 is not supported").arg(m_name, one.tag)
                : QStringLiteral("%1 has an argument too many").arg(m_name));
    }

private:
    const QString m_name;
    QList<SieveArgument> m_left;
    const int m_line;
    FirstFault &m_fault;
    qsizetype m_place = 0;
};

} // namespace glasspost::mail
