#pragma once

#include "smtp/dns/resolver.h"

#include <QObject>
#include <QSocketNotifier>

#include <unordered_map>

struct ub_ctx;
struct ub_result;

namespace glasspost::smtp {

/// libunbound's context as an object: its descriptor watched by the event loop, its answers as values.
class Unbound : public QObject
{
    Q_OBJECT
public:
    /// Without an anchor nothing is validated. Where libunbound cannot be set up as asked, every question
    /// fails with the reason.
    Unbound(const ResolverSettings &settings, const QString &anchorFile);
    ~Unbound() override;

    /// answered() comes once, later, unless cancel() does first. Keys are the caller's own.
    void ask(quint64 key, const QByteArray &name, DnsType type);
    void cancel(quint64 key);

Q_SIGNALS:
    void answered(quint64 key, const glasspost::smtp::DnsAnswer &answer);

private:
    struct Question
    {
        Unbound *unbound = nullptr;
        quint64 key = 0;
        int id = 0; ///< libunbound's
        QByteArray name;
    };
    struct Ready
    {
        quint64 key;
        DnsAnswer answer;
    };
    static void gotResult(void *question, int error, ub_result *result);
    void configure(const ResolverSettings &settings, const QString &anchorFile);
    void check(const QByteArray &what, int error);
    void process();
    void deliver();

    ub_ctx *m_context;
    QByteArray m_trouble; ///< why it could not be set up; empty when it is
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::unordered_map<quint64, std::unique_ptr<Question>> m_questions;
    QList<Ready> m_ready; ///< told after libunbound has come back, since who hears it may ask or destroy
};

} // namespace glasspost::smtp
