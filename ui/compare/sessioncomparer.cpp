#include "ui/compare/sessioncomparer.h"

#include "mail/system/comparedsessions.h"
#include "mail/system/outbox.h"
#include "mail/system/sessions.h"
#include "ui/compare/comparisonwindow.h"
#include "ui/words/format.h"
#include "ui/words/sessiontext.h"
#include "ui/words/shownbytes.h"

namespace glasspost::ui {

namespace {

QString nameOf(const smtp::SessionTrace &trace)
{
    const QString label = sessionLabel(trace.sessionId);
    const QString started = exactTime(trace.startedAt / 1'000'000);
    const QString peer
        = trace.host.isEmpty() ? endpointText(trace.address, trace.port) : shownBytes(trace.host).text;
    return peer.isEmpty()
        ? SessionComparer::tr("Session %1, %2", "number, when").arg(label, started)
        : SessionComparer::tr("Session %1 with %2, %3", "number, peer, when").arg(label, peer, started);
}

} // namespace

SessionComparer::SessionComparer(mail::Outbox &outbox, mail::Sessions &sessions, QWidget *parent)
    : QObject(parent), m_outbox(outbox), m_sessions(sessions), m_parent(parent)
{ }

void SessionComparer::compare(const QByteArray &leftSession, const QByteArray &rightSession)
{
    using Pair = std::pair<mail::ComparedSession, mail::ComparedSession>;
    mail::comparedSession(m_outbox, m_sessions, leftSession, this)
        .andThen(this,
            [this, rightSession](const mail::ComparedSession &left) {
                return mail::comparedSession(m_outbox, m_sessions, rightSession, this)
                    .andThen(this, [left](const mail::ComparedSession &right) { return Pair(left, right); });
            })
        .then(this, [this](const mail::Result<Pair> &both) {
            if (!both) {
                Q_EMIT failed(both.error());
                return;
            }
            openComparison({{both->first}, false}, nameOf(both->first.trace), {{both->second}, false},
                nameOf(both->second.trace), m_parent, [this](ComparisonWindow &window) {
                    connect(
                        &window, &ComparisonWindow::linesRequested, this, &SessionComparer::linesRequested);
                });
        });
}

} // namespace glasspost::ui
