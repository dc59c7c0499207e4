#include "ui/status/listenerchip.h"

#include "ui/widgets/plaintext.h"
#include "ui/words/errortext.h"
#include "ui/words/policytext.h"

#include <QActionGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

namespace glasspost::ui {

namespace {

using Kind = mail::ListenerState::Kind;

bool isOpenToOthers(const mail::ListenerState &state)
{
    return std::any_of(state.bindings.cbegin(), state.bindings.cend(),
        [](const mail::ListenerBinding &binding) { return !binding.address.isLoopback(); });
}

} // namespace

QString bindingText(const mail::ListenerBinding &binding)
{
    return binding.place();
}

StateChip listenerText(const mail::ListenerState &state)
{
    switch (state.kind) {
    case Kind::Off:
        return {ListenerChip::tr("Listener off"), Tone::Neutral};
    case Kind::Failed:
        return {ListenerChip::tr("Cannot listen on %1").arg(state.error.subject), Tone::Refused};
    case Kind::Listening:
        break;
    }
    QStringList bindings;
    for (const mail::ListenerBinding &binding : state.bindings)
        bindings.append(bindingText(binding));
    const QString where = bindings.join(QStringLiteral(", "));
    if (isOpenToOthers(state))
        return {
            ListenerChip::tr("Listening %1, %2, open to the network").arg(where, policyText(state.policy)),
            Tone::Deferred};
    return {ListenerChip::tr("Listening %1, %2").arg(where, policyText(state.policy)), Tone::Accepted};
}

QString listenerFailureWords(const mail::Error &error)
{
    switch (error.code) {
    case mail::ErrorCode::InUse:
        return ListenerChip::tr(
            "Another program is already listening on %1. Choose another port, or stop that program.")
            .arg(error.subject);
    case mail::ErrorCode::NotPermitted:
        return ListenerChip::tr(
            "The system lets only an administrator listen on %1. Choose a port above 1023.")
            .arg(error.subject);
    case mail::ErrorCode::NotFound:
    case mail::ErrorCode::NoMailbox:
    case mail::ErrorCode::StillQueued:
    case mail::ErrorCode::NoSpace:
    case mail::ErrorCode::Damaged:
    case mail::ErrorCode::NotAMessage:
    case mail::ErrorCode::BadAddress:
    case mail::ErrorCode::ReportNotSent:
    case mail::ErrorCode::IndexIncomplete:
    case mail::ErrorCode::InputOutput:
        break;
    case mail::ErrorCode::BadSettings:
        return errorText(error);
    }
    return ListenerChip::tr("Listening on %1 failed: %2. Choose another address in the preferences.")
        .arg(error.subject, error.systemText);
}

ListenerChip::ListenerChip(Form form, QWidget *parent) : Chip(parent), m_form(form)
{
    setClickable(true);
    setIconName(IconName::Listener);
    connect(this, &QAbstractButton::clicked, this, &ListenerChip::openMenu);
    setListener({});
}

void ListenerChip::setListener(const mail::ListenerState &state)
{
    m_state = state;
    const StateChip whole = listenerText(state);
    QString text = whole.text;
    if (m_form == Form::Short) {
        const bool listening = state.kind == Kind::Listening && !state.bindings.isEmpty();
        text = listening ? QString::number(state.bindings.first().port) : tr("off");
    }
    setState(text, whole.tone);
    setAccessibleName(whole.text);
    setToolTip(plainToolTip(state.connections > 0
            ? tr("%1\n%Ln connection(s) open", nullptr, state.connections).arg(whole.text)
            : tr("%1\nClick to start, stop or change the listener").arg(whole.text)));
}

void ListenerChip::openMenu()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (m_state.kind == Kind::Listening) {
        menu->addAction(ui::icon(IconName::Stop), tr("Stop listening"), this, &ListenerChip::stopRequested);
        menu->addSeparator();
        for (const mail::ListenerBinding &binding : std::as_const(m_state.bindings)) {
            const QString text = bindingText(binding);
            menu->addAction(ui::icon(IconName::Copy), tr("Copy %1").arg(text), this,
                [text] { QGuiApplication::clipboard()->setText(text); });
        }
    } else {
        menu->addAction(
            ui::icon(IconName::Start), tr("Start listening"), this, &ListenerChip::startRequested);
    }
    menu->addSeparator();
    auto *group = new QActionGroup(menu);
    for (const mail::RecipientPolicy policy :
        {mail::RecipientPolicy::CatchAll, mail::RecipientPolicy::Mailboxes}) {
        QAction *action = menu->addAction(
            policyChoiceText(policy), this, [this, policy] { Q_EMIT policyRequested(policy); });
        action->setCheckable(true);
        action->setChecked(policy == m_state.policy);
        group->addAction(action);
    }
    menu->addSeparator();
    menu->addAction(
        ui::icon(IconName::Settings), tr("Address, port, TLS …"), this, &ListenerChip::settingsRequested);
    menu->popup(mapToGlobal(QPoint(0, m_form == Form::Long ? -menu->sizeHint().height() : height())));
}

} // namespace glasspost::ui
