#include "ui/status/listenercontrol.h"

#include "ui/status/listenerchip.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

namespace glasspost::ui {

using StateKind = mail::ListenerState::Kind;

ListenerControl::ListenerControl(
    mail::ListenerSwitch &listener, mail::CurrentSettings &settings, InlineBar &bar, QObject *parent)
    : QObject(parent), m_listener(listener), m_settings(settings), m_bar(bar)
{
    connect(&m_listener, &mail::ListenerSwitch::changed, this, &ListenerControl::take);
}

void ListenerControl::attach(ListenerChip *chip)
{
    m_chips.append(chip);
    chip->setListener(m_state);
    connect(chip, &ListenerChip::startRequested, this, &ListenerControl::start);
    connect(chip, &ListenerChip::stopRequested, this, &ListenerControl::stop);
    connect(chip, &ListenerChip::policyRequested, this, &ListenerControl::setPolicy);
    connect(chip, &ListenerChip::settingsRequested, this, &ListenerControl::settingsRequested);
}

void ListenerControl::start()
{
    m_listener.start(m_settings.value().listener);
}

void ListenerControl::startOnFreePort()
{
    mail::ListenerSettings settings = m_settings.value().listener;
    for (mail::ListenerBinding &binding : settings.bindings)
        binding.port = 0;
    m_listener.start(settings);
}

void ListenerControl::stop()
{
    m_listener.stop();
}

void ListenerControl::setPolicy(mail::RecipientPolicy policy)
{
    mail::Settings settings = m_settings.value();
    settings.listener.policy = policy;
    m_settings.set(settings).then(this, [this](const mail::Result<void> &saved) {
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
        m_bar.addButton(tr("Preferences …"), [this] { Q_EMIT settingsRequested(); });
        m_bar.addButton(tr("Try again"), [this] { start(); });
        if (state.error.code == mail::ErrorCode::InUse || state.error.code == mail::ErrorCode::NotPermitted)
            m_bar.addButton(tr("Use a free port"), [this] { startOnFreePort(); });
    } else if (m_state.kind == StateKind::Failed) {
        m_bar.dismiss();
    }
    if (state.kind != m_state.kind)
        Q_EMIT happened(listenerText(state).text);
    m_state = state;
    for (ListenerChip *chip : std::as_const(m_chips))
        chip->setListener(state);
    Q_EMIT changed(state);
}

} // namespace glasspost::ui
