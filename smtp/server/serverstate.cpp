#include "smtp/server/serverstate.h"

namespace glasspost::smtp {

const char *serverStateName(ServerState state)
{
    switch (state) {
    case ServerState::Opening:
        return "the greeting";
    case ServerState::Data:
        return "DATA";
    case ServerState::Proxy:
        return "the PROXY header";
    case ServerState::Chunk:
        return "BDAT";
    case ServerState::Auth:
        return "AUTH";
    case ServerState::Handshake:
        return "the TLS handshake";
    case ServerState::Rejecting:
    case ServerState::Greeted:
    case ServerState::Identified:
    case ServerState::MailGiven:
    case ServerState::RcptGiven:
    case ServerState::Chunks:
    case ServerState::ChunksFailed:
        return "wait for a command";
    case ServerState::Closed:
        break;
    }
    return "the end";
}

} // namespace glasspost::smtp
