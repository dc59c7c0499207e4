#include "ui/message/addressmenu.h"

#include "ui/theme/icons.h"
#include "ui/words/addresstext.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QMenu>

namespace glasspost::ui {

namespace {

struct AddressWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::AddressMenu)
};

} // namespace

QUrl mailtoOf(const QString &address)
{
    QUrl url;
    url.setScheme(QStringLiteral("mailto"));
    url.setPath(address, QUrl::DecodedMode);
    return url;
}

QString queryFor(QLatin1String field, const QString &address)
{
    return QStringLiteral("%1:\"%2\"").arg(field, safeLine(address).remove(u'"'));
}

void addAddressActions(QMenu &menu, const mail::AddressView &address, const AddressHandlers &handlers)
{
    const auto copy = [](const QString &text) { QGuiApplication::clipboard()->setText(text); };
    const QString whole = addressText(address);
    menu.addAction(icon(IconName::Copy), AddressWords::tr("&Copy address"), &menu,
        [copy, text = safeLine(address.address)] { copy(text); });
    if (whole != safeLine(address.address))
        menu.addAction(AddressWords::tr("Copy &name and address"), &menu, [copy, whole] { copy(whole); });
    menu.addSeparator();
    menu.addAction(icon(IconName::NewMessage), AddressWords::tr("&Write to this address"), &menu,
        [write = handlers.write, mailto = mailtoOf(address.address)] { write(mailto); });
    menu.addAction(icon(IconName::Search), AddressWords::tr("Find mail &from this address"), &menu,
        [find = handlers.find, query = queryFor(QLatin1String("from"), address.address)] { find(query); });
    menu.addAction(AddressWords::tr("Find mail &to this address"), &menu,
        [find = handlers.find, query = queryFor(QLatin1String("to"), address.address)] { find(query); });
}

} // namespace glasspost::ui
