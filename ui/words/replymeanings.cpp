#include "ui/words/replymeanings.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

constexpr const char *context = "ReplyMeanings";

struct CodeRow
{
    int code;
    const char *words;
    const char *clause = "RFC 5321 4.2.3";
};

constexpr std::array codeRows = {
    CodeRow{211, QT_TRANSLATE_NOOP("ReplyMeanings", "System status or help.")},
    CodeRow{214, QT_TRANSLATE_NOOP("ReplyMeanings", "Help for a person at the other end.")},
    CodeRow{220, QT_TRANSLATE_NOOP("ReplyMeanings", "The server is ready.")},
    CodeRow{221, QT_TRANSLATE_NOOP("ReplyMeanings", "The server says goodbye and closes the connection.")},
    CodeRow{235, QT_TRANSLATE_NOOP("ReplyMeanings", "Signed in."), "RFC 4954 6"},
    CodeRow{250, QT_TRANSLATE_NOOP("ReplyMeanings", "Done as asked.")},
    CodeRow{
        251, QT_TRANSLATE_NOOP("ReplyMeanings", "The user is not local; the server forwards the message.")},
    CodeRow{252,
        QT_TRANSLATE_NOOP(
            "ReplyMeanings", "The server does not say whether the user exists, but would accept a message.")},
    CodeRow{334,
        QT_TRANSLATE_NOOP("ReplyMeanings", "Sign-in continues: the server waits for the next answer."),
        "RFC 4954 4"},
    CodeRow{
        354, QT_TRANSLATE_NOOP("ReplyMeanings", "Send the message; a line with a lone full stop ends it.")},
    CodeRow{421,
        QT_TRANSLATE_NOOP(
            "ReplyMeanings", "The service is not available and the connection is closed. Try later.")},
    CodeRow{432,
        QT_TRANSLATE_NOOP("ReplyMeanings", "The password has to be changed before this sign-in works."),
        "RFC 4954 6"},
    CodeRow{450,
        QT_TRANSLATE_NOOP(
            "ReplyMeanings", "The mailbox cannot be used just now: busy, or held back for a while.")},
    CodeRow{
        451, QT_TRANSLATE_NOOP("ReplyMeanings", "The server had an error of its own and gave up for now.")},
    CodeRow{452, QT_TRANSLATE_NOOP("ReplyMeanings", "The server has too little storage just now.")},
    CodeRow{454, QT_TRANSLATE_NOOP("ReplyMeanings", "Not available for a temporary reason (TLS or sign-in)."),
        "RFC 3207 4, RFC 4954 6"},
    CodeRow{455, QT_TRANSLATE_NOOP("ReplyMeanings", "The server cannot honour the parameters just now.")},
    CodeRow{500,
        QT_TRANSLATE_NOOP(
            "ReplyMeanings", "The server does not know this command, or the line is too long.")},
    CodeRow{501, QT_TRANSLATE_NOOP("ReplyMeanings", "The parameters or arguments are malformed.")},
    CodeRow{502, QT_TRANSLATE_NOOP("ReplyMeanings", "The server knows this command but does not offer it.")},
    CodeRow{503, QT_TRANSLATE_NOOP("ReplyMeanings", "The command came at the wrong moment in the dialogue.")},
    CodeRow{504, QT_TRANSLATE_NOOP("ReplyMeanings", "The server does not offer this parameter.")},
    CodeRow{521, QT_TRANSLATE_NOOP("ReplyMeanings", "This host does not accept mail."), "RFC 7504 3"},
    CodeRow{523, QT_TRANSLATE_NOOP("ReplyMeanings", "Encryption is needed first."), "RFC 5248"},
    CodeRow{525, QT_TRANSLATE_NOOP("ReplyMeanings", "The account is disabled."), "RFC 5248"},
    CodeRow{
        530, QT_TRANSLATE_NOOP("ReplyMeanings", "Sign-in or TLS is needed first."), "RFC 3207 4, RFC 4954 6"},
    CodeRow{534, QT_TRANSLATE_NOOP("ReplyMeanings", "This sign-in mechanism is too weak for the server."),
        "RFC 4954 6"},
    CodeRow{535, QT_TRANSLATE_NOOP("ReplyMeanings", "Name or password is wrong."), "RFC 4954 6"},
    CodeRow{538, QT_TRANSLATE_NOOP("ReplyMeanings", "This sign-in mechanism is allowed only under TLS."),
        "RFC 4954 6"},
    CodeRow{550,
        QT_TRANSLATE_NOOP(
            "ReplyMeanings", "Refused: no such mailbox, no access, or against the server's policy.")},
    CodeRow{551,
        QT_TRANSLATE_NOOP("ReplyMeanings", "The user is not local; try the address that the server names.")},
    CodeRow{552, QT_TRANSLATE_NOOP("ReplyMeanings", "The storage or size limit is exceeded.")},
    CodeRow{553, QT_TRANSLATE_NOOP("ReplyMeanings", "The mailbox name is not allowed, or is malformed.")},
    CodeRow{554,
        QT_TRANSLATE_NOOP(
            "ReplyMeanings", "The transaction failed, or the server accepts no mail from here.")},
    CodeRow{555,
        QT_TRANSLATE_NOOP("ReplyMeanings", "The server does not know a parameter of MAIL FROM or RCPT TO.")},
    CodeRow{556, QT_TRANSLATE_NOOP("ReplyMeanings", "The recipient's domain accepts no mail (null MX)."),
        "RFC 7504 4"},
};

struct StatusRow
{
    int subject;
    int detail;
    const char *words;
};

constexpr std::array statusRows = {
    StatusRow{0, 0, QT_TRANSLATE_NOOP("ReplyMeanings", "nothing more is known")},
    StatusRow{1, 0, QT_TRANSLATE_NOOP("ReplyMeanings", "something about the address")},
    StatusRow{1, 1, QT_TRANSLATE_NOOP("ReplyMeanings", "the mailbox does not exist")},
    StatusRow{1, 2, QT_TRANSLATE_NOOP("ReplyMeanings", "the domain does not exist or accepts no mail")},
    StatusRow{1, 3, QT_TRANSLATE_NOOP("ReplyMeanings", "the recipient's address is malformed")},
    StatusRow{1, 4, QT_TRANSLATE_NOOP("ReplyMeanings", "the address matches more than one mailbox")},
    StatusRow{1, 5, QT_TRANSLATE_NOOP("ReplyMeanings", "the recipient's address is valid")},
    StatusRow{1, 6, QT_TRANSLATE_NOOP("ReplyMeanings", "the mailbox has moved and left no new address")},
    StatusRow{1, 7, QT_TRANSLATE_NOOP("ReplyMeanings", "the sender's address is malformed")},
    StatusRow{1, 8,
        QT_TRANSLATE_NOOP("ReplyMeanings", "the sender's domain does not exist or cannot be replied to")},
    StatusRow{1, 9, QT_TRANSLATE_NOOP("ReplyMeanings", "passed on to a mailer that is not standard")},
    StatusRow{1, 10, QT_TRANSLATE_NOOP("ReplyMeanings", "the recipient's domain accepts no mail (null MX)")},
    StatusRow{2, 0, QT_TRANSLATE_NOOP("ReplyMeanings", "something about the mailbox")},
    StatusRow{2, 1, QT_TRANSLATE_NOOP("ReplyMeanings", "the mailbox is disabled")},
    StatusRow{2, 2, QT_TRANSLATE_NOOP("ReplyMeanings", "the mailbox is full")},
    StatusRow{2, 3, QT_TRANSLATE_NOOP("ReplyMeanings", "the message is larger than this mailbox accepts")},
    StatusRow{2, 4, QT_TRANSLATE_NOOP("ReplyMeanings", "the mailing list could not be expanded")},
    StatusRow{3, 0, QT_TRANSLATE_NOOP("ReplyMeanings", "something about the destination's mail system")},
    StatusRow{3, 1, QT_TRANSLATE_NOOP("ReplyMeanings", "the mail system's storage is full")},
    StatusRow{3, 2, QT_TRANSLATE_NOOP("ReplyMeanings", "the mail system is not accepting messages now")},
    StatusRow{3, 3, QT_TRANSLATE_NOOP("ReplyMeanings", "the mail system cannot do what the message needs")},
    StatusRow{3, 4, QT_TRANSLATE_NOOP("ReplyMeanings", "the message is too large for the mail system")},
    StatusRow{3, 5, QT_TRANSLATE_NOOP("ReplyMeanings", "the mail system is set up wrongly")},
    StatusRow{3, 6, QT_TRANSLATE_NOOP("ReplyMeanings", "the priority asked for was changed")},
    StatusRow{4, 0, QT_TRANSLATE_NOOP("ReplyMeanings", "something about network or routing")},
    StatusRow{4, 1, QT_TRANSLATE_NOOP("ReplyMeanings", "the host does not answer")},
    StatusRow{4, 2, QT_TRANSLATE_NOOP("ReplyMeanings", "the connection was lost or is bad")},
    StatusRow{4, 3, QT_TRANSLATE_NOOP("ReplyMeanings", "the name look-up failed")},
    StatusRow{4, 4, QT_TRANSLATE_NOOP("ReplyMeanings", "no way to the destination was found")},
    StatusRow{4, 5, QT_TRANSLATE_NOOP("ReplyMeanings", "the mail system is congested")},
    StatusRow{4, 6, QT_TRANSLATE_NOOP("ReplyMeanings", "the message is in a routing loop")},
    StatusRow{4, 7, QT_TRANSLATE_NOOP("ReplyMeanings", "the message waited longer than is allowed")},
    StatusRow{5, 0, QT_TRANSLATE_NOOP("ReplyMeanings", "something about the dialogue")},
    StatusRow{5, 1, QT_TRANSLATE_NOOP("ReplyMeanings", "the command is out of place or not known")},
    StatusRow{5, 2, QT_TRANSLATE_NOOP("ReplyMeanings", "a command is malformed")},
    StatusRow{5, 3, QT_TRANSLATE_NOOP("ReplyMeanings", "too many recipients in one transaction")},
    StatusRow{5, 4, QT_TRANSLATE_NOOP("ReplyMeanings", "the command's arguments are not valid")},
    StatusRow{5, 5, QT_TRANSLATE_NOOP("ReplyMeanings", "the protocol versions do not match")},
    StatusRow{5, 6, QT_TRANSLATE_NOOP("ReplyMeanings", "the sign-in exchange line is too long")},
    StatusRow{6, 0, QT_TRANSLATE_NOOP("ReplyMeanings", "something about the message's content")},
    StatusRow{6, 1, QT_TRANSLATE_NOOP("ReplyMeanings", "this kind of content is not accepted")},
    StatusRow{
        6, 2, QT_TRANSLATE_NOOP("ReplyMeanings", "the content would need a conversion that is forbidden")},
    StatusRow{6, 3, QT_TRANSLATE_NOOP("ReplyMeanings", "the content needs a conversion that cannot be done")},
    StatusRow{6, 4, QT_TRANSLATE_NOOP("ReplyMeanings", "the content was converted with a loss")},
    StatusRow{6, 5, QT_TRANSLATE_NOOP("ReplyMeanings", "the conversion of the content failed")},
    StatusRow{6, 6, QT_TRANSLATE_NOOP("ReplyMeanings", "the content could not be obtained")},
    StatusRow{6, 7, QT_TRANSLATE_NOOP("ReplyMeanings", "an address needs SMTPUTF8, which is not offered")},
    StatusRow{6, 8,
        QT_TRANSLATE_NOOP("ReplyMeanings", "a UTF-8 reply is needed and the client does not accept one")},
    StatusRow{6, 9, QT_TRANSLATE_NOOP("ReplyMeanings", "a UTF-8 header cannot be passed on")},
    StatusRow{7, 0, QT_TRANSLATE_NOOP("ReplyMeanings", "something about security or policy")},
    StatusRow{7, 1, QT_TRANSLATE_NOOP("ReplyMeanings", "the server's policy does not allow this message")},
    StatusRow{7, 2, QT_TRANSLATE_NOOP("ReplyMeanings", "this sender may not write to the mailing list")},
    StatusRow{7, 3, QT_TRANSLATE_NOOP("ReplyMeanings", "a security conversion is needed and cannot be done")},
    StatusRow{7, 4, QT_TRANSLATE_NOOP("ReplyMeanings", "a security feature is not offered")},
    StatusRow{7, 5, QT_TRANSLATE_NOOP("ReplyMeanings", "the encryption cannot be handled")},
    StatusRow{7, 6, QT_TRANSLATE_NOOP("ReplyMeanings", "the encryption algorithm is not known")},
    StatusRow{7, 7, QT_TRANSLATE_NOOP("ReplyMeanings", "the message was changed on its way")},
    StatusRow{7, 8, QT_TRANSLATE_NOOP("ReplyMeanings", "name or password is wrong")},
    StatusRow{7, 9, QT_TRANSLATE_NOOP("ReplyMeanings", "the sign-in mechanism is too weak")},
    StatusRow{7, 10, QT_TRANSLATE_NOOP("ReplyMeanings", "encryption is needed")},
    StatusRow{7, 11, QT_TRANSLATE_NOOP("ReplyMeanings", "encryption is needed for this sign-in mechanism")},
    StatusRow{7, 12, QT_TRANSLATE_NOOP("ReplyMeanings", "the password has to be changed first")},
    StatusRow{7, 13, QT_TRANSLATE_NOOP("ReplyMeanings", "the account is disabled")},
    StatusRow{7, 14, QT_TRANSLATE_NOOP("ReplyMeanings", "a trust relation with a third server is needed")},
    StatusRow{7, 15, QT_TRANSLATE_NOOP("ReplyMeanings", "the priority is too low for the server")},
    StatusRow{7, 16, QT_TRANSLATE_NOOP("ReplyMeanings", "the message is too large for its priority")},
    StatusRow{7, 17, QT_TRANSLATE_NOOP("ReplyMeanings", "the mailbox has changed owners since")},
    StatusRow{7, 18, QT_TRANSLATE_NOOP("ReplyMeanings", "the domain has changed owners since")},
    StatusRow{7, 19, QT_TRANSLATE_NOOP("ReplyMeanings", "the date of the ownership could not be determined")},
    StatusRow{7, 20, QT_TRANSLATE_NOOP("ReplyMeanings", "no DKIM signature passes")},
    StatusRow{7, 21, QT_TRANSLATE_NOOP("ReplyMeanings", "no DKIM signature is acceptable")},
    StatusRow{7, 22, QT_TRANSLATE_NOOP("ReplyMeanings", "no DKIM signature matches the author")},
    StatusRow{
        7, 23, QT_TRANSLATE_NOOP("ReplyMeanings", "SPF does not allow this host to send for the domain")},
    StatusRow{7, 24, QT_TRANSLATE_NOOP("ReplyMeanings", "the SPF check ended in an error")},
    StatusRow{7, 25, QT_TRANSLATE_NOOP("ReplyMeanings", "the sending host's reverse DNS does not match")},
    StatusRow{7, 26, QT_TRANSLATE_NOOP("ReplyMeanings", "several authentication checks failed")},
    StatusRow{7, 27, QT_TRANSLATE_NOOP("ReplyMeanings", "the sender's domain accepts no mail (null MX)")},
    StatusRow{7, 28, QT_TRANSLATE_NOOP("ReplyMeanings", "too much mail of this kind: a flood")},
    StatusRow{7, 29, QT_TRANSLATE_NOOP("ReplyMeanings", "the ARC chain is not valid")},
    StatusRow{7, 30, QT_TRANSLATE_NOOP("ReplyMeanings", "REQUIRETLS cannot be honored")},
};

struct StatusClause
{
    int subject;
    int detail;
    const char *clause;
};

/// Of codes that came after RFC 3463.
constexpr std::array statusClauses = {
    StatusClause{1, 9, "RFC 3886"},
    StatusClause{1, 10, "RFC 7505"},
    StatusClause{5, 6, "RFC 4954 6"},
    StatusClause{6, 6, "RFC 4468"},
    StatusClause{6, 7, "RFC 6531 3.5"},
    StatusClause{6, 8, "RFC 6531 3.5"},
    StatusClause{6, 9, "RFC 6531 3.5"},
    StatusClause{7, 8, "RFC 4954 6"},
    StatusClause{7, 9, "RFC 4954 6"},
    StatusClause{7, 10, "RFC 5248"},
    StatusClause{7, 11, "RFC 4954 6"},
    StatusClause{7, 12, "RFC 4954 6"},
    StatusClause{7, 13, "RFC 5248"},
    StatusClause{7, 14, "RFC 5248"},
    StatusClause{7, 15, "RFC 6710"},
    StatusClause{7, 16, "RFC 6710"},
    StatusClause{7, 17, "RFC 7293"},
    StatusClause{7, 18, "RFC 7293"},
    StatusClause{7, 19, "RFC 7293"},
    StatusClause{7, 20, "RFC 7372 3.1"},
    StatusClause{7, 21, "RFC 7372 3.1"},
    StatusClause{7, 22, "RFC 7372 3.1"},
    StatusClause{7, 23, "RFC 7372 3.2"},
    StatusClause{7, 24, "RFC 7372 3.2"},
    StatusClause{7, 25, "RFC 7372 3.3"},
    StatusClause{7, 26, "RFC 7372 3.4"},
    StatusClause{7, 27, "RFC 7505"},
    StatusClause{7, 28, "RFC 5248"},
    StatusClause{7, 29, "RFC 8617"},
    StatusClause{7, 30, "RFC 8689"},
};

/// The row of a registered code; else of its subject, else the first.
const StatusRow &statusRow(const smtp::EnhancedStatusCode &status)
{
    const auto find = [](int subject, int detail) {
        return std::find_if(statusRows.begin(), statusRows.end(),
            [&](const StatusRow &r) { return r.subject == subject && r.detail == detail; });
    };
    auto row = find(status.subject, status.detail);
    if (row == statusRows.end())
        row = find(status.subject, 0);
    return row == statusRows.end() ? statusRows.front() : *row;
}

QString words(const char *text)
{
    return QCoreApplication::translate(context, text);
}

bool isDigit(char octet)
{
    return octet >= '0' && octet <= '9';
}

} // namespace

std::optional<ReplyHead> parseReplyHead(QByteArrayView line)
{
    if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !isDigit(line[1]) || !isDigit(line[2]))
        return std::nullopt;
    if (line.size() > 3 && line[3] != ' ' && line[3] != '-')
        return std::nullopt;
    ReplyHead head;
    head.code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    head.isLast = line.size() == 3 || line[3] == ' ';
    head.length = static_cast<int>(std::min<qsizetype>(line.size(), 4));
    const QByteArrayView rest = line.sliced(head.length);
    const qsizetype end = rest.indexOf(' ');
    const QByteArrayView word = end < 0 ? rest : rest.first(end);
    if (word.size() > 1 && word[1] == '.') {
        if (const auto status = smtp::EnhancedStatusCode::parse(word)) {
            head.status = *status;
            head.length += static_cast<int>(word.size());
        }
    }
    return head;
}

QString replyCodeMeaning(int code)
{
    const auto row
        = std::find_if(codeRows.begin(), codeRows.end(), [&](const CodeRow &r) { return r.code == code; });
    if (row != codeRows.end())
        return words(row->words);
    // RFC 5321 4.2.1: what the first digit says holds for every code.
    switch (code / 100) {
    case 2:
        return QCoreApplication::translate(context, "Done as asked.");
    case 3:
        return QCoreApplication::translate(
            context, "Go on: the server waits for what belongs to the command.");
    case 4:
        return QCoreApplication::translate(context, "Not now: the same command may succeed later.");
    case 5:
        return QCoreApplication::translate(context, "Refused permanently: the same command will fail again.");
    default:
        return {};
    }
}

QString replyCodeClause(int code)
{
    const auto row
        = std::find_if(codeRows.begin(), codeRows.end(), [&](const CodeRow &r) { return r.code == code; });
    return QLatin1String(row == codeRows.end() ? "RFC 5321 4.2.1" : row->clause);
}

QString statusCodeReason(const smtp::EnhancedStatusCode &status)
{
    return status.isNull() ? QString() : words(statusRow(status).words);
}

QString statusCodeClause(const smtp::EnhancedStatusCode &status)
{
    if (status.isNull())
        return {};
    const StatusRow &row = statusRow(status);
    const auto later = std::find_if(statusClauses.begin(), statusClauses.end(),
        [&](const StatusClause &one) { return one.subject == row.subject && one.detail == row.detail; });
    if (later != statusClauses.end())
        return QLatin1String(later->clause);
    return QStringLiteral("RFC 3463 3.%1").arg(row.subject + 1); // a section for each subject
}

QString statusCodeMeaning(const smtp::EnhancedStatusCode &status)
{
    const QString what = statusCodeReason(status);
    if (what.isEmpty())
        return {};
    switch (status.statusClass) {
    case 2:
        return QCoreApplication::translate(context, "Success: %1").arg(what);
    case 4:
        return QCoreApplication::translate(context, "Temporary: %1").arg(what);
    default:
        return QCoreApplication::translate(context, "Permanent: %1").arg(what);
    }
}

} // namespace glasspost::ui
