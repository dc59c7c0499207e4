#include "ui/message/messageattachments.h"

#include "ui/compose/flowlayout.h"
#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/format.h"

#include <QFileInfo>
#include <QMenu>
#include <QMimeDatabase>
#include <QPainter>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr int shownAtOnce = 6;
constexpr int listedMost = 200;
constexpr int nameWidth = 180;

IconName fileIcon(const mail::PartView &part)
{
    if (part.contentType.startsWith(QLatin1String("image/")))
        return IconName::Image;
    return part.contentType == QLatin1String("message/rfc822") ? IconName::Mail : IconName::File;
}

} // namespace

QString partTitle(const mail::PartView &part)
{
    if (!part.fileName.isEmpty())
        return mail::safeFileName(part.fileName);
    const QString suffix = QMimeDatabase().mimeTypeForName(part.contentType).preferredSuffix();
    const QString base = MessageAttachments::tr("part %1").arg(part.index);
    return suffix.isEmpty() ? base : base + QLatin1Char('.') + suffix;
}

bool mayRun(const mail::PartView &part)
{
    static const QStringList suffixes = QStringLiteral("exe com bat cmd ps1 vbs vbe js jse wsf wsh msi msp "
                                                       "scr pif cpl hta jar lnk url desktop sh bash py pl rb "
                                                       "run appimage deb rpm apk dmg pkg app command reg inf "
                                                       "chm iso img docm xlsm pptm dotm xltm html htm xhtml "
                                                       "xht shtml mht mhtml xml xsl xslt svg svgz")
                                            .split(QLatin1Char(' '));
    const QString suffix = QFileInfo(mail::safeFileName(part.fileName)).suffix().toLower();
    return suffix.isEmpty() || suffixes.contains(suffix)
        || part.contentType.startsWith(QLatin1String("application/x-"));
}

MessageAttachments::MessageAttachments(QWidget *parent) : QWidget(parent), m_row(new FlowLayout(this))
{
    m_row->setContentsMargins(space::two, space::half, space::two, space::half);
    setAccessibleName(tr("Attachments"));
    setVisible(false);
}

void MessageAttachments::show(const QList<mail::PartView> &parts)
{
    while (QLayoutItem *item = m_row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    QList<mail::PartView> attachments;
    std::copy_if(parts.cbegin(), parts.cend(), std::back_inserter(attachments),
        [](const mail::PartView &part) { return part.isAttachment; });
    m_count = int(attachments.size());
    for (const mail::PartView &part : attachments.mid(0, shownAtOnce))
        addPart(part);
    if (m_count > shownAtOnce)
        addMore(attachments.mid(shownAtOnce));
    if (m_count > 1) {
        auto *all = new QToolButton;
        all->setText(tr("Save all …"));
        all->setIcon(icon(IconName::Save));
        all->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        all->setAutoRaise(true);
        connect(all, &QToolButton::clicked, this, &MessageAttachments::saveAllAsked);
        m_row->addWidget(all);
    }
    m_row->addWidget(new QWidget); // the last one of a flow is stretched
    setVisible(m_count > 0);
}

void MessageAttachments::addPart(const mail::PartView &part)
{
    auto *button = new QToolButton;
    const QString title = partTitle(part);
    const QString size = sizeText(part.size);
    button->setIcon(icon(fileIcon(part)));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setText(plainCaption(
        QStringLiteral("%1  %2").arg(fontMetrics().elidedText(title, Qt::ElideMiddle, nameWidth), size)));
    button->setToolTip(plainToolTip(tr("%1\n%2, %3").arg(title, part.contentType, size)));
    button->setAccessibleName(tr("Attachment %1, %2").arg(title, size));
    button->setPopupMode(QToolButton::MenuButtonPopup);
    auto *menu = new QMenu(button);
    menu->addAction(icon(IconName::Save), tr("Save as …"), this, [this, part] { Q_EMIT saveAsked(part); });
    QAction *open = menu->addAction(icon(IconName::Open), tr("Open in its default program"), this,
        [this, part] { Q_EMIT openAsked(part); });
    if (mayRun(part)) {
        open->setEnabled(false);
        open->setText(tr("Cannot be opened from here: this type of file can run code"));
    }
    button->setMenu(menu);
    connect(button, &QToolButton::clicked, this, [this, part] { Q_EMIT saveAsked(part); });
    m_row->addWidget(button);
}

void MessageAttachments::addMore(const QList<mail::PartView> &parts)
{
    auto *more = new QToolButton;
    more->setText(tr("%Ln more", nullptr, int(parts.size())));
    more->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(more);
    for (const mail::PartView &part : parts.mid(0, listedMost)) {
        menu->addAction(icon(fileIcon(part)),
            plainCaption(tr("%1 (%2)").arg(partTitle(part), sizeText(part.size))), this,
            [this, part] { Q_EMIT saveAsked(part); });
    }
    if (parts.size() > listedMost)
        menu->addAction(tr("%Ln more: “Save all” includes them", nullptr, int(parts.size()) - listedMost))
            ->setEnabled(false);
    more->setMenu(menu);
    m_row->addWidget(more);
}

void MessageAttachments::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
    painter.fillRect(0, 0, width(), 1, hairline(palette()));
}

} // namespace glasspost::ui
