#pragma once

class QString;
class QWidget;

namespace glasspost::ui {

/// Says which version this is and where the mail lies. Returns at once.
void openAbout(const QString &dataFolder, QWidget *parent);

} // namespace glasspost::ui
