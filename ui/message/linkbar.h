#pragma once

#include "ui/widgets/inlinebar.h"

#include <QUrl>

namespace glasspost::ui {

/// Says where a link leads before it is followed, and warns when its words name another server. Lies over the
/// message. The browser opens what has http or https; nothing else is followed.
class LinkBar : public InlineBar
{
    Q_OBJECT
public:
    /// Becomes the content's child.
    explicit LinkBar(QWidget *content);

    /// words: what the link shows; empty where that is its target.
    void ask(const QUrl &target, const QString &words);
};

} // namespace glasspost::ui
