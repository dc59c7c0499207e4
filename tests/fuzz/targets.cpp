#include "tests/fuzz/target.h"

namespace glasspost::fuzz {

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
        {"serverengine", serverEngine},
        {"serverstates", serverStates},
        {"clientengine", clientEngine},
        {"dialogue", dialogue},
        {"message", message},
        {"html", html},
        {"addresslist", addressList},
        {"journalrecord", journalRecord},
        {"mbox", mbox},
    };
    return all;
}

} // namespace glasspost::fuzz
