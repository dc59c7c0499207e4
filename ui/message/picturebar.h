#pragma once

#include "ui/widgets/inlinebar.h"

#include <QStringList>

namespace glasspost::ui {

/// Says which pictures of a message were held back, and takes the person's word for loading them.
class PictureBar : public InlineBar
{
    Q_OBJECT
public:
    explicit PictureBar(QWidget *parent = nullptr);

    /// The addresses of the pictures, and of the sender, who may be nobody.
    void tellHeldBack(const QStringList &addresses, const QString &sender);
    /// notAsked: how many of those that failed are on servers that the message may not make us ask.
    void tellFailed(int failed, int notAsked, int all);

Q_SIGNALS:
    void loadRequested();
    void senderTrusted();
    void everybodyTrusted();
};

/// "3 pictures from a.example, b.example and 2 other servers were not loaded."
[[nodiscard]] QString heldBackWords(const QStringList &addresses);

} // namespace glasspost::ui
