#include "ui/status/listenercontrol.h"

#include "ui/status/listenerchip.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

namespace glasspost::ui {

using StateKind = mail::ListenerState::Kind;

ListenerControl::ListenerControl(mail::MailSystem &system, InlineBar &bar, QObject *parent)
    : QObject(parent), m_system(system), m_bar(bar)
{
    connect(&m_system, &mail::MailSystem::listenerChanged, this, &ListenerControl::take);
}

void ListenerControl::attach(ListenerChip *chip)
{
    m_chips.append(chip);
    chip->setListener(m_state);
    connect(chip, &ListenerChip::startAsked, this, &ListenerControl::start);
    connect(chip, &ListenerChip::stopAsked, this, &ListenerControl::stop);
    connect(chip, &ListenerChip::policyAsked, this, &ListenerControl::setPolicy);
    connect(chip, &ListenerChip::settingsAsked, this, &ListenerControl::settingsAsked);
}

void ListenerControl::start()
{
    m_system.startListening(m_system.settings().listener);
}

void ListenerControl::startOnFreePort()
{
    mail::ListenerSettings settings = m_system.settings().listener;
    for (mail::ListenerBinding &binding : settings.bindings)
        binding.port = 0;
    m_system.startListening(settings);
}

void ListenerControl::stop()
{
    m_system.stopListening();
}

void ListenerControl::setPolicy(mail::RecipientPolicy policy)
{
    mail::Settings settings = m_system.settings();
    settings.listener.policy = policy;
    m_system.setSettings(settings).then(this, [this](const mail::Result<void> &saved) {
        if (!saved)
            m_bar.say(InlineBar::Kind::Error, errorText(saved.error()));
        else if (m_state.kind == StateKind::Listening)
            start();
    });
}

void ListenerControl::take(const mail::ListenerState &state)
{
    if (state.kind == StateKind::Failed) {
        m_bar.say(InlineBar::Kind::Error, listenerFailureWords(state.error));
        m_bar.addButton(tr("Preferences …"), [this] { Q_EMIT settingsAsked(); });
        m_bar.addButton(tr("Try again"), [this] { start(); });
        if (state.error.code == mail::ErrorCode::InUse || state.error.code == mail::ErrorCode::NotPermitted)
            m_bar.addButton(tr("Use a free port"), [this] { startOnFreePort(); });
    } else if (m_state.kind == StateKind::Failed) {
        m_bar.dismiss();
    }
    if (state.kind != m_state.kind)
        Q_EMIT told(listenerText(state).text);
    m_state = state;
    for (ListenerChip *chip : std::as_const(m_chips))
        chip->setListener(state);
    Q_EMIT changed(state);
}

} // namespace glasspost::ui
