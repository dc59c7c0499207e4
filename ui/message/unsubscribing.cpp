#include "ui/message/unsubscribing.h"

#include "mail/system/oneclickpost.h"
#include "ui/message/linktarget.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"

#include <QCoreApplication>
#include <QPushButton>

namespace glasspost::ui {

namespace {

struct UnsubscribeWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Unsubscribe)
};

constexpr qsizetype listShown = 100;

void postOneClick(InlineBar &bar, const QUrl &url)
{
    const QString server = url.host(QUrl::FullyEncoded);
    bar.say(InlineBar::Kind::Info, UnsubscribeWords::tr("Asking %1 …").arg(server));
    auto *post = new mail::OneClickPost(mail::OneClickServers::Public, &bar);
    post->post(url).then(post, [&bar, post, server](const mail::Result<void> &done) {
        if (done)
            bar.say(InlineBar::Kind::Success,
                UnsubscribeWords::tr("%1 accepted the request. The list should send nothing more.")
                    .arg(server));
        else
            bar.say(InlineBar::Kind::Error,
                UnsubscribeWords::tr("%1 did not accept the request: %2")
                    .arg(server, safeLine(done.error().systemText)));
        post->deleteLater();
    });
}

} // namespace

void askToUnsubscribe(InlineBar &bar, const mail::ListUnsubscribe &list, const UnsubscribeWays &ways)
{
    const QString name
        = list.list.isEmpty() ? UnsubscribeWords::tr("this list") : shortened(safeLine(list.list), listShown);
    QString words = UnsubscribeWords::tr("Unsubscribe from %1?").arg(name);
    if (!list.web.isEmpty())
        words += QLatin1Char(' ')
            + (list.isOneClick ? UnsubscribeWords::tr(
                   "One request goes to %1, which learns that this address reads its mail.")
                               : UnsubscribeWords::tr("Its page is at %1."))
                  .arg(shortened(shownTarget(list.web), listShown));
    bar.say(InlineBar::Kind::Info, words);
    if (list.isOneClick)
        bar.addButton(
               UnsubscribeWords::tr("Unsu&bscribe"), [&bar, url = list.web] { postOneClick(bar, url); })
            ->setToolTip(UnsubscribeWords::tr("Send one request to leave the list"));
    else if (!list.web.isEmpty())
        bar.addButton(UnsubscribeWords::tr("Open the &page"), [ways, url = list.web] { ways.visit(url); })
            ->setToolTip(UnsubscribeWords::tr("Show where the page is before the browser opens it"));
    if (!list.mailto.isEmpty())
        bar.addButton(
               UnsubscribeWords::tr("Unsubs&cribe by e-mail"), [ways, url = list.mailto] { ways.write(url); })
            ->setToolTip(UnsubscribeWords::tr("Open the message that leaves the list, for you to send"));
}

} // namespace glasspost::ui
