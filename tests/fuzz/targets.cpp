#include "tests/fuzz/target.h"

namespace glasspost::fuzz {

namespace {

QSet<QByteArray> states;

} // namespace

void reached(const QByteArray &state)
{
    states.insert(state);
}

const QSet<QByteArray> &reachedStates()
{
    return states;
}

const QList<Target> &targets()
{
    static const QList<Target> all = {
        {"command", command},
        {"path", path},
        {"parameters", parameters},
        {"lineframer", lineFramer},
        {"dotdecoder", dotDecoder},
        {"dotstuffer", dotStuffer},
        {"reply", reply},
        {"xtext", xtext},
        {"stspolicy", stsPolicy},
        {"dnsrecord", dnsRecord},
        {"serverengine", serverEngine, serverEngineWanted()},
        {"serverstates", serverStates, serverStatesWanted()},
        {"clientengine", clientEngine, clientEngineWanted()},
        {"dialogue", dialogue},
        {"message", message},
        {"html", html},
        {"card", card},
        {"addresslist", addressList},
        {"journalrecord", journalRecord},
        {"mbox", mbox},
        {"blotting", blotting},
        {"innerpath", innerPath},
        {"sieve", sieve},
        {"pop3command", pop3Command},
        {"pop3engine", pop3Engine},
    };
    return all;
}

} // namespace glasspost::fuzz
