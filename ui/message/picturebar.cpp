#include "ui/message/picturebar.h"

#include "ui/widgets/plaintext.h"

#include <QPushButton>
#include <QUrl>

namespace glasspost::ui {

namespace {

constexpr qsizetype serversNamed = 3;
constexpr qsizetype longestServerName = 60;

QStringList serversOf(const QStringList &addresses)
{
    QStringList servers;
    for (const QString &address : addresses)
        servers.append(shortened(QUrl(address).host(), longestServerName));
    servers.removeDuplicates();
    return servers;
}

} // namespace

QString heldBackWords(const QStringList &addresses)
{
    const QStringList servers = serversOf(addresses);
    const QString named = servers.first(qMin(servers.size(), serversNamed)).join(QLatin1String(", "));
    if (addresses.size() == 1)
        return PictureBar::tr("A picture from %1 was not loaded.").arg(named);
    const int others = int(servers.size() - qMin(servers.size(), serversNamed));
    const QString from
        = others > 0 ? PictureBar::tr("%1 and %Ln other server(s)", nullptr, others).arg(named) : named;
    return PictureBar::tr("%Ln picture(s) from %1 were not loaded.", nullptr, int(addresses.size()))
        .arg(from);
}

PictureBar::PictureBar(QWidget *parent) : InlineBar(parent) { }

void PictureBar::tellHeldBack(const QStringList &addresses, const QString &sender)
{
    say(Kind::Info, heldBackWords(addresses));
    addButton(tr("Loa&d pictures"), [this] {
        Q_EMIT loadRequested();
    })->setToolTip(tr("Load the pictures from these servers, which tells them that the message was opened"));
    if (!sender.isEmpty())
        addButton(tr("Always from this sende&r"), [this] {
            Q_EMIT senderTrusted();
        })->setToolTip(plainToolTip(sender));
    addButton(tr("&Always"), [this] {
        Q_EMIT everybodyTrusted();
    })->setToolTip(tr("Load the pictures of every message from now on"));
}

void PictureBar::tellFailed(int failed, int notAsked, int all)
{
    QString words = tr("%1 of %Ln picture(s) could not be loaded.", nullptr, all).arg(failed);
    if (notAsked > 0)
        words += u' '
            + tr("%Ln picture(s) would come from servers on this network, which mail from outside may not "
                 "contact.",
                nullptr, notAsked);
    say(Kind::Warning, words);
    if (failed > notAsked)
        addButton(tr("Try again"), [this] {
            Q_EMIT loadRequested();
        })->setToolTip(tr("Ask the servers for these pictures once more"));
}

} // namespace glasspost::ui
