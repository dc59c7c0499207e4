#pragma once

#include "mail/base/error.h"

#include <QByteArray>
#include <QString>

namespace glasspost::mail {

struct SieveToken
{
    enum class Kind { Identifier, Tag, Number, String, Mark, End };
    Kind kind = Kind::End;
    QString text; ///< identifiers and tags in lower case; a Mark's one character
    qint64 number = 0;
    int line = 1;
    QString label; ///< of the last "# rule:[name]" before it
};

/// Cuts a script into tokens (RFC 5228 8.1). The octets outlive it.
class SieveLexer
{
public:
    explicit SieveLexer(const QByteArray &script) : m_script(script) { }

    Result<SieveToken> next();

private:
    Result<void> skipBlanks();
    void skipHashComment();
    Result<void> skipBracketComment();
    Result<SieveToken> word();
    Result<SieveToken> number();
    Result<SieveToken> quoted();
    Result<SieveToken> multiLine();
    [[nodiscard]] SieveToken token(SieveToken::Kind kind, const QString &text = {}) const;
    [[nodiscard]] char at(qsizetype place) const { return place < m_script.size() ? m_script[place] : '\0'; }
    [[nodiscard]] bool isAtEnd() const { return m_at >= m_script.size(); }

    const QByteArray &m_script;
    qsizetype m_at = 0;
    int m_line = 1;
    QString m_label;
};

} // namespace glasspost::mail
