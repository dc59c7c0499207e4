#include "mail/message/fieldtokens.h"

namespace glasspost::mail {

namespace {

/// What stands between two marks, the place of the first of them given; at goes behind the second.
QByteArray delimited(QByteArrayView value, qsizetype &at, char opening, char closing)
{
    QByteArray text;
    int depth = 1;
    for (++at; at < value.size(); ++at) {
        const char c = value[at];
        if (c == '\\' && at + 1 < value.size()) {
            text += value[++at];
            continue;
        }
        if (c == closing && --depth == 0) {
            ++at;
            break;
        }
        depth += c == opening && opening != closing ? 1 : 0;
        text += c;
    }
    return text;
}

} // namespace

QList<FieldToken> fieldTokens(QByteArrayView value, QByteArrayView separators)
{
    QList<FieldToken> tokens;
    const auto isBlank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    const auto endsWord
        = [&](char c) { return isBlank(c) || c == '(' || c == '"' || separators.contains(c); };
    for (qsizetype at = 0; at < value.size();) {
        const char c = value[at];
        if (isBlank(c)) {
            ++at;
        } else if (c == '(') {
            tokens.append({FieldToken::Kind::Comment, delimited(value, at, '(', ')')});
        } else if (c == '"') {
            tokens.append({FieldToken::Kind::Quoted, delimited(value, at, '"', '"')});
        } else if (separators.contains(c)) {
            tokens.append({FieldToken::Kind::Separator, QByteArray(1, c)});
            ++at;
        } else {
            const qsizetype begin = at;
            while (at < value.size() && !endsWord(value[at]))
                ++at;
            tokens.append({FieldToken::Kind::Word, value.sliced(begin, at - begin).toByteArray()});
        }
    }
    return tokens;
}

} // namespace glasspost::mail
