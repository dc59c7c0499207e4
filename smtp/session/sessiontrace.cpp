#include "smtp/session/sessiontrace.h"

namespace glasspost::smtp {

SessionTrace joined(SessionTrace whole, const SessionTrace &piece)
{
    if (whole.sessionId.isEmpty())
        return piece;
    const auto take = [](QByteArray &known, const QByteArray &told) {
        if (!told.isEmpty())
            known = told;
    };
    take(whole.host, piece.host);
    take(whole.choice, piece.choice);
    take(whole.demand, piece.demand);
    take(whole.mechanism, piece.mechanism);
    take(whole.user, piece.user);
    if (!piece.address.isNull())
        whole.address = piece.address;
    if (piece.port != 0)
        whole.port = piece.port;
    if (piece.tls)
        whole.tls = piece.tls;
    whole.piece = piece.piece;
    whole.stages += piece.stages;
    whole.leftOut += piece.leftOut;
    return whole;
}

} // namespace glasspost::smtp
