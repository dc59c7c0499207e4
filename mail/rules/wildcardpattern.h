#pragma once

#include <QHash>
#include <QList>
#include <QString>

#include <optional>

namespace glasspost::mail {

/// A pattern of RFC 5228 2.7.1: * for any characters, ? for any one (a code point), with \ before one that
/// stands for itself. Letters are compared as they are.
///
/// A value is read once, from front to end: each 64 characters between two stars cost one step for each
/// character of it, whatever it holds.
class WildcardPattern
{
public:
    explicit WildcardPattern(const QString &text);
    [[nodiscard]] bool matches(const QList<uint> &value) const; ///< the whole of it, as code points

private:
    /// What stands between two stars. Bit I of a character's mask: it may stand at place I.
    class Run
    {
    public:
        void append(std::optional<uint> character); ///< nothing: any one
        [[nodiscard]] qsizetype size() const { return m_size; }
        /// Where the first one within value ends, that begins at from or after and ends at end or before; -1
        /// for none.
        [[nodiscard]] qsizetype endOfFirst(const QList<uint> &value, qsizetype from, qsizetype end) const;

    private:
        using Mask = QList<quint64>;
        static void set(Mask &mask, qsizetype place);

        qsizetype m_size = 0;
        Mask m_any; ///< of a character that the run does not name
        QHash<uint, Mask> m_masks; ///< of those that it names
    };

    QList<Run> m_runs; ///< one more than there are stars; may be empty ones
};

} // namespace glasspost::mail
