#include "mail/rules/sievesyntax.h"

#include "mail/rules/sievetokens.h"

#include <optional>
#include <utility>

namespace glasspost::mail {

namespace {

/// Reads ahead by one token. The first fault ends it: everything after sees the script's end.
class SieveParser
{
public:
    explicit SieveParser(const QByteArray &script) : m_lexer(script) { advance(); }

    Result<QList<SieveCommand>> script()
    {
        QList<SieveCommand> commands = commandList(0);
        if (!m_fault && m_token.kind != SieveToken::Kind::End)
            fail(QStringLiteral("unexpected \"%1\"").arg(m_token.text));
        if (m_fault)
            return tl::unexpected(*m_fault);
        return commands;
    }

private:
    QList<SieveCommand> commandList(int depth)
    {
        QList<SieveCommand> commands;
        if (depth > deepestSieve)
            fail(QStringLiteral("blocks lie too deep within one another"));
        while (m_token.kind == SieveToken::Kind::Identifier)
            commands.append(command(depth));
        return commands;
    }

    SieveCommand command(int depth)
    {
        SieveCommand result;
        result.name = m_token.text;
        result.label = m_token.label;
        result.line = m_token.line;
        advance();
        result.arguments = arguments();
        result.tests = tests(0);
        if (takes(u'{')) {
            result.hasBlock = true;
            result.block = commandList(depth + 1);
            expect(u'}');
        } else {
            expect(u';');
        }
        return result;
    }

    QList<SieveArgument> arguments()
    {
        QList<SieveArgument> result;
        for (;;) {
            SieveArgument one;
            one.line = m_token.line;
            if (m_token.kind == SieveToken::Kind::Tag) {
                one.kind = SieveArgument::Kind::Tag;
                one.tag = m_token.text;
                advance();
            } else if (m_token.kind == SieveToken::Kind::Number) {
                one.kind = SieveArgument::Kind::Number;
                one.number = m_token.number;
                advance();
            } else if (m_token.kind == SieveToken::Kind::String || isAt(u'[')) {
                one.strings = strings();
            } else {
                return result;
            }
            result.append(one);
        }
    }

    QStringList strings()
    {
        QStringList result;
        if (!takes(u'[')) {
            result.append(m_token.text);
            advance();
            return result;
        }
        do {
            if (m_token.kind != SieveToken::Kind::String) {
                fail(QStringLiteral("a list of strings has something else in it"));
                return result;
            }
            result.append(m_token.text);
            advance();
        } while (takes(u','));
        expect(u']');
        return result;
    }

    /// One test, several in brackets, or none.
    QList<SieveTest> tests(int depth)
    {
        QList<SieveTest> result;
        if (depth > deepestSieve) {
            fail(QStringLiteral("tests lie too deep within one another"));
        } else if (m_token.kind == SieveToken::Kind::Identifier) {
            result.append(test(depth));
        } else if (takes(u'(')) {
            do
                result.append(test(depth));
            while (takes(u','));
            expect(u')');
        }
        return result;
    }

    SieveTest test(int depth)
    {
        SieveTest result;
        if (m_token.kind != SieveToken::Kind::Identifier) {
            fail(QStringLiteral("a test is missing"));
            return result;
        }
        result.name = m_token.text;
        result.line = m_token.line;
        advance();
        result.arguments = arguments();
        result.tests = tests(depth + 1);
        return result;
    }

    [[nodiscard]] bool isAt(QChar mark) const
    {
        return m_token.kind == SieveToken::Kind::Mark && m_token.text == mark;
    }

    bool takes(QChar mark)
    {
        if (!isAt(mark))
            return false;
        advance();
        return true;
    }

    void expect(QChar mark)
    {
        if (!takes(mark))
            fail(QStringLiteral("\"%1\" is missing").arg(mark));
    }

    void fail(const QString &what)
    {
        if (!m_fault)
            m_fault = sieveFault(m_token.line, what);
        m_token = {};
    }

    void advance()
    {
        if (m_fault)
            return;
        Result<SieveToken> next = m_lexer.next();
        if (next) {
            m_token = std::move(*next);
            return;
        }
        m_fault = next.error();
        m_token = {};
    }

    SieveLexer m_lexer;
    SieveToken m_token;
    std::optional<Error> m_fault;
};

} // namespace

Error sieveFault(int line, const QString &what)
{
    return {ErrorCode::Damaged, QStringLiteral("line %1").arg(line), what};
}

Result<QList<SieveCommand>> readSieveSyntax(const QByteArray &script)
{
    if (script.size() > longestSieve)
        return tl::unexpected(sieveFault(1, QStringLiteral("the script is longer than 1 MiB")));
    if (!script.isValidUtf8()) // RFC 5228 2.1: words that are not read as they were meant would match others
        return tl::unexpected(sieveFault(1, QStringLiteral("the script is not UTF-8")));
    return SieveParser(script).script();
}

} // namespace glasspost::mail
