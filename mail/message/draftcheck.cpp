#include "mail/message/messagebuilder.h"

#include <QFileInfo>

namespace glasspost::mail {

namespace {

struct FieldText
{
    DraftField field;
    const QString &text;
};

/// What stands there with the rest of its last word: "вложени" is the beginning of "вложение".
QString wholeWords(QStringView line, qsizetype at, qsizetype size)
{
    qsizetype end = at + size;
    while (end < line.size() && line.at(end).isLetter() && line.at(end).script() != QChar::Script_Han)
        ++end;
    return line.sliced(at, end - at).toString();
}

/// The first of the words by which people speak of an attachment, in the languages most mail is in, as it was
/// written; empty where there is none. Neither what is quoted nor the signature counts.
QString wordForAttachment(const QString &text)
{
    static const QStringList words = {QStringLiteral("attached"), QStringLiteral("attachment"),
        QStringLiteral("enclosed"), QStringLiteral("im anhang"), QStringLiteral("anbei"),
        QStringLiteral("angehängt"), QStringLiteral("ci-joint"), QStringLiteral("pièce jointe"),
        QStringLiteral("adjunto"), QStringLiteral("in allegato"), QStringLiteral("em anexo"),
        QStringLiteral("bijgevoegd"), QStringLiteral("вложени"), QStringLiteral("附件")};
    QString found;
    qsizetype first = text.size();
    const QList<QStringView> lines = QStringView(text).split(u'\n');
    for (const QStringView line : lines) {
        if (line == QLatin1String("-- "))
            break;
        if (line.startsWith(u'>'))
            continue;
        for (const QString &word : words) {
            const qsizetype at = line.indexOf(word, 0, Qt::CaseInsensitive);
            if (at >= 0 && at < first) {
                first = at;
                found = wholeWords(line, at, word.size());
            }
        }
        if (!found.isEmpty())
            break;
    }
    return found;
}

class DraftCheck
{
public:
    DraftCheck(const Draft &draft, const std::function<bool(const QString &)> &isLocalName)
        : m_draft(draft), m_isLocalName(isLocalName)
    { }

    QList<DraftProblem> run()
    {
        checkFrom();
        int recipients = 0;
        for (const FieldText &one : {FieldText{DraftField::To, m_draft.to},
                 FieldText{DraftField::Cc, m_draft.cc}, FieldText{DraftField::Bcc, m_draft.bcc}})
            recipients += checkList(one);
        if (recipients == 0)
            add(DraftProblem::Kind::NoRecipient, DraftField::To, {});
        checkAttachments();
        if (m_draft.subject.trimmed().isEmpty())
            add(DraftProblem::Kind::EmptySubject, DraftField::Subject, {}, true);
        return m_problems;
    }

private:
    void checkFrom()
    {
        if (m_draft.from.trimmed().isEmpty()) {
            add(DraftProblem::Kind::NoFrom, DraftField::From, {});
            return;
        }
        if (checkList({DraftField::From, m_draft.from}) > 1)
            add(DraftProblem::Kind::BadAddress, DraftField::From, m_draft.from.trimmed());
    }

    /// How many entries the list has, good or bad.
    int checkList(const FieldText &one)
    {
        const AddressList list = parseAddressList(one.text);
        for (const QString &excerpt : list.malformed)
            add(DraftProblem::Kind::BadAddress, one.field, excerpt);
        for (const AddressView &mailbox : list.mailboxes)
            if (!mailbox.address.contains(u'@') && m_isLocalName && !m_isLocalName(mailbox.address))
                add(DraftProblem::Kind::NoSuchLocalUser, one.field, mailbox.address);
        return int(list.malformed.size() + list.mailboxes.size());
    }

    void checkAttachments()
    {
        for (const DraftAttachment &attachment : m_draft.attachments) {
            const QFileInfo file(attachment.path);
            if (!file.isFile() || !file.isReadable())
                add(DraftProblem::Kind::FileUnreadable, DraftField::Attachments, attachment.path);
        }
        const QString word = m_draft.attachments.isEmpty() ? wordForAttachment(m_draft.text) : QString();
        if (!word.isEmpty())
            add(DraftProblem::Kind::AttachmentForgotten, DraftField::Attachments, word, true);
    }

    void add(DraftProblem::Kind kind, DraftField field, const QString &excerpt, bool isWarning = false)
    {
        m_problems.append({kind, field, excerpt, isWarning});
    }

    const Draft &m_draft;
    const std::function<bool(const QString &)> &m_isLocalName;
    QList<DraftProblem> m_problems;
};

} // namespace

QList<DraftProblem> checkDraft(
    const Draft &draft, const std::function<bool(const QString &localName)> &isLocalName)
{
    return DraftCheck(draft, isLocalName).run();
}

} // namespace glasspost::mail
