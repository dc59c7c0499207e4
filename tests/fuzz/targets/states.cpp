// Which states the corpora of the engines must come to: the replay fails when one is not reached.
#include "tests/fuzz/targets/states.h"

#include "tests/fuzz/target.h"

namespace glasspost::fuzz {

using namespace glasspost::smtp;

namespace {

constexpr const char *serverNames[] = {"Opening", "Proxy", "Handshake", "Rejecting", "Greeted", "Identified",
    "MailGiven", "RcptGiven", "Chunks", "ChunksFailed", "Auth", "Data", "Chunk", "Closed"};
static_assert(std::size(serverNames) == allServerStates.size());
constexpr const char *clientNames[] = {"Idle", "LookingUp", "Connecting", "Greeting", "Ehlo", "Helo",
    "XClient", "StartTls", "Handshake", "Auth", "Ready", "Converting", "Mail", "Rcpt", "Data", "Body",
    "Chunk", "EndOfData", "Reset", "Quit", "Closed"};
static_assert(std::size(clientNames) == allClientStates.size());

QByteArray text(const char *name, UnderFlags under)
{
    QByteArray result = name;
    if (under & Under::Tls)
        result += ", TLS";
    if (under & Under::User)
        result += ", user";
    return result;
}

template <typename State> QList<QByteArray> texts(std::initializer_list<State> states, UnderFlags under)
{
    QList<QByteArray> result;
    for (const State state : states)
        result += stateText(state, under);
    return result;
}

constexpr auto transaction = {ServerState::Identified, ServerState::MailGiven, ServerState::RcptGiven,
    ServerState::Data, ServerState::Chunk, ServerState::Chunks, ServerState::ChunksFailed};
constexpr auto delivery = {ClientState::Converting, ClientState::Mail, ClientState::Rcpt, ClientState::Data,
    ClientState::Body, ClientState::Chunk, ClientState::EndOfData, ClientState::Reset, ClientState::Quit};

} // namespace

QByteArray stateText(ServerState state, UnderFlags under)
{
    return text(serverNames[int(state)], under);
}

QByteArray stateText(ClientState state, UnderFlags under)
{
    return text(clientNames[int(state)], under);
}

QList<QByteArray> serverEngineWanted()
{
    return texts(transaction, {}) + texts({ServerState::Greeted, ServerState::Closed}, {});
}

QList<QByteArray> serverStatesWanted()
{
    return texts(transaction, {}) + texts(transaction, Under::Tls) + texts(transaction, Under::User)
        + texts(transaction, Under::Tls | Under::User) + texts({ServerState::Auth}, {})
        + texts({ServerState::Auth}, Under::Tls)
        + texts({ServerState::Greeted, ServerState::Handshake, ServerState::Proxy, ServerState::Closed}, {});
}

QList<QByteArray> clientEngineWanted()
{
    return texts(delivery, {}) + texts(delivery, Under::Tls) + texts(delivery, Under::User)
        + texts(delivery, Under::Tls | Under::User)
        + texts({ClientState::Greeting, ClientState::Ehlo, ClientState::Helo, ClientState::XClient,
                    ClientState::StartTls, ClientState::Handshake, ClientState::Auth, ClientState::Closed},
            {})
        + texts({ClientState::Ehlo, ClientState::Auth}, Under::Tls);
}

} // namespace glasspost::fuzz
