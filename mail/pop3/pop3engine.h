#pragma once

#include "mail/pop3/maildrop.h"
#include "mail/pop3/pop3table.h"
#include "mail/pop3/topextent.h"
#include "smtp/server/servertls.h"
#include "smtp/session/credentials.h"
#include "smtp/session/saslserver.h"
#include "smtp/syntax/dotstuffer.h"
#include "smtp/syntax/lineframer.h"

#include <QList>
#include <QSet>

#include <memory>
#include <optional>
#include <variant>

namespace glasspost::mail {

/// What a POP3 server offers.
struct Pop3Offer
{
    QByteArray hostName = {}; ///< of the greeting
    bool stls = false; ///< there is a certificate
    bool signInInClear = true; ///< a password may come without TLS
    QList<QByteArray> mechanisms = {}; ///< SASL; empty: all that the credentials can decide
};

/// What the engine asks of its owner; each but the last is answered by one of its methods.
namespace pop3 {
struct HandshakeNeeded ///< secured(), once what was said is sent
{ };
struct KeysNeeded ///< keysDerived()
{
    smtp::KeyRequest request;
};
struct DropNeeded ///< opened() or notOpened()
{
    QByteArray user;
};
struct MessageNeeded ///< fetched(), and then its octets; or notFetched()
{
    qsizetype index = 0; ///< in the maildrop
};
struct RemovalNeeded ///< removed()
{
    QList<qsizetype> indexes;
};
struct CloseNeeded ///< once what was said is sent
{ };
} // namespace pop3
using Pop3Event = std::variant<pop3::HandshakeNeeded, pop3::KeysNeeded, pop3::DropNeeded, pop3::MessageNeeded,
    pop3::RemovalNeeded, pop3::CloseNeeded>;

/// The server's side of RFC 1939 without I/O and without a clock: octets and answers in, events and octets
/// out. After each call its owner takes the output and the events. Which command is allowed when, and where
/// it leads, is in pop3table.h and nowhere else. The maildrop is not locked: what somebody else removes
/// meanwhile gets -ERR. One thread.
class Pop3Engine
{
public:
    /// What a verb takes, and what it does.
    struct Rule
    {
        enum class Argument { None, Optional, Needed };
        Pop3Verb verb;
        Argument argument;
        void (Pop3Engine::*run)(const QByteArray &argument); ///< null: unknown
    };
    static constexpr int mostErrors = 20; ///< one after another, then the session ends
    static constexpr int mostSignIns = 3; ///< that failed, likewise
    /// Octets of a command with CRLF. RFC 2449 4 has 255; tokens behind AUTH are longer.
    static constexpr int commandLimit = 4096;
    /// Octets that it says before its owner takes them, but for the one answer with which they are exceeded:
    /// the commands behind it wait.
    static constexpr qsizetype mostOutput = 64 * 1024;

    /// Both outlive it.
    Pop3Engine(const Pop3Offer &offer, smtp::CredentialStore &credentials);

    void start();
    /// now: microseconds since the Unix epoch, UTC; a challenge of CRAM-MD5 has it. No octets: commands that
    /// waited go on.
    void receive(QByteArrayView octets, qint64 now);
    void secured(const smtp::TlsEstablished &tls);
    /// Nothing: too many sign in at once.
    void keysDerived(const std::optional<smtp::ScramKeys> &keys);
    void opened(const Maildrop &drop);
    void notOpened(const QByteArray &why);
    void fetched();
    void notFetched(const QByteArray &why);
    /// Of the message that was fetched, which may be over before all have come.
    void takeOctets(QByteArrayView octets);
    void endOctets();
    void removed();
    void notRemoved(const QByteArray &why);

    QByteArray takeOutput() { return std::exchange(m_output, {}); }
    QList<Pop3Event> takeEvents() { return std::exchange(m_events, {}); }

    [[nodiscard]] Pop3State state() const { return m_state; }
    /// False while it is the owner's turn: read the socket no further.
    [[nodiscard]] bool isReading() const
    {
        return readsCommands(m_state) || m_state == Pop3State::Responding;
    }

    /// Commands wait for it: until its output is taken, or for the owner's turn.
    [[nodiscard]] bool holdsInput() const { return !m_input.isEmpty(); }

private:
    static const Rule &ruleFor(Pop3Verb verb);
    [[nodiscard]] smtp::SaslParty party() const;
    [[nodiscard]] QList<QByteArray> mechanisms() const;
    [[nodiscard]] bool mayRead(qint64 number) const;
    [[nodiscard]] std::optional<qsizetype> indexFrom(const QByteArray &argument) const;
    [[nodiscard]] qint64 octetsLeft() const;
    [[nodiscard]] qsizetype messagesLeft() const { return m_drop.size() - m_marked.size(); }

    void run();
    void takeLine(QByteArrayView line, qint64 size, bool isTooLong);
    void dispatch(const Pop3Command &command);
    void advance(Pop3Trigger trigger);
    void accepted(Pop3Verb verb);
    void enter(std::optional<Pop3State> state);
    void ok(const QByteArray &text);
    void error(const QByteArray &text);
    void close();
    template <typename Event> void tell(Event event) { m_events.append(std::move(event)); }

    void user(const QByteArray &argument);
    void pass(const QByteArray &argument);
    void auth(const QByteArray &argument);
    void stls(const QByteArray &argument);
    void capa(const QByteArray &argument);
    void stat(const QByteArray &argument);
    void list(const QByteArray &argument);
    void retr(const QByteArray &argument);
    void dele(const QByteArray &argument);
    void noop(const QByteArray &argument);
    void rset(const QByteArray &argument);
    void top(const QByteArray &argument);
    void uidl(const QByteArray &argument);
    void quit(const QByteArray &argument);

    template <typename Describe> void listing(const QByteArray &argument, Describe describe);
    void takeResponse(QByteArrayView line);
    void respond(QByteArrayView base64);
    void take(const smtp::SaslServer::Result &result);
    void signInFailed(const QByteArray &why);

    const Pop3Offer &m_offer;
    smtp::CredentialStore &m_credentials;
    Pop3State m_state = Pop3State::Authorization;
    QByteArray m_input;
    qsizetype m_taken = 0; ///< of the input
    QByteArray m_output;
    QList<Pop3Event> m_events;
    smtp::LineFramer m_framer;
    qint64 m_now = 0; ///< of what came last
    int m_errors = 0; ///< one after another
    int m_signIns = 0; ///< that failed

    bool m_isSecured = false;
    smtp::ChannelBindings m_bindings;
    QSslCertificate m_certificate; ///< the client's
    QByteArray m_user; ///< of USER
    std::unique_ptr<smtp::SaslServer> m_sasl; ///< under way

    Maildrop m_drop;
    QSet<qsizetype> m_marked; ///< by DELE
    qsizetype m_wanted = 0; ///< the message that RETR or TOP is about
    std::optional<TopExtent> m_extent; ///< nothing: all of it
    smtp::DotStuffer m_stuffer;
};

} // namespace glasspost::mail
