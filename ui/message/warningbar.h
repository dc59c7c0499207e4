#pragma once

#include "mail/message/messageview.h"
#include "ui/widgets/inlinebar.h"

namespace glasspost::ui {

/// What is to be known about a message before its words are believed, a sentence a line.
class WarningBar : public InlineBar
{
    Q_OBJECT
public:
    explicit WarningBar(QWidget *parent = nullptr);

    void show(const mail::MessageView &message); ///< hidden when there is nothing
};

} // namespace glasspost::ui
