#include "ui/releasedialog.h"

#include "mail/base/worker.h"
#include "mail/message/fieldwriter.h"
#include "mail/message/messagebuilder.h"
#include "mail/routing/recipientpatterns.h"
#include "mail/system/release.h"
#include "smtp/syntax/path.h"
#include "ui/compose/recipientfield.h"
#include "ui/queue/routedialog.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/windowsize.h"
#include "ui/words/errortext.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int mostReleaseRows = 2'000;

QString releaseAddress(const smtp::Mailbox &mailbox)
{
    return QString::fromUtf8(mailbox.toBytes());
}

} // namespace

ReleaseDialog::ReleaseDialog(
    const ReleaseServices &services, const QList<mail::MessageId> &ids, QWidget *parent)
    : QDialog(parent), m_services(services), m_words(plainLabel()),
      m_own(new QRadioButton(tr("T&heir own recipients"))),
      m_other(new QRadioButton(tr("&These recipients:"))), m_recipients(new RecipientField),
      m_list(new QTreeWidget), m_routeWords(plainLabel()), m_routeButton(new QPushButton(tr("R&oute …"))),
      m_allow(new QPushButton(tr("&Allow list …"))), m_progress(new QProgressBar)
{
    for (const mail::MessageId &id : ids)
        m_messages.append({id, {}});
    build();
    setRoute(std::nullopt);
    connect(m_own, &QRadioButton::toggled, this, &ReleaseDialog::showTargets);
    connect(m_recipients, &RecipientField::changed, this, &ReleaseDialog::showTargets);
    connect(&services.settings, &mail::CurrentSettings::changed, this, &ReleaseDialog::showTargets);
    connect(m_routeButton, &QPushButton::clicked, this, &ReleaseDialog::askRoute);
    connect(m_allow, &QPushButton::clicked, this, &ReleaseDialog::settingsRequested);
    connect(m_release, &QPushButton::clicked, this, &ReleaseDialog::start);
    showTargets();
    readNext();
}

void ReleaseDialog::build()
{
    setWindowTitle(tr("Release captured mail"));
    m_words->setWordWrap(true);
    m_own->setChecked(true);
    m_own->setToolTip(tr("Those that the envelope named when the message was captured"));
    m_other->setToolTip(tr("Every message goes to all of these"));
    m_recipients->edit()->setAccessibleName(tr("Recipients"));
    m_recipients->setEnabled(false);
    m_list->setHeaderLabels({tr("Address"), tr("Messages"), tr("Note")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAccessibleName(tr("Addresses"));
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    m_routeButton->setToolTip(tr("Choose the way by which they leave"));
    m_allow->setToolTip(tr("Show the patterns of allowed addresses in the preferences"));
    m_progress->setRange(0, int(m_messages.size()));
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Cancel)->setToolTip(tr("Release no further message"));
    m_release = buttons->addButton(tr("&Release"), QDialogButtonBox::ActionRole);
    m_routeButton->setAutoDefault(false);
    m_allow->setAutoDefault(false);
    m_release->setDefault(true);
    m_release->setToolTip(tr("Put the messages into the outgoing queue"));
    connect(buttons, &QDialogButtonBox::rejected, this, &ReleaseDialog::reject);
    auto *route = new QHBoxLayout;
    route->addWidget(m_routeWords, 1);
    route->addWidget(m_routeButton);
    route->addWidget(m_allow);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::two, space::two, space::two, space::two);
    column->setSpacing(space::one);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_words, m_own, m_other, m_recipients})
        column->addWidget(widget);
    column->addWidget(m_list, 1);
    column->addLayout(route);
    column->addWidget(m_progress);
    column->addWidget(buttons);
    resizeWithinScreen(*this, {640, 480});
}

QString ReleaseDialog::words() const
{
    return m_words->text();
}

void ReleaseDialog::setRoute(const std::optional<mail::OutgoingRoute> &route)
{
    m_route = route;
    if (!route)
        m_routeWords->setText(tr("Route: as set in the preferences"));
    else if (route->kind == mail::OutgoingRoute::Kind::Smarthost)
        m_routeWords->setText(tr("Route: through %1, port %2").arg(route->host).arg(route->port));
    else
        m_routeWords->setText(tr("Route: direct to each domain's mail exchanger"));
}

void ReleaseDialog::askRoute()
{
    auto *dialog = new RouteDialog(m_services.settings.value().route, m_route, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RouteDialog::chosen, this, &ReleaseDialog::setRoute);
    dialog->open();
}

void ReleaseDialog::readNext()
{
    if (m_isCancelled)
        return;
    m_progress->setValue(int(m_next));
    if (m_next == m_messages.size()) {
        m_step = Step::Asking;
        showTargets();
        return;
    }
    m_services.mailboxes.octets(m_messages[m_next].id)
        .andThen(this,
            [](const mail::MessageOctets &octets) {
                return mail::runLongWork([octets] { return mail::envelopeRecipientsOf(octets); });
            })
        .then(this, [this](const mail::Result<QList<smtp::Mailbox>> &own) {
            // One that cannot be read says so when it is released.
            if (own)
                m_messages[m_next].own = *own;
            ++m_next;
            readNext();
        });
}

QList<smtp::Mailbox> ReleaseDialog::typedRecipients(QStringList &malformed) const
{
    QList<smtp::Mailbox> typed;
    const mail::AddressList list = mail::parseAddressList(m_recipients->text());
    malformed = list.malformed;
    for (const mail::AddressView &one : list.mailboxes) {
        const auto mailbox = smtp::parseMailbox(mail::asciiDomainAddress(one.address));
        if (!mailbox)
            malformed.append(one.address);
        else if (!typed.contains(*mailbox))
            typed.append(*mailbox);
    }
    return typed;
}

/// By their text, each address once.
QMap<QString, ReleaseDialog::Target> ReleaseDialog::targets(QStringList &malformed) const
{
    QMap<QString, Target> found;
    const auto add = [&found](const smtp::Mailbox &mailbox, int messages) {
        Target &target = found[releaseAddress(mailbox)];
        target.mailbox = mailbox;
        target.messages += messages;
    };
    if (m_other->isChecked()) {
        for (const smtp::Mailbox &mailbox : typedRecipients(malformed))
            add(mailbox, int(m_messages.size()));
    } else {
        for (const Message &message : m_messages) {
            for (const smtp::Mailbox &mailbox : message.own)
                add(mailbox, 1);
        }
    }
    const mail::RecipientPatterns allowed(m_services.settings.value().listener.releaseAllowed);
    for (Target &target : found)
        target.isAllowed = allowed.isEmpty() || allowed.matches(target.mailbox);
    return found;
}

void ReleaseDialog::showTargets()
{
    const bool isAsking = m_step == Step::Asking;
    m_recipients->setEnabled(m_other->isChecked() && m_step != Step::Releasing);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_own, m_other, m_routeButton})
        widget->setEnabled(m_step != Step::Releasing);
    m_progress->setVisible(!isAsking);
    if (!isAsking) {
        m_release->setEnabled(false);
        m_allow->hide();
        m_words->setText(m_step == Step::Reading
                ? tr("Reading the recipients of %Ln message(s) …", nullptr, int(m_messages.size()))
                : tr("Releasing %Ln message(s) …", nullptr, int(m_messages.size())));
        return;
    }
    QStringList malformed;
    m_targets = targets(malformed);
    listTargets(m_targets);
    sayTargets(m_targets, malformed);
}

/// Those that are not allowed first.
void ReleaseDialog::listTargets(const QMap<QString, Target> &targets)
{
    m_list->clear();
    bool isAllAllowed = true;
    for (const bool allowed : {false, true}) {
        for (auto one = targets.cbegin(); one != targets.cend(); ++one) {
            if (one->isAllowed != allowed)
                continue;
            isAllAllowed = isAllAllowed && allowed;
            if (m_list->topLevelItemCount() == mostReleaseRows)
                break;
            const QString note = allowed ? QString() : tr("Not on the allow list: gets nothing");
            auto *item = new QTreeWidgetItem(m_list, {one.key(), QString::number(one->messages), note});
            item->setToolTip(0, plainToolTip(one.key()));
        }
    }
    m_allow->setVisible(!isAllAllowed);
}

void ReleaseDialog::sayTargets(const QMap<QString, Target> &targets, const QStringList &malformed)
{
    const auto messages = int(std::count_if(m_messages.cbegin(), m_messages.cend(),
        [this](const Message &message) { return !recipientsOf(message).isEmpty(); }));
    const auto addresses = int(std::count_if(
        targets.cbegin(), targets.cend(), [](const Target &target) { return target.isAllowed; }));
    m_release->setEnabled(messages > 0 && addresses > 0 && malformed.isEmpty());
    m_release->setText(
        tr("&Release %1 to %2")
            .arg(tr("%Ln message(s)", nullptr, messages), tr("%Ln address(es)", nullptr, addresses)));
    QStringList sentences;
    if (!malformed.isEmpty())
        sentences += tr("“%1” is no address.").arg(malformed.first());
    else if (m_other->isChecked() && targets.isEmpty())
        sentences += tr("Enter the recipients.");
    else
        sentences
            += tr("%1 would go to %2, as listed.")
                   .arg(tr("%Ln message(s)", nullptr, messages), tr("%Ln address(es)", nullptr, addresses));
    if (const auto without = int(m_messages.size()) - messages; without > 0 && !m_other->isChecked())
        sentences += tr("%Ln message(s) without an allowed recipient stay.", nullptr, without);
    if (targets.size() > mostReleaseRows)
        sentences
            += tr("The list shows the first %L1 of %L2 addresses.").arg(mostReleaseRows).arg(targets.size());
    m_words->setText(sentences.join(u' '));
}

QList<smtp::Mailbox> ReleaseDialog::recipientsOf(const Message &message) const
{
    QList<smtp::Mailbox> allowed;
    if (m_other->isChecked()) {
        for (const Target &target : m_targets) {
            if (target.isAllowed)
                allowed.append(target.mailbox);
        }
        return allowed;
    }
    for (const smtp::Mailbox &mailbox : message.own) {
        if (m_targets.value(releaseAddress(mailbox)).isAllowed)
            allowed.append(mailbox);
    }
    return allowed;
}

void ReleaseDialog::start()
{
    m_recipients->commit();
    if (!m_release->isEnabled())
        return;
    m_messages.removeIf([this](const Message &message) { return recipientsOf(message).isEmpty(); });
    m_failed.clear();
    m_failures.clear();
    m_step = Step::Releasing;
    m_next = 0;
    m_progress->setRange(0, int(m_messages.size()));
    showTargets();
    releaseNext();
}

void ReleaseDialog::releaseNext()
{
    m_progress->setValue(int(m_next));
    if (m_isCancelled || m_next == m_messages.size()) {
        end();
        return;
    }
    const Message message = m_messages[m_next++];
    const QList<smtp::Mailbox> to = recipientsOf(message);
    const QString spool = m_services.mailboxes.spoolFolder();
    m_services.mailboxes.octets(message.id)
        .andThen(this,
            [id = message.id, to, spool](const mail::MessageOctets &octets) {
                return mail::runLongWork(
                    [id, octets, to, spool] { return mail::departingMessage(id, octets, to, spool); });
            })
        .andThen(this,
            [this](const mail::DepartingMessage &leaving) {
                return m_services.outbox.submitMessage(
                    leaving.envelope, leaving.octets, {.route = m_route, .madeFrom = leaving.madeFrom});
            })
        .then(this, [this, message](const mail::Result<mail::SubmitReceipt> &receipt) {
            if (receipt)
                ++m_queued;
            else
                takeFailure(message, receipt.error());
            releaseNext();
        });
}

void ReleaseDialog::takeFailure(const Message &message, const mail::Error &error)
{
    m_failed.append(message);
    m_failures.append(errorText(error));
}

/// What failed stays, and is what can be tried again.
void ReleaseDialog::end()
{
    m_step = Step::Asking;
    if (m_isCancelled || m_failed.isEmpty()) {
        if (m_queued > 0)
            Q_EMIT released(m_queued);
        m_isCancelled ? QDialog::reject() : accept();
        return;
    }
    m_messages = m_failed;
    showTargets();
    m_words->setText(tr("%Ln message(s) could not be released: %1 Those that are queued stay queued.",
        nullptr, int(m_failed.size()))
                         .arg(m_failures.first()));
    for (const QString &failure : std::as_const(m_failures)) {
        if (m_list->topLevelItemCount() >= mostReleaseRows)
            break;
        auto *item = new QTreeWidgetItem(m_list, {failure, QString(), tr("Failed")});
        item->setToolTip(0, plainToolTip(failure));
    }
}

void ReleaseDialog::reject()
{
    m_isCancelled = true;
    if (m_step == Step::Releasing)
        return; // the one under way is finished first
    end();
}

} // namespace glasspost::ui
