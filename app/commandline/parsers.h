#pragma once

#include "app/commandline/invocation.h"
#include "app/commandline/words.h"

#include <tl/expected.hpp>

namespace glasspost::app {

/// A part of the command line understood, or the sentence that says why not.
template <typename T> using Parsed = tl::expected<T, QString>;
using Command = decltype(Invocation::command);

inline tl::unexpected<QString> refused(const QString &sentence)
{
    return tl::unexpected(sentence);
}

/// One for each command: words into its typed value.
Parsed<Command> parseListen(const Words &words);
Parsed<Command> parseSend(const Words &words);
/// The words behind "sendmail" as they are: its options are not like the others'.
Parsed<Command> parseSendmail(const QStringList &words);
Parsed<Command> parseQueue(const Words &words);
Parsed<Command> parseSearch(const Words &words);
Parsed<Command> parseShow(const Words &words);
Parsed<Command> parseCheck(const Words &words);
Parsed<Command> parseWait(const Words &words);
Parsed<Command> parseWatch(const Words &words);
Parsed<Command> parseDelete(const Words &words);
Parsed<Command> parseMark(const Words &words);
Parsed<Command> parseTag(const Words &words);
Parsed<Command> parseImport(const Words &words);
Parsed<Command> parseExport(const Words &words);
Parsed<Command> parseTranscript(const Words &words);
Parsed<Command> parseMcp(const Words &words);
Parsed<Command> parseJourney(const Words &words);
Parsed<Command> parseRules(const Words &words);
Parsed<Command> parseKeep(const Words &words);

/// "127.0.0.1:2525", "[::1]:0", "localhost:25", "unix:/run/user/1000/glasspost".
Parsed<mail::ListenerBinding> parseBinding(const QString &text);
Parsed<QString> readSpamd(const Words &words); ///< --spamd; empty where it is not given
Parsed<AddressBinding> parseHttpBinding(const QString &text); ///< likewise
Parsed<AddressBinding> parsePop3Binding(const QString &text); ///< likewise, and of this machine alone
struct NameserverAddress
{
    QHostAddress address;
    quint16 port = 53; // RFC 1035 4.2
};
/// "192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353".
Parsed<NameserverAddress> parseNameserver(const QString &text);
/// send's options of the connection: --tls, --ca, --auth, --proxy ...
Parsed<RouteOverrides> parseRouteOverrides(const Words &words);
/// send's options of the envelope into send: --requiretls, --deliver-by, --notify ...
Parsed<void> readEnvelopeOptions(const Words &words, SendInvocation &send);

/// "never", or some of "success,failure,delay"; the option is named in the error, as below.
Parsed<smtp::NotifyFlags> parseNotify(const QString &option, const QString &text);
/// RFC 3461 4.4: at most 100 printable octets.
Parsed<QByteArray> parseEnvelopeId(const QString &option, const QString &text);

/// "smtp[s]://[user@]HOST[:PORT]", "lmtp://HOST:PORT", "lmtp:///PATH".
Parsed<mail::OutgoingRoute> parseVia(const QString &text);
/// "now", "all", "-5m", "2026-11-25T08:00" (local time, or with a zone), or a message's id; option is named
/// in the error, here and below.
Parsed<mail::ArrivalMoment> parseSince(const QString &option, const QString &text);
Parsed<QString> parsePattern(const QString &option, const QString &text); ///< a regular expression
/// "X-Order=^4711$": a field's name, and what it must match.
Parsed<std::pair<QString, QString>> parseHeaderPattern(const QString &option, const QString &text);
/// "90s", "30m", "2h", "1d" as seconds.
std::optional<qint64> spanSeconds(const QString &text);
/// A whole number from minimum to maximum; option is named in the error.
Parsed<qint64> parseNumber(const QString &option, const QString &text, qint64 minimum, qint64 maximum);

} // namespace glasspost::app
