#include "ui/compose/replies.h"

#include "mail/message/messagebuilder.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>
#include <QUrl>
#include <QUrlQuery>

#include <algorithm>

namespace glasspost::ui {

namespace {

struct ReplyWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Replies)
};

bool isSame(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool isOwn(const QString &address, const mail::Settings &settings)
{
    return std::any_of(settings.identities.cbegin(), settings.identities.cend(),
        [&](const mail::Identity &identity) { return isSame(identity.address, address); });
}

QString listText(const QList<mail::AddressView> &mailboxes)
{
    QStringList entries;
    for (const mail::AddressView &mailbox : mailboxes)
        entries << mailboxText(mailbox);
    return entries.join(QStringLiteral(", "));
}

// The identity the message was written to; else the one whose mailbox it lies in; else the first.
QString answeringFrom(const mail::MessageView &message, const mail::Settings &settings)
{
    for (const mail::AddressView &mailbox : message.to + message.cc) {
        for (const mail::Identity &identity : settings.identities) {
            if (isSame(identity.address, mailbox.address))
                return identityText(identity);
        }
    }
    for (const mail::Identity &identity : settings.identities) {
        if (isSame(identity.user, message.id.folder.user))
            return identityText(identity);
    }
    return settings.identities.isEmpty() ? QString() : identityText(settings.identities.constFirst());
}

QString prefixed(const QString &subject, const QString &prefix, const QRegularExpression &already)
{
    return already.match(subject).hasMatch() ? subject : prefix + subject;
}

QString quoted(const QString &text)
{
    QString result;
    QStringList lines = text.split(QLatin1Char('\n'));
    // The signature stays behind (its line is "-- ").
    if (const qsizetype signature = lines.indexOf(QStringLiteral("-- ")); signature > 0)
        lines = lines.mid(0, signature);
    while (!lines.isEmpty() && lines.constLast().trimmed().isEmpty())
        lines.removeLast();
    for (const QString &line : lines)
        result += (line.startsWith(QLatin1Char('>')) ? QStringLiteral(">") : QStringLiteral("> ")) + line
            + QLatin1Char('\n');
    return result;
}

QString whenText(qint64 date)
{
    return QLocale().toString(QDateTime::fromSecsSinceEpoch(date), QLocale::ShortFormat);
}

QString replyText(const mail::MessageView &message)
{
    const QString who = message.from.isEmpty()     ? ReplyWords::tr("somebody")
        : message.from.constFirst().name.isEmpty() ? message.from.constFirst().address
                                                   : message.from.constFirst().name;
    const QString head = message.date == 0
        ? ReplyWords::tr("%1 wrote:").arg(who)
        : ReplyWords::tr("On %1, %2 wrote:").arg(whenText(message.date), who);
    return QStringLiteral("\n\n") + head + QLatin1Char('\n') + quoted(message.text);
}

QString forwardText(const mail::MessageView &message)
{
    QString text = QStringLiteral("\n\n") + ReplyWords::tr("---------- Forwarded message ----------")
        + QLatin1Char('\n');
    text += ReplyWords::tr("From: %1").arg(listText(message.from)) + QLatin1Char('\n');
    if (message.date != 0)
        text += ReplyWords::tr("Date: %1").arg(whenText(message.date)) + QLatin1Char('\n');
    text += ReplyWords::tr("Subject: %1").arg(message.subject) + QLatin1Char('\n');
    text += ReplyWords::tr("To: %1").arg(listText(message.to)) + QLatin1Char('\n');
    if (!message.cc.isEmpty())
        text += ReplyWords::tr("Cc: %1").arg(listText(message.cc)) + QLatin1Char('\n');
    return text + QLatin1Char('\n') + message.text;
}

QList<mail::AddressView> without(const QList<mail::AddressView> &mailboxes,
    const QList<mail::AddressView> &others, const mail::Settings &settings)
{
    QList<mail::AddressView> result;
    const auto isIn = [](const QList<mail::AddressView> &list, const QString &address) {
        return std::any_of(list.cbegin(), list.cend(),
            [&](const mail::AddressView &one) { return isSame(one.address, address); });
    };
    for (const mail::AddressView &mailbox : mailboxes) {
        if (!isOwn(mailbox.address, settings) && !isIn(others, mailbox.address)
            && !isIn(result, mailbox.address))
            result.append(mailbox);
    }
    return result;
}

QString fieldValue(const mail::MessageView &message, QLatin1String name)
{
    const auto found = std::find_if(message.header.cbegin(), message.header.cend(),
        [&](const mail::HeaderField &field) { return isSame(field.name, name); });
    return found == message.header.cend() ? QString() : found->value;
}

// Whom the author wants an answer to reach. A Reply-To that is the list's own address was put there by the
// list, and says nothing of the author.
QList<mail::AddressView> authors(const mail::MessageView &message)
{
    const QString list = listAddress(message);
    QList<mail::AddressView> replyTo = message.replyTo;
    if (!list.isEmpty())
        replyTo.removeIf([&](const mail::AddressView &one) { return isSame(one.address, list); });
    return replyTo.isEmpty() ? message.from : replyTo;
}

void addRecipients(
    mail::Draft &draft, const mail::MessageView &message, ReplyKind kind, const mail::Settings &settings)
{
    if (kind == ReplyKind::ReplyList) {
        draft.to = listAddress(message);
        return;
    }
    const QList<mail::AddressView> followUp
        = mail::parseAddressList(fieldValue(message, QLatin1String("Mail-Followup-To"))).mailboxes;
    if (kind == ReplyKind::ReplyAll && !followUp.isEmpty()) {
        const QList<mail::AddressView> others = without(followUp, {}, settings);
        draft.to = listText(others.isEmpty() ? followUp : others);
        return;
    }
    QList<mail::AddressView> answer = authors(message);
    const bool fromUs = !answer.isEmpty()
        && std::all_of(answer.cbegin(), answer.cend(),
            [&](const mail::AddressView &one) { return isOwn(one.address, settings); });
    // An answer to what one wrote oneself goes to whom it was written to.
    if (fromUs && !without(message.to, {}, settings).isEmpty())
        answer = message.to;
    const QList<mail::AddressView> others = without(answer, {}, settings);
    if (!others.isEmpty())
        answer = others;
    draft.to = listText(answer);
    if (kind == ReplyKind::ReplyAll)
        draft.cc = listText(
            without((fromUs ? QList<mail::AddressView>() : message.to) + message.cc, answer, settings));
}

} // namespace

QString listAddress(const mail::MessageView &message)
{
    static const QRegularExpression post(
        QStringLiteral("<\\s*(mailto:[^<>\\s]+)\\s*>"), QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = post.match(fieldValue(message, QLatin1String("List-Post")));
    return match.hasMatch() ? QUrl(match.captured(1)).path(QUrl::FullyDecoded) : QString();
}

QString mailboxText(const mail::AddressView &mailbox)
{
    if (mailbox.name.isEmpty())
        return mailbox.address;
    static const QRegularExpression special(QStringLiteral("[()<>\\[\\]:;@\\\\,.\"]"));
    QString name = mailbox.name.simplified();
    if (special.match(name).hasMatch()) {
        name.replace(QLatin1Char('\\'), QStringLiteral("\\\\"));
        name.replace(QLatin1Char('"'), QStringLiteral("\\\""));
        name = QLatin1Char('"') + name + QLatin1Char('"');
    }
    return QStringLiteral("%1 <%2>").arg(name, mailbox.address);
}

QString identityText(const mail::Identity &identity)
{
    return mailboxText({identity.name, identity.address});
}

mail::Draft newDraft(const mail::Settings &settings)
{
    mail::Draft draft;
    draft.id = mail::newDraftId();
    if (!settings.identities.isEmpty())
        draft.from = identityText(settings.identities.constFirst());
    return draft;
}

mail::Draft makeReply(const mail::MessageView &message, ReplyKind kind, const mail::Settings &settings)
{
    // What programs put before a subject in the languages they speak; with a count, and a fullwidth colon.
    static const QRegularExpression re(
        QStringLiteral("^\\s*(re|aw|antw|antwort|sv|vs|vá|ynt|odp|rif|res|回复|回覆|答复|答覆|返信)"
                       "\\s*(\\[\\d+\\]|\\(\\d+\\)|\\^\\d+)?\\s*[:：]"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression fwd(
        QStringLiteral("^\\s*(fwd?|wg|tr|vb|vl|enc|i|rv|doorst|转发|轉寄|転送)\\s*[:：]"),
        QRegularExpression::CaseInsensitiveOption);
    mail::Draft draft = newDraft(settings);
    draft.from = answeringFrom(message, settings);
    draft.origin = message.id;
    if (kind == ReplyKind::Forward) {
        draft.subject = prefixed(message.subject, QStringLiteral("Fwd: "), fwd);
        draft.text = forwardText(message);
        return draft;
    }
    draft.subject = prefixed(message.subject, QStringLiteral("Re: "), re);
    draft.text = replyText(message);
    addRecipients(draft, message, kind, settings);
    // RFC 5322 3.6.4: the parent's References (or its In-Reply-To) and then its Message-ID.
    draft.inReplyTo = message.messageIdField;
    draft.references = message.references;
    if (draft.references.isEmpty() && !message.inReplyTo.isEmpty())
        draft.references.append(message.inReplyTo);
    if (!message.messageIdField.isEmpty() && !draft.references.contains(message.messageIdField))
        draft.references.append(message.messageIdField);
    return draft;
}

mail::Draft draftFromMailto(const QString &url, const mail::Settings &settings)
{
    mail::Draft draft = newDraft(settings);
    const QUrl mailto(url);
    const auto join = [](QString &field, const QString &more) {
        if (!more.trimmed().isEmpty())
            field += field.isEmpty() ? more : QStringLiteral(", ") + more;
    };
    join(draft.to, mailto.path(QUrl::FullyDecoded));
    for (const auto &[name, value] : QUrlQuery(mailto).queryItems(QUrl::FullyDecoded)) {
        const QString field = name.toLower();
        // RFC 6068 4 and 7: only fields that are safe; a page must not set From or attach files.
        if (field == QLatin1String("to"))
            join(draft.to, value);
        else if (field == QLatin1String("cc"))
            join(draft.cc, value);
        else if (field == QLatin1String("bcc"))
            join(draft.bcc, value);
        else if (field == QLatin1String("subject"))
            draft.subject = value.simplified();
        else if (field == QLatin1String("body"))
            draft.text = QString(value).replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    }
    return draft;
}

} // namespace glasspost::ui
