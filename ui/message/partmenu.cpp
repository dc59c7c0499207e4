#include "ui/message/partmenu.h"

#include "mail/message/deceivingnames.h"
#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/format.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeDatabase>

namespace glasspost::ui {

namespace {

constexpr qsizetype menusMost = 200;

struct PartWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::PartMenu)
};

} // namespace

void addPartActions(QMenu &menu, const mail::PartView &part, const PartHandlers &handlers)
{
    const bool isContainer = part.contentType.startsWith(QLatin1String("multipart/"));
    menu.addAction(icon(IconName::Search), PartWords::tr("&Look inside"), &menu,
        [part, inspect = handlers.inspect] { inspect(part); });
    if (!isContainer) {
        QAction *open = menu.addAction(icon(IconName::Open),
            isMessage(part) ? PartWords::tr("&Open as a message")
                            : PartWords::tr("&Open in its default program"),
            &menu, [part, handler = handlers.open] { handler(part); });
        if (mayRun(part) && !isMessage(part)) {
            open->setEnabled(false);
            open->setText(PartWords::tr("Cannot be opened from here: this type of file can run code"));
        }
        menu.addAction(icon(IconName::Save), PartWords::tr("&Save as …"), &menu,
            [part, save = handlers.save] { save(part); });
    }
    menu.addAction(icon(IconName::Copy), PartWords::tr("&Copy name"), &menu,
        [name = partTitle(part)] { QGuiApplication::clipboard()->setText(name); });
}

void addPartMenus(QMenu &menu, const QList<mail::PartView> &parts, const PartHandlers &handlers)
{
    for (const mail::PartView &part : parts.first(qMin(parts.size(), menusMost))) {
        QMenu *one
            = menu.addMenu(plainCaption(PartWords::tr("%1 (%2)").arg(partTitle(part), sizeText(part.size))));
        QObject::connect(one, &QMenu::aboutToShow, one, [one, part, handlers] {
            one->clear();
            addPartActions(*one, part, handlers);
        });
    }
    if (parts.size() > menusMost)
        menu.addAction(
                PartWords::tr("%Ln more: “Save all” includes them", nullptr, int(parts.size() - menusMost)))
            ->setEnabled(false);
}

QString partTitle(const mail::PartView &part)
{
    if (!part.fileName.isEmpty())
        return mail::safeFileName(part.fileName);
    const QString suffix = QMimeDatabase().mimeTypeForName(part.contentType).preferredSuffix();
    const QString base = PartWords::tr("part %1").arg(part.index);
    return suffix.isEmpty() ? base : base + QLatin1Char('.') + suffix;
}

bool mayRun(const mail::PartView &part)
{
    return mail::mayRun(partTitle(part), part.contentType);
}

bool isMessage(const mail::PartView &part)
{
    return part.contentType == QLatin1String("message/rfc822")
        || part.contentType == QLatin1String("message/global");
}

} // namespace glasspost::ui
