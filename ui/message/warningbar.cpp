#include "ui/message/warningbar.h"

namespace glasspost::ui {

namespace {

/// The sentence for one of MessageView::warnings.
QString sentenceFor(const QString &key)
{
    if (key == QLatin1String("several-from"))
        return WarningBar::tr(
            "This message has more than one From field: other programs may show another sender.");
    if (key == QLatin1String("name-looks-like-address"))
        return WarningBar::tr("The sender's name looks like an address, but is not the sender's address.");
    if (key == QLatin1String("group-from"))
        return WarningBar::tr("The sender is a group of addresses: nobody says who of them wrote.");
    if (key == QLatin1String("truncated"))
        return WarningBar::tr("Only the beginning of this large message is shown. Save it to see all of it.");
    return WarningBar::tr("Note: %1.").arg(QString(key).replace(QLatin1Char('-'), QLatin1Char(' ')));
}

} // namespace

WarningBar::WarningBar(QWidget *parent) : InlineBar(parent) { }

void WarningBar::show(const mail::MessageView &message)
{
    QStringList sentences;
    for (const QString &key : message.warnings)
        sentences.append(sentenceFor(key));
    if (message.sourceSize > message.source.size())
        sentences.append(sentenceFor(QStringLiteral("truncated")));
    sentences.removeDuplicates();
    if (sentences.isEmpty())
        dismiss();
    else
        say(Kind::Warning, sentences.join(QLatin1Char('\n')));
}

} // namespace glasspost::ui
