#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QSet>

#include <cstdio>
#include <cstdlib>

namespace glasspost::fuzz {

/// One fuzz target: any octets must keep its invariants, else the process aborts. Targets keep no state.
struct Target
{
    const char *name;
    void (*run)(QByteArrayView input);
    /// What its corpus must come to, by the names that it calls reached() with.
    QList<QByteArray> wanted = {};
};

const QList<Target> &targets();

/// An invariant. The words name it in the finding.
inline void demand(bool holds, const char *invariant)
{
    if (holds)
        return;
    std::fprintf(stderr, "BROKEN INVARIANT: %s\n", invariant);
    std::abort();
}

/// Notes that the input came to that state.
void reached(const QByteArray &state);
const QSet<QByteArray> &reachedStates();

/// Reads choices off the front of the input, so that a target can vary settings and chunk sizes.
class Choices
{
public:
    explicit Choices(QByteArrayView input) : m_rest(input) { }

    /// An octet, 0 at the end.
    unsigned octet()
    {
        if (m_rest.isEmpty())
            return 0;
        const auto value = static_cast<unsigned char>(m_rest.front());
        m_rest = m_rest.sliced(1);
        return value;
    }
    QByteArrayView take(qsizetype size)
    {
        const QByteArrayView taken = m_rest.first(qMin(size, m_rest.size()));
        m_rest = m_rest.sliced(taken.size());
        return taken;
    }
    [[nodiscard]] bool isEmpty() const { return m_rest.isEmpty(); }
    [[nodiscard]] QByteArrayView rest() const { return m_rest; }

private:
    QByteArrayView m_rest;
};

// smtp/syntax
void command(QByteArrayView input);
void path(QByteArrayView input);
void parameters(QByteArrayView input);
void lineFramer(QByteArrayView input);
void dotDecoder(QByteArrayView input);
void dotStuffer(QByteArrayView input);
void reply(QByteArrayView input);
void xtext(QByteArrayView input);
// smtp/dns
void stsPolicy(QByteArrayView input);
void dnsRecord(QByteArrayView input);
// the engines
void serverEngine(QByteArrayView input);
void serverStates(QByteArrayView input);
void clientEngine(QByteArrayView input);
void dialogue(QByteArrayView input);
QList<QByteArray> serverEngineWanted();
QList<QByteArray> serverStatesWanted();
QList<QByteArray> clientEngineWanted();
// mail
void message(QByteArrayView input);
void html(QByteArrayView input);
void card(QByteArrayView input);
void addressList(QByteArrayView input);
void journalRecord(QByteArrayView input);
void mbox(QByteArrayView input);
void blotting(QByteArrayView input);
void innerPath(QByteArrayView input);
void sieve(QByteArrayView input);
void pop3Command(QByteArrayView input);
void pop3Engine(QByteArrayView input);

} // namespace glasspost::fuzz
