#include "smtp/dns/resolver.h"

#include "smtp/dns/unbound.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QHash>
#include <QPointer>
#include <QTimer>

#include <optional>
#include <utility>

namespace glasspost::smtp {

namespace {

const QString systemAnchor = QStringLiteral("/usr/share/dns/root.key"); // Debian's dns-root-data
const QString systemNameservers = QStringLiteral("/etc/resolv.conf");
constexpr std::chrono::milliseconds probeTime = std::chrono::seconds(5);
constexpr std::chrono::milliseconds probeAgain = std::chrono::minutes(10);

} // namespace

/// Keeps a context and makes a new one when the world has changed: other nameservers in resolv.conf, or a
/// nameserver that passed no DNSSEC on the last time it was tried.
class Resolver::Private : public QObject
{
public:
    explicit Private(ResolverSettings given) : settings(std::move(given)) { }

    void ask(const QByteArray &name, DnsType type, QObject *context, Answered answered);

    ResolverSettings settings;

private:
    struct Question
    {
        QByteArray name;
        DnsType type = DnsType::A;
        QPointer<QObject> context;
        Answered answered;
    };
    enum class Validation {
        Probing, ///< with the system's anchor, and not yet known whether the nameserver is up to it
        Settled
    };

    [[nodiscard]] bool isOutdated() const;
    void renew();
    void make(const QString &anchorFile);
    void pose(quint64 key, const Question &question);
    void probed(const DnsAnswer &answer);
    void gotAnswer(quint64 key, const DnsAnswer &answer);
    void timedOut(quint64 key);

    static constexpr quint64 probeKey = 0;
    std::unique_ptr<Unbound> m_unbound;
    QHash<quint64, Question> m_questions;
    quint64 m_last = probeKey;
    Validation m_validation = Validation::Settled;
    QDateTime m_nameserversChanged;
    std::optional<QElapsedTimer> m_unvalidated; ///< since when the system's anchor is left out
};

bool Resolver::Private::isOutdated() const
{
    if (!m_unbound)
        return true;
    if (m_validation == Validation::Probing || !m_questions.isEmpty())
        return false;
    if (m_unvalidated && m_unvalidated->hasExpired(probeAgain.count()))
        return true;
    return settings.nameserver.isNull()
        && QFileInfo(systemNameservers).lastModified() != m_nameserversChanged;
}

void Resolver::Private::renew()
{
    m_nameserversChanged = QFileInfo(systemNameservers).lastModified();
    m_unvalidated.reset();
    const bool own = !settings.trustAnchorFile.isEmpty();
    if (own || !QFileInfo::exists(systemAnchor)) {
        m_validation = Validation::Settled;
        return make(settings.trustAnchorFile);
    }
    m_validation = Validation::Probing;
    make(systemAnchor);
    m_unbound->ask(probeKey, ".", DnsType::DnsKey);
    QTimer::singleShot(probeTime, m_unbound.get(), [this] { timedOut(probeKey); });
}

void Resolver::Private::make(const QString &anchorFile)
{
    m_unbound = std::make_unique<Unbound>(settings, anchorFile);
    connect(m_unbound.get(), &Unbound::answered, this,
        [this](quint64 key, const DnsAnswer &answer) { gotAnswer(key, answer); });
}

void Resolver::Private::ask(const QByteArray &name, DnsType type, QObject *context, Answered answered)
{
    if (isOutdated())
        renew();
    const quint64 key = ++m_last;
    const Question question{name, type, context, std::move(answered)};
    m_questions.insert(key, question);
    QTimer::singleShot(settings.timeout, this, [this, key] { timedOut(key); });
    if (m_validation == Validation::Settled)
        m_unbound->ask(key, name, type);
}

/// Many a home's nameserver strips signatures off. To hold its every answer for forged would stop all mail,
/// so the system's anchor counts only where the root's own keys come through (RFC 7672 2.1.1: without a
/// validating resolver there is no DANE). An anchor that a person named counts always.
void Resolver::Private::probed(const DnsAnswer &answer)
{
    if (answer.security != DnsSecurity::Secure) {
        m_unvalidated.emplace();
        m_unvalidated->start();
        m_unbound.release()->deleteLater(); // it is its signal that brought us here
        make({});
    }
    m_validation = Validation::Settled;
    for (auto one = m_questions.cbegin(); one != m_questions.cend(); ++one)
        m_unbound->ask(one.key(), one->name, one->type);
}

void Resolver::Private::gotAnswer(quint64 key, const DnsAnswer &answer)
{
    if (key == probeKey)
        return probed(answer);
    const Question question = m_questions.take(key);
    if (question.context && question.answered)
        question.answered(answer);
}

void Resolver::Private::timedOut(quint64 key)
{
    DnsAnswer answer;
    if (key == probeKey) {
        if (m_validation == Validation::Probing)
            probed(answer);
        return;
    }
    if (!m_questions.contains(key))
        return;
    m_unbound->cancel(key);
    answer.status = DnsStatus::TimedOut;
    answer.canonicalName = m_questions.value(key).name;
    answer.trouble = "no nameserver answered in "
        + QByteArray::number(
            qint64(std::chrono::duration_cast<std::chrono::seconds>(settings.timeout).count()))
        + " s";
    gotAnswer(key, answer);
}

Resolver::Resolver(ResolverSettings settings) : d(std::make_unique<Private>(std::move(settings))) { }

Resolver::~Resolver() = default;

void Resolver::ask(const QByteArray &name, DnsType type, QObject *context, Answered answered)
{
    d->ask(name, type, context, std::move(answered));
}

const ResolverSettings &Resolver::settings() const
{
    return d->settings;
}

} // namespace glasspost::smtp
