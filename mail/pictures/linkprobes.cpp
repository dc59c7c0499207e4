#include "mail/pictures/linkprobes.h"

#include <chrono>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostProbesAtOnce = 4;
constexpr std::chrono::seconds longestProbe(10);
constexpr std::chrono::minutes longestAsking(2);

} // namespace

LinkProbes::LinkProbes(PictureServers servers, QObject *parent) : QObject(parent), m_servers(servers) { }

Task<QList<LinkStatus>> LinkProbes::ask(const QStringList &targets, Redirects redirects)
{
    m_redirects = redirects;
    m_limit.setRemainingTime(longestAsking);
    for (const QString &target : targets) {
        const LinkStatus link{target, 0, {}, false};
        if (m_links.size() < mostAsked && !m_links.contains(link)) {
            m_waiting += m_links.size();
            m_links += link;
        }
    }
    askNext();
    return m_promise.task();
}

void LinkProbes::askNext()
{
    if (m_limit.hasExpired())
        for (const qsizetype number : std::exchange(m_waiting, {}))
            m_links[number] = {m_links.at(number).target, 0, QStringLiteral("time-out"), true};
    if (m_waiting.isEmpty() && m_asked.isEmpty())
        return m_promise.answer(m_links);
    for (qsizetype i = 0; i < m_waiting.size() && m_asked.size() < mostProbesAtOnce;) {
        const qsizetype number = m_waiting.at(i);
        const QUrl url(m_links.at(number).target);
        if (m_asked.contains(url.host())) {
            ++i;
            continue;
        }
        m_waiting.removeAt(i);
        m_asked += url.host();
        auto *probe = new PictureFetch(m_manager, m_servers, &m_probes);
        probe->setTimeLimit(longestProbe);
        probe->probe(url, m_redirects)
            .then(this, [this, probe, number, host = url.host()](const Result<WebAnswer> &answer) {
                probe->deleteLater();
                take(number, host, answer);
            });
    }
}

void LinkProbes::take(qsizetype number, const QString &host, const Result<WebAnswer> &answer)
{
    LinkStatus &link = m_links[number];
    link.status = answer ? answer->status : 0;
    link.words = answer ? answer->words : answer.error().systemText;
    link.isNotAsked = !answer && answer.error().code == ErrorCode::NotPermitted;
    m_asked.removeOne(host);
    askNext();
}

} // namespace glasspost::mail
