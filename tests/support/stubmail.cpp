#include "tests/support/stubmail.h"

#include <utility>

namespace glasspost::test {

using namespace smtp;

Reply replyFrom(const QByteArray &text)
{
    Reply reply;
    reply.code = text.first(3).toInt();
    QByteArray rest = text.mid(4);
    const qsizetype blank = rest.indexOf(' ');
    if (const auto status = EnhancedStatusCode::parse(blank < 0 ? rest : rest.first(blank))) {
        reply.enhanced = *status;
        rest = blank < 0 ? QByteArray() : rest.mid(blank + 1);
    }
    reply.lines = rest.split('|');
    return reply;
}

namespace {

class StubHandler final : public TransactionHandler
{
public:
    StubHandler(StubMail &mail, Responder &responder) : m_mail(mail), m_responder(responder) { }

    void connected(const SessionFacts &) override { answer(StubMail::Question::Connect, {}); }
    void identified(const SessionFacts &) override { }
    void mailFrom(const SessionFacts &, const Envelope &envelope) override
    {
        answer(StubMail::Question::Mail, envelope.reversePath.toBytes());
    }
    void rcptTo(const Envelope &, const EnvelopeRecipient &recipient) override
    {
        answer(StubMail::Question::Rcpt, recipient.forwardPath.toBytes());
    }
    void dataBegin(const Envelope &envelope) override
    {
        m_envelope = envelope;
        m_body.clear();
        answer(StubMail::Question::Data, {});
    }
    DataFlow dataChunk(QByteArrayView octets) override
    {
        m_mail.octetsTaken += octets.size();
        if (m_mail.keepBodies)
            m_body.append(octets);
        return m_mail.pauseData ? DataFlow::Pause : DataFlow::Continue;
    }
    void dataEnd() override
    {
        const Reply reply = m_mail.answerTo(StubMail::Question::End, {});
        if (reply.isNull() || reply.isPositive())
            m_mail.messages.append({m_envelope, m_body});
        m_mail.answer(m_responder, reply);
    }
    void reset() override
    {
        ++m_mail.resets;
        m_body.clear();
    }
    void closed(const SessionFacts &session) override { m_mail.closed.append(session); }
    void verify(const SessionFacts &, const QByteArray &text) override
    {
        answer(StubMail::Question::Verify, text);
    }
    void expand(const SessionFacts &, const QByteArray &list) override
    {
        answer(StubMail::Question::Expand, list);
    }

private:
    void answer(StubMail::Question question, const QByteArray &what)
    {
        m_mail.answer(m_responder, m_mail.answerTo(question, what));
    }

    StubMail &m_mail;
    Responder &m_responder;
    Envelope m_envelope;
    QByteArray m_body;
};

} // namespace

std::unique_ptr<TransactionHandler> StubMail::create(Responder &responder, const QByteArray &)
{
    return std::make_unique<StubHandler>(*this, responder);
}

std::optional<ScramKeys> StubMail::keysFor(const QByteArray &user)
{
    if (!passwords.contains(user))
        return {};
    if (!m_keys.contains(user))
        m_keys.insert(user, makeScramKeys(passwords.value(user)));
    return m_keys.value(user);
}

std::optional<ScramKeys> StubMail::sha1KeysFor(const QByteArray &user)
{
    const auto found = sha1Keys.constFind(user);
    return found == sha1Keys.constEnd() ? std::nullopt : std::optional(*found);
}

QByteArray StubMail::userOf(const QSslCertificate &certificate)
{
    return certificates.value(certificate.digest(QCryptographicHash::Sha256));
}

bool StubMail::tokenFits(const QByteArray &user, const QByteArray &token)
{
    return tokens.contains(user) && tokens.value(user) == token;
}

Reply StubMail::answerTo(Question question, const QByteArray &what) const
{
    const QHash<QByteArray, Reply> known = answers.value(question);
    return known.contains(what) ? known.value(what) : known.value("*");
}

void StubMail::answer(Responder &responder, const Reply &reply)
{
    if (holdAnswers)
        m_held.append([&responder, reply] { responder.reply(reply); });
    else
        responder.reply(reply);
}

void StubMail::release()
{
    const auto held = std::exchange(m_held, {});
    for (const auto &answer : held)
        answer();
}

QList<QByteArray> StubTranscripts::lines() const
{
    QList<QByteArray> lines;
    for (const TranscriptEntry &entry : entries) {
        const char *who = entry.speaker == Speaker::Client ? "C"
            : entry.speaker == Speaker::Server             ? "S"
                                                           : "-";
        lines.append(
            entry.isData ? who + ("= " + QByteArray::number(entry.dataSize)) : who + (": " + entry.bytes));
    }
    return lines;
}

} // namespace glasspost::test
