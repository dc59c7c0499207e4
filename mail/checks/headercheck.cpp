#include "mail/checks/headercheck.h"

#include "mail/message/addresslist.h"
#include "mail/message/charsets.h"
#include "mail/message/messagebuilder.h"
#include "mail/message/mime.h"
#include "mail/message/receivedroute.h"

#include <QRegularExpression>

#include <chrono>
#include <cstdlib>

namespace glasspost::mail {

namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds mostAhead = hours(1); // of a Date field, when the message arrives
constexpr seconds mostBehind = hours(7 * 24);
constexpr const char *singleFields[] = {"Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Message-ID",
    "In-Reply-To", "References", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"};
constexpr const char *addressFields[] = {"From", "Sender", "Reply-To", "To", "Cc"};

qint64 arrivalOf(const RawHeader &header)
{
    const RawField *received = header.first("Received");
    return received ? receivedHop(*received).at : 0;
}

class HeaderCheck
{
public:
    HeaderCheck(const CheckedMessage &message, Findings &findings)
        : m_header(message.header), m_findings(findings), m_source(message.source.constData()),
          m_lines(message.source)
    { }

    void checkDate()
    {
        const RawField *field = m_header.first("Date");
        if (!field)
            return m_findings.add(FindingKind::DateMissing);
        const qint64 date = decodedDate(field->unfolded());
        // RFC 5322 3.3: the day's name may be left out, and the zone is a number or, of old, a name.
        static const QRegularExpression form(
            QStringLiteral("^((Mon|Tue|Wed|Thu|Fri|Sat|Sun)\\s*,)?\\s*\\d{1,2}\\s+(Jan|Feb|Mar|Apr|May|Jun|"
                           "Jul|Aug|Sep|Oct|Nov|Dec)\\s+\\d{2,}\\s+\\d{1,2}:\\d{2}(:\\d{2})?\\s+"
                           "([+-]\\d{4}|[A-Z]{1,3})\\s*(\\(.*\\))?$"),
            QRegularExpression::CaseInsensitiveOption);
        const QString value = QString::fromLatin1(field->unfolded().left(200));
        if (date == 0 || !form.match(value).hasMatch())
            return addAt(*field, FindingKind::DateInvalid, {quoted(value)});
        const qint64 arrival = arrivalOf(m_header);
        if (arrival > 0 && (arrival - date > mostBehind.count() || date - arrival > mostAhead.count()))
            addAt(*field, FindingKind::DateFarOff, {QString::number(arrival - date)});
    }

    void checkAddresses()
    {
        const RawField *from = m_header.first("From");
        if (!from)
            m_findings.add(FindingKind::FromMissing);
        else if (splitAddressList(textOf(*from)).size() > 1 && !m_header.first("Sender"))
            addAt(*from, FindingKind::SenderMissing);
        for (const char *name : addressFields) {
            const RawField *field = m_header.first(name);
            const QStringList malformed = field ? parseAddressList(textOf(*field)).malformed : QStringList();
            for (const QString &entry : malformed)
                addAt(*field, FindingKind::AddressInvalid, {QString::fromLatin1(name), quoted(entry)});
        }
        if (!m_header.first("To") && !m_header.first("Cc"))
            m_findings.add(FindingKind::RecipientsMissing);
        if (const RawField *bcc = m_header.first("Bcc"); bcc && !bcc->unfolded().isEmpty())
            addAt(*bcc, FindingKind::BccShown);
    }

    void checkSubject()
    {
        if (m_header.value("Subject").isEmpty())
            m_findings.add(FindingKind::SubjectMissing);
    }

    /// RFC 5322 3.6.4.
    void checkMessageId()
    {
        const RawField *field = m_header.first("Message-ID");
        if (!field)
            return m_findings.add(FindingKind::MessageIdMissing);
        static const QRegularExpression form(
            QStringLiteral("^<[^<>@\\s]+@([^<>@\\s\\[\\]]+|\\[[^\\[\\]\\s]*\\])>$"));
        const QByteArray value = field->unfolded();
        if (!form.match(QString::fromUtf8(value.left(2000))).hasMatch())
            addAt(*field, FindingKind::MessageIdInvalid, {quoted(value)});
    }

    void checkRepeated()
    {
        for (const char *name : singleFields) {
            int count = 0;
            const RawField *second = nullptr;
            for (const RawField &field : m_header.fields) {
                if (field.isNamed(name) && ++count == 2)
                    second = &field;
            }
            if (second)
                addAt(
                    *second, FindingKind::FieldRepeated, {QString::fromLatin1(name), QString::number(count)});
        }
    }

    void checkUnsubscribe();

private:
    /// Encoded words as they are: the comma in one of them ends no address.
    static QString textOf(const RawField &field)
    {
        return decodedCharset(field.unfolded().left(64 * 1024), {});
    }
    void addAt(const RawField &field, FindingKind kind, const QStringList &facts = {})
    {
        if (m_findings.wants(kind))
            m_findings.add({kind, facts, -1, m_lines.lineAt(field.name.data() - m_source), 0});
    }
    [[nodiscard]] bool isOfAList() const
    {
        const QByteArray precedence = m_header.value("Precedence").toLower();
        return m_header.first("List-Id") || precedence == "bulk" || precedence == "list"
            || m_header.first("List-Unsubscribe-Post");
    }
    void checkOneClick(const QByteArray &targets);

    const RawHeader &m_header;
    Findings &m_findings;
    const char *m_source;
    LineCounter m_lines;
};

void HeaderCheck::checkUnsubscribe()
{
    const RawField *field = m_header.first("List-Unsubscribe");
    if (!field) {
        if (isOfAList())
            m_findings.add(FindingKind::UnsubscribeMissing);
        return;
    }
    // RFC 2369 2: URLs in angle brackets, with commas between them.
    static const QRegularExpression form(
        QStringLiteral("^<[a-z][a-z0-9+.-]*:[^<>]+>(\\s*(\\([^()]*\\)\\s*)?,\\s*<[a-z][a-z0-9+.-]*:[^<>]+>)*"
                       "\\s*(\\([^()]*\\))?$"),
        QRegularExpression::CaseInsensitiveOption);
    const QByteArray value = field->unfolded().left(16 * 1024);
    if (!form.match(QString::fromUtf8(value)).hasMatch())
        return addAt(*field, FindingKind::UnsubscribeInvalid, {quoted(value)});
    const QByteArray targets = value.toLower();
    if (!targets.contains("<https:") && !targets.contains("<mailto:"))
        addAt(*field, FindingKind::UnsubscribeNotSecure);
    checkOneClick(targets);
}

/// RFC 8058 3.1: that field, and an https target beside it.
void HeaderCheck::checkOneClick(const QByteArray &targets)
{
    const RawField *post = m_header.first("List-Unsubscribe-Post");
    const bool hasHttps = targets.contains("<https:");
    if (!post) {
        if (hasHttps)
            addAt(*m_header.first("List-Unsubscribe"), FindingKind::OneClickMissing);
        return;
    }
    if (post->unfolded().compare("List-Unsubscribe=One-Click", Qt::CaseInsensitive) != 0)
        addAt(*post, FindingKind::OneClickInvalid, {quoted(post->unfolded())});
    else if (!hasHttps)
        addAt(*post, FindingKind::OneClickWithoutHttps);
}

} // namespace

void checkHeader(const CheckedMessage &message, Findings &findings)
{
    HeaderCheck check(message, findings);
    check.checkDate();
    check.checkAddresses();
    check.checkSubject();
    check.checkMessageId();
    check.checkRepeated();
}

void checkUnsubscribe(const CheckedMessage &message, Findings &findings)
{
    HeaderCheck(message, findings).checkUnsubscribe();
}

} // namespace glasspost::mail
