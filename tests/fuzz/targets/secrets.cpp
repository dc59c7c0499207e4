// What keeps secrets and paths where they belong: the blotters of transcripts, and the check of a path that
// was read back.
#include "mail/journal/innerpath.h"
#include "smtp/session/blotting.h"
#include "tests/fuzz/target.h"

#include <QDir>

namespace glasspost::fuzz {

using namespace glasspost::smtp;

namespace {

const QByteArray secret = "s3cr3t-w0rd";

QByteArray shownBy(CommandBlotter &blotter, const QByteArray &line)
{
    const QByteArray shown = blotter.shown(parseCommand(line), line);
    demand(shown == line || shown == "***" || (shown.endsWith(" ***") && line.startsWith(shown.chopped(4))),
        "a line is shown as it is, or the front of it");
    return shown;
}

} // namespace

/// Whatever was said before, and whatever stands around it.
void blotting(QByteArrayView input)
{
    const QByteArray text = input.toByteArray();
    CommandBlotter blotter;
    for (const QByteArray &line : text.split('\n'))
        (void)shownBy(blotter, line);
    for (const QByteArray &form : {secret, secret.toBase64()}) {
        demand(!shownBy(blotter, "AUTH PLAIN " + form).contains(form), "an initial response is not shown");
        demand(!shownBy(blotter, form).contains(form), "nor what follows it");
        demand(!shownBy(blotter, "auth\t" + text + ' ' + form).contains(form), "nor what follows AUTH");
    }
    ReplyBlotter replies;
    replies.add(secret);
    for (const QByteArray &form : {secret, secret.toUpper(), ' ' + secret.toBase64(), ' ' + secret.toHex()})
        demand(!replies.blotted(text + form + text).contains(form.trimmed()) || text.contains(form.trimmed()),
            "a secret that is said back is not shown");
    demand(!replies.blotted(text).toLower().contains(secret), "nor one that stands in the text");
}

void innerPath(QByteArrayView input)
{
    const QByteArray path = input.toByteArray();
    const QString top = QStringLiteral("/top/");
    const bool isInner = mail::isInnerPath(path);
    const QString whole = QDir::cleanPath(top + QString::fromLatin1(path));
    demand(!isInner || (whole.startsWith(top) && whole.size() == top.size() + path.size()),
        "an inner path stays below the folder, and nothing is left of it to clean");
    demand(!isInner || !path.contains('\0'), "no path ends before its end");
}

} // namespace glasspost::fuzz
