// The POP3 engine: whatever a client says, whole and octet by octet it is answered alike; every answer is a
// line that begins with +OK, -ERR or "+ ", or a listing that ends with a dot; nothing is fetched or removed
// without a sign-in.
#include "mail/pop3/pop3engine.h"
#include "smtp/server/anycredentials.h"
#include "tests/fuzz/target.h"

namespace glasspost::fuzz {

using namespace glasspost::mail;

namespace {

/// An owner that answers at once.
class Pop3Owner
{
public:
    Pop3Owner(const Pop3Offer &offer, smtp::CredentialStore &credentials) : m_engine(offer, credentials)
    {
        m_engine.start();
        settle();
    }

    void say(QByteArrayView octets)
    {
        if (m_isClosed)
            return;
        m_engine.receive(octets, 1);
        settle();
        while (!m_isClosed && m_engine.holdsInput()) {
            m_engine.receive({}, 1);
            settle();
        }
    }
    [[nodiscard]] const QByteArray &output() const { return m_output; }

private:
    void settle()
    {
        takeOutput();
        for (QList<Pop3Event> events = m_engine.takeEvents(); !events.isEmpty();
             events = m_engine.takeEvents()) {
            demand(events.size() == 1, "one question at a time");
            std::visit([this](const auto &asked) { serve(asked); }, events.constFirst());
            takeOutput();
        }
        demand(m_engine.isReading() || m_isClosed, "a session that is answered reads on");
    }
    void takeOutput()
    {
        const QByteArray output = m_engine.takeOutput();
        const bool isAnswer
            = output.startsWith("+OK ") || output.startsWith("-ERR ") || output.startsWith("+ ");
        demand(output.isEmpty() || isAnswer, "an answer says how it went");
        demand(output.isEmpty() || output.endsWith("\r\n"), "an answer is whole lines");
        m_output += output;
    }
    void serve(const pop3::HandshakeNeeded &) { m_engine.secured({"TLSv1.3"}); }
    void serve(const pop3::KeysNeeded &) { m_engine.keysDerived(std::nullopt); }
    void serve(const pop3::DropNeeded &asked)
    {
        demand(!asked.user.isEmpty(), "who signs in has a name");
        m_isOpen = true;
        m_engine.opened({{{}, 9, "one"}, {{}, 11, "two"}});
    }
    void serve(const pop3::MessageNeeded &asked)
    {
        demand(m_isOpen && asked.index >= 0 && asked.index < 2, "a message of the maildrop");
        m_engine.fetched();
        m_engine.takeOctets("A: b\n\n.\n");
        if (m_engine.state() == Pop3State::Sending)
            m_engine.endOctets();
    }
    void serve(const pop3::RemovalNeeded &asked)
    {
        demand(m_isOpen && !asked.indexes.isEmpty() && asked.indexes.size() <= 2,
            "only what was marked is removed");
        m_engine.removed();
    }
    void serve(const pop3::CloseNeeded &) { m_isClosed = true; }

    Pop3Engine m_engine;
    QByteArray m_output;
    bool m_isOpen = false;
    bool m_isClosed = false;
};

} // namespace

void pop3Engine(QByteArrayView input)
{
    Choices choices(input);
    const unsigned flags = choices.octet();
    // STLS drops what came with it, so only without it are both ways alike.
    const Pop3Offer offer{"here.test", (flags & 1U) != 0, (flags & 2U) == 0};
    smtp::AnyCredentials credentials;
    Pop3Owner whole(offer, credentials), slow(offer, credentials);
    whole.say(choices.rest());
    for (qsizetype i = 0; i < choices.rest().size(); ++i)
        slow.say(choices.rest().sliced(i, 1));
    // CRAM-MD5 draws its challenge by chance.
    if (!offer.stls && !whole.output().contains("\r\n+ ") && !slow.output().contains("\r\n+ "))
        demand(whole.output() == slow.output(), "chunks of any size are answered alike");
}

void pop3Command(QByteArrayView input)
{
    const Pop3Command command = parsePop3Command(input);
    demand(command.argument.size() < qMax(qsizetype(1), input.size()), "an argument is part of the line");
    if (const auto numbers = parsePop3Numbers(input)) {
        demand(numbers->first >= 0 && numbers->second.value_or(0) >= 0, "digits alone are a number");
        QByteArray text = QByteArray::number(numbers->first);
        if (numbers->second)
            text += ' ' + QByteArray::number(*numbers->second);
        demand(parsePop3Numbers(text) == numbers, "numbers are read as they are written");
    }
}

} // namespace glasspost::fuzz
