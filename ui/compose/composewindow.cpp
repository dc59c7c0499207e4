#include "ui/compose/composewindow.h"

#include "mail/message/messagebuilder.h"
#include "ui/compose/composeform.h"
#include "ui/compose/filestrip.h"
#include "ui/compose/knownaddresses.h"
#include "ui/compose/recipientfield.h"
#include "ui/compose/spelling/spelling.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/windowsize.h"
#include "ui/words/composetext.h"
#include "ui/words/errortext.h"

#include <QCloseEvent>
#include <QComboBox>
#include <QCoreApplication>
#include <QDateTime>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr std::chrono::seconds autosaveEvery(3);
constexpr std::chrono::milliseconds routeAfter(250);

QStringList localFiles(const QMimeData *mime)
{
    QStringList paths;
    for (const QUrl &url : mime->urls()) {
        if (url.isLocalFile())
            paths << url.toLocalFile();
    }
    return paths;
}

} // namespace

ComposeWindow::ComposeWindow(const ComposeServices &services, const mail::Draft &draft, ComposeStart start,
    const mail::MessageId &savedAs, QWidget *parent)
    : QWidget(parent, Qt::Window), m_services(services), m_form(new ComposeForm), m_bar(new InlineBar),
      m_savedAs(savedAs)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAcceptDrops(true);
    new Spelling(m_form->text(), services.ownWords);
    m_form->text()->setAcceptDrops(false); // a file dropped on the text is an attachment, not its path
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    makeBar();
    column->addWidget(m_bar);
    column->addWidget(m_form, 1);
    makeShortcuts();

    m_form->setIdentities(services.settings.value().identities);
    m_form->setKnownAddresses(new KnownAddresses(services.mailboxes, services.settings.value(), this));
    m_form->setDraft(draft);
    m_receipt->setChecked(draft.asksForMdn);
    if (start != ComposeStart::Recovered)
        m_saved = m_form->draft();
    else
        keep();
    m_autosave.setSingleShot(true);
    m_autosave.setInterval(autosaveEvery);
    m_routeDelay.setSingleShot(true);
    m_routeDelay.setInterval(routeAfter);
    connect(&m_autosave, &QTimer::timeout, this, &ComposeWindow::keep);
    // Ended from outside: what the timer would have kept is kept now.
    connect(QCoreApplication::instance(), &QCoreApplication::aboutToQuit, this, [this] {
        if (m_autosave.isActive())
            keep();
    });
    connect(&m_routeDelay, &QTimer::timeout, this, &ComposeWindow::showRoute);
    connect(m_form, &ComposeForm::changed, this, &ComposeWindow::changed);
    connect(m_form, &ComposeForm::recipientsChanged, this, [this] { m_routeDelay.start(); });
    connect(m_form->attachments(), &FileStrip::refused, this, [this](const QStringList &paths) {
        m_bar->say(InlineBar::Kind::Warning,
            tr("Not attached: %1 is not a readable file.").arg(paths.join(QStringLiteral(", "))));
    });
    connect(
        &services.settings, &mail::CurrentSettings::changed, this, [this](const mail::Settings &settings) {
            m_form->setIdentities(settings.identities);
            showRoute();
        });
    showRoute();
    showTitle();
    resizeWithinScreen(*this, {720, 600});
    m_form->focusStart();
}

void ComposeWindow::makeBar()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(space::one, space::one, space::one, space::one);
    row->setSpacing(space::half);
    m_send = new QPushButton(icon(IconName::Sent), tr("&Send"));
    m_send->setDefault(true);
    m_send->setToolTip(tr("Send the message (Ctrl+Enter)"));
    connect(m_send, &QPushButton::clicked, this, &ComposeWindow::send);
    row->addWidget(m_send);
    m_route = new ElidedLabel;
    m_route->setAccessibleName(tr("Route of the message"));
    QPalette muted = m_route->palette();
    muted.setColor(QPalette::WindowText, mutedText(muted));
    m_route->setPalette(muted);
    row->addSpacing(space::half);
    row->addWidget(m_route, 1);
    const auto add = [&](IconName name, const QString &text, const QString &tip, auto slot) {
        auto *button = new QToolButton;
        button->setIcon(icon(name));
        button->setText(text);
        button->setToolTip(plainToolTip(tip));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        connect(button, &QToolButton::clicked, this, slot);
        row->addWidget(button);
        m_tools.append(button);
        return button;
    };
    add(IconName::Attachment, tr("&Attach"), tr("Attach files (Ctrl+Shift+A)"), &ComposeWindow::attach);
    m_receipt
        = add(IconName::MailOpen, tr("&Receipt"), tr("Request a read receipt; each recipient may decline"),
            [this] { m_form->setAsksForMdn(m_receipt->isChecked()); });
    m_receipt->setCheckable(true);
    add(IconName::Drafts, tr("Save &draft"), tr("Save in Drafts (Ctrl+S)"), &ComposeWindow::saveDraft);
    add(IconName::Trash, tr("D&iscard"), tr("Discard the message"), &ComposeWindow::discard);
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
}

void ComposeWindow::makeShortcuts()
{
    const auto bind = [this](const QKeySequence &keys, auto slot) {
        connect(new QShortcut(keys, this), &QShortcut::activated, this, slot);
    };
    bind(QKeySequence(Qt::CTRL | Qt::Key_Return), &ComposeWindow::send);
    bind(QKeySequence(Qt::CTRL | Qt::Key_Enter), &ComposeWindow::send);
    bind(QKeySequence::Save, &ComposeWindow::saveDraft);
    bind(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), &ComposeWindow::attach);
    bind(QKeySequence::Close, [this] { close(); });
}

mail::Draft ComposeWindow::draft() const
{
    return m_form->draft();
}

QString ComposeWindow::routeText() const
{
    return m_route->text();
}

void ComposeWindow::changed()
{
    showTitle();
    // Not started again by each key: who types without a pause is kept all the same.
    if (!m_autosave.isActive() && !m_ended)
        m_autosave.start();
}

void ComposeWindow::showTitle()
{
    const QString subject = m_form->subject()->text().trimmed();
    setWindowTitle(subject.isEmpty() ? tr("New message") : subject);
}

void ComposeWindow::showRoute()
{
    const mail::Draft now = draft();
    QList<mail::RecipientRoute> routes;
    for (const QString &list : {now.to, now.cc, now.bcc}) {
        const mail::AddressList parsed = mail::parseAddressList(list);
        for (const mail::AddressView &mailbox : parsed.mailboxes)
            routes.append(m_services.outbox.routeFor(mailbox.address));
    }
    m_route->setWords(routesText(routes));
}

void ComposeWindow::setBusy(Busy busy)
{
    m_busy = busy;
    m_form->setEnabled(busy == Busy::No);
    m_send->setEnabled(busy == Busy::No);
    m_send->setText(busy == Busy::Sending ? tr("Sending…") : tr("&Send"));
    for (QToolButton *button : std::as_const(m_tools))
        button->setEnabled(busy == Busy::No);
}

void ComposeWindow::send()
{
    if (m_busy != Busy::No || m_ended)
        return;
    for (const auto field : {mail::DraftField::To, mail::DraftField::Cc, mail::DraftField::Bcc})
        m_form->recipients(field)->commit();
    m_bar->dismiss();
    const mail::Draft now = draft();
    QList<mail::DraftProblem> problems = m_services.drafts.check(now);
    m_form->showProblems(problems);
    const auto isWarning = [](const mail::DraftProblem &problem) { return problem.isWarning; };
    if (!std::all_of(problems.cbegin(), problems.cend(), isWarning))
        return;
    if (problems.isEmpty()) {
        submit(now);
        return;
    }
    QStringList words;
    for (const mail::DraftProblem &problem : std::as_const(problems))
        words << problemText(problem);
    m_bar->say(InlineBar::Kind::Warning, words.join(QLatin1Char(' ')));
    QPushButton *anyway = m_bar->addButton(tr("Send any&way"), [this] { submit(draft()); });
    anyway->setFocus();
}

void ComposeWindow::submit(const mail::Draft &draft)
{
    setBusy(Busy::Sending);
    const int undo = m_services.settings.value().undoSeconds;
    const qint64 notBefore = undo > 0 ? QDateTime::currentMSecsSinceEpoch() + qint64(undo) * 1000 : 0;
    m_services.outbox.submit(draft, {notBefore, {}})
        .then(this, [this, draft](const mail::Result<mail::SubmitReceipt> &receipt) {
            setBusy(Busy::No);
            if (!receipt) {
                m_bar->say(InlineBar::Kind::Error, tr("Not sent. %1").arg(errorText(receipt.error())));
                m_bar->addButton(tr("Tr&y again"), [this] { send(); });
                return;
            }
            Q_EMIT submitted(*receipt, draft);
            end(Files::Stay);
        });
}

void ComposeWindow::saveDraft()
{
    store(After::Stay);
}

void ComposeWindow::store(After after)
{
    if (m_busy != Busy::No || m_ended)
        return;
    setBusy(Busy::Saving);
    const mail::Draft now = draft();
    m_services.drafts.save(now).then(this, [this, now, after](const mail::Result<mail::SavedDraft> &saved) {
        setBusy(Busy::No);
        if (!saved) {
            m_bar->say(InlineBar::Kind::Error, tr("Not saved. %1").arg(errorText(saved.error())));
            return;
        }
        takeSaved(now, *saved);
        if (after == After::Close)
            end(Files::Drop);
        else
            m_bar->say(InlineBar::Kind::Success, tr("Saved in Drafts."), std::chrono::seconds(3));
    });
}

void ComposeWindow::takeSaved(const mail::Draft &draft, const mail::SavedDraft &saved)
{
    m_form->attachments()->setAttachments(saved.attachments);
    m_saved = draft;
    m_saved->attachments = saved.attachments;
    m_savedAs = saved.id;
    keep();
    Q_EMIT savedAsDraft(saved.id);
}

void ComposeWindow::keep()
{
    m_services.drafts.keepComposer(draft());
}

void ComposeWindow::discard()
{
    if (m_busy != Busy::No)
        return;
    const mail::KeptComposer gone{draft(), m_savedAs};
    m_services.drafts.discard(gone.draft.id);
    if (isEmpty() && m_savedAs.isNull()) {
        end(Files::Drop);
        return;
    }
    end(Files::Stay);
    Q_EMIT discarded(gone);
}

void ComposeWindow::end(Files files)
{
    finish(files);
    close();
}

void ComposeWindow::finish(Files files)
{
    m_ended = true;
    m_autosave.stop();
    if (files == Files::Drop)
        m_services.drafts.dropComposer(draft().id);
}

bool ComposeWindow::isUnsaved() const
{
    return draft() != m_saved;
}

bool ComposeWindow::isEmpty() const
{
    const mail::Draft now = draft();
    return now.to.isEmpty() && now.cc.isEmpty() && now.bcc.isEmpty() && now.subject.trimmed().isEmpty()
        && now.text.trimmed().isEmpty() && now.attachments.isEmpty();
}

// Nothing is asked: what was written goes to Drafts, where it can be found or deleted.
void ComposeWindow::closeEvent(QCloseEvent *event)
{
    if (m_ended) {
        event->accept();
        return;
    }
    if (m_busy != Busy::No) {
        event->ignore();
        return;
    }
    if (isEmpty() || !isUnsaved()) {
        finish(Files::Drop);
        event->accept();
        return;
    }
    event->ignore();
    store(After::Close);
}

void ComposeWindow::attach()
{
    auto *dialog = new QFileDialog(this, tr("Attach files"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, m_form->attachments(), &FileStrip::addFiles);
    dialog->open();
}

void ComposeWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!localFiles(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void ComposeWindow::dropEvent(QDropEvent *event)
{
    m_form->attachments()->addFiles(localFiles(event->mimeData()));
    event->acceptProposedAction();
}

} // namespace glasspost::ui
