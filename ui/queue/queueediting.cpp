#include "ui/queue/queueediting.h"

#include "ui/queue/attempttimedialog.h"
#include "ui/queue/routedialog.h"
#include "ui/theme/icons.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"
#include "ui/words/format.h"

#include <QMenu>
#include <QPushButton>

namespace glasspost::ui {

namespace {

constexpr std::chrono::seconds wordsStay(6);

qint64 plannedAttempt(const mail::QueueEntry &entry)
{
    qint64 next = 0;
    for (const mail::QueueRecipient &one : entry.recipients) {
        if (one.isPending() && one.nextAttemptAt != 0 && (next == 0 || one.nextAttemptAt < next))
            next = one.nextAttemptAt;
    }
    return std::max(next, entry.notBefore);
}

} // namespace

QueueEditing::QueueEditing(
    mail::Outbox &outbox, const mail::CurrentSettings &settings, InlineBar &bar, QWidget *window)
    : QObject(window), m_outbox(outbox), m_settings(settings), m_bar(bar), m_window(window),
      m_menu(new QMenu(window))
{
    m_menu->addAction(icon(IconName::Clock), tr("&Next attempt at …"), this, &QueueEditing::askTime);
    m_menu->addAction(icon(IconName::Move), tr("Send by another &route …"), this, &QueueEditing::askRoute);
    m_menu->addSeparator();
    m_menu->addAction(icon(IconName::Close), tr("&Give up …"), this, &QueueEditing::askGivingUp);
    setChosen({});
}

void QueueEditing::setChosen(const QList<mail::QueueEntry> &entries)
{
    m_chosen = entries;
    m_chosen.removeIf([](const mail::QueueEntry &entry) { return entry.isDone(); });
    const QList<QAction *> actions = m_menu->actions();
    for (QAction *action : actions)
        action->setEnabled(!m_chosen.isEmpty());
}

QList<QByteArray> QueueEditing::ids() const
{
    QList<QByteArray> all;
    for (const mail::QueueEntry &entry : m_chosen)
        all.append(entry.id);
    return all;
}

void QueueEditing::askTime()
{
    if (m_chosen.isEmpty())
        return;
    const QDateTime planned = QDateTime::fromMSecsSinceEpoch(plannedAttempt(m_chosen.constFirst()));
    auto *dialog = new AttemptTimeDialog(planned, int(m_chosen.size()), m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &AttemptTimeDialog::chosen, this, [this, ids = ids()](const QDateTime &time) {
        mail::QueueRequest request(mail::QueueAction::Postpone);
        request.at = time.toMSecsSinceEpoch();
        act(request, ids, tr("No attempt is made before %1.").arg(exactTime(time.toSecsSinceEpoch())));
    });
    dialog->open();
}

void QueueEditing::askRoute()
{
    if (m_chosen.isEmpty())
        return;
    auto *dialog = new RouteDialog(m_settings.value().route, m_chosen.constFirst().route, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RouteDialog::chosen, this,
        [this, ids = ids()](const std::optional<mail::OutgoingRoute> &route) {
            mail::QueueRequest request(mail::QueueAction::Reroute);
            request.route = route;
            act(request, ids, tr("The message uses the new route and is being tried now."));
        });
    dialog->open();
}

void QueueEditing::askGivingUp()
{
    if (m_chosen.isEmpty())
        return;
    const int count = int(m_chosen.size());
    const QString subject = m_chosen.constFirst().subject;
    m_bar.say(InlineBar::Kind::Warning,
        count == 1
            ? tr("Give up on “%1”? Its sender will be notified that it was not delivered.")
                  .arg(subject.isEmpty() ? tr("(no subject)") : subject)
            : tr("Give up on %Ln messages? Their senders will be notified that they were not delivered.",
                nullptr, count));
    m_bar.addButton(tr("Give u&p"), [this, ids = ids()] { act(mail::QueueAction::Expire, ids, {}); });
}

// An entry on which a delivery is running is left alone (C68).
void QueueEditing::act(const mail::QueueRequest &request, const QList<QByteArray> &ids, const QString &words)
{
    m_outbox.act(request, ids).then(this, [this, words, asked = ids.size()](const mail::Result<int> &done) {
        if (!done)
            m_bar.say(InlineBar::Kind::Error, errorText(done.error()));
        else if (*done < asked)
            m_bar.say(InlineBar::Kind::Warning,
                tr("Not all messages were changed: a delivery is in progress. Try again when it has "
                   "ended."));
        else if (!words.isEmpty())
            m_bar.say(InlineBar::Kind::Info, words, wordsStay);
    });
}

} // namespace glasspost::ui
