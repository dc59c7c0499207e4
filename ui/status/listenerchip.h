#pragma once

#include "mail/system/listenerstate.h"
#include "ui/widgets/chip.h"

namespace glasspost::ui {

/// "Listening 127.0.0.1:2525, catch-all": the one line about a listener, and its tone. Red only when it
/// failed, amber when it is open beyond this machine.
[[nodiscard]] StateChip listenerText(const mail::ListenerState &state);
/// "127.0.0.1:2525", "[::1]:2525".
[[nodiscard]] QString bindingText(const mail::ListenerBinding &binding);
/// What to do about a listener that failed, in a sentence.
[[nodiscard]] QString listenerFailureWords(const mail::Error &error);

/// The listener's state as a chip with a menu: start, stop, policy, addresses to copy, settings. The tool bar
/// has the short form (the port), the status bar the long one.
class ListenerChip : public Chip
{
    Q_OBJECT
public:
    enum class Form { Short, Long };

    explicit ListenerChip(Form form, QWidget *parent = nullptr);

    void setListener(const mail::ListenerState &state);

Q_SIGNALS:
    void startRequested();
    void stopRequested();
    void policyRequested(glasspost::mail::RecipientPolicy policy);
    void settingsRequested();

private:
    void openMenu();

    Form m_form;
    mail::ListenerState m_state;
};

} // namespace glasspost::ui
