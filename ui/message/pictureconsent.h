#pragma once

#include "mail/system/currentsettings.h"

namespace glasspost::ui {

/// Whose pictures are loaded from their servers without asking, as the settings have it. A sender is the
/// address in From, which anybody can write there: what is consented to is that such mail may let its
/// servers that it is read. GUI thread.
class PictureConsent
{
public:
    /// The settings outlive it.
    explicit PictureConsent(mail::CurrentSettings &settings) : m_settings(settings) { }

    [[nodiscard]] bool holdsFor(const QString &sender) const;
    void give(const QString &sender); ///< one that is empty is nobody
    void giveToAll();

private:
    mail::CurrentSettings &m_settings;
};

} // namespace glasspost::ui
