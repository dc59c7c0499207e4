#pragma once

#include "mail/maildir/messageid.h"
#include "mail/settings/settings.h"

#include <QMetaType>
#include <QString>

namespace glasspost::ui {

/// What the centre of the main window shows: a folder of a local user, the outgoing queue, the sessions, or
/// what a search that was saved finds.
struct Place
{
    enum class Kind { Folder, Outgoing, Sessions, Search };
    Kind kind = Kind::Folder;
    mail::FolderId folder; ///< Folder alone
    QString search = {}; ///< Search alone: its name

    friend bool operator==(const Place &, const Place &) = default;
};

/// Whether programs under test send there: they write any Date, so that mail is in order of arrival.
[[nodiscard]] bool isCaptured(const mail::FolderId &folder, const mail::Settings &settings);

} // namespace glasspost::ui

Q_DECLARE_METATYPE(glasspost::ui::Place)
