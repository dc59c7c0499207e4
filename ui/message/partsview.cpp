#include "ui/message/partsview.h"

#include "ui/message/partmenu.h"
#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/format.h"

#include <QHeaderView>
#include <QMenu>

namespace glasspost::ui {

namespace {

constexpr qsizetype partsShown = 1000;
constexpr qsizetype partNameShown = 1000; // characters

} // namespace

PartsView::PartsView(QWidget *parent) : QTreeWidget(parent)
{
    setHeaderLabels({tr("Part"), tr("Name"), tr("Charset"), tr("Size")});
    setAccessibleName(tr("MIME parts"));
    setItemsExpandable(false);
    setFrameShape(QFrame::NoFrame);
    setUniformRowHeights(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    header()->setHighlightSections(false);
    for (const int words : {0, 1})
        header()->setSectionResizeMode(words, QHeaderView::Stretch);
    header()->setStretchLastSection(false);
    header()->resizeSection(2, 80);
    header()->resizeSection(3, 90);
    connect(this, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem *item) {
        if (const mail::PartView *part = partOf(item))
            Q_EMIT inspectRequested(*part);
    });
    connect(this, &QWidget::customContextMenuRequested, this, &PartsView::openMenu);
}

void PartsView::show(const QList<mail::PartView> &parts)
{
    clear();
    m_shown = parts;
    QList<QTreeWidgetItem *> path;
    for (int i = 0; i < qMin(parts.size(), partsShown); ++i) {
        const mail::PartView &part = parts[i];
        auto *item = new QTreeWidgetItem(
            {part.contentType, shortened(safeLine(part.fileName), partNameShown), part.charset,
                part.contentType.startsWith(QLatin1String("multipart/")) ? QString() : sizeText(part.size)});
        item->setData(0, Qt::UserRole, i);
        item->setIcon(0, part.isAttachment ? icon(IconName::Attachment) : QIcon());
        item->setToolTip(1, plainToolTip(item->text(1)));
        item->setToolTip(0, tr("Double-click to see its content, headers and checksum"));
        const int depth = std::min<int>(part.depth, int(path.size()));
        if (depth == 0)
            addTopLevelItem(item);
        else
            path[depth - 1]->addChild(item);
        path.resize(depth);
        path.append(item);
    }
    addRest(parts.size() - partsShown);
    expandAll();
}

void PartsView::addRest(qsizetype count)
{
    if (count <= 0)
        return;
    auto *item = new QTreeWidgetItem(
        {tr("%Ln more", nullptr, int(count)), tr("The source of the message shows all of them")});
    item->setData(0, Qt::UserRole, -1);
    addTopLevelItem(item);
}

const mail::PartView *PartsView::partOf(const QTreeWidgetItem *item) const
{
    const int index = item ? item->data(0, Qt::UserRole).toInt() : -1;
    return index < 0 ? nullptr : &m_shown.at(index);
}

void PartsView::openMenu(const QPoint &position)
{
    const mail::PartView *part = partOf(itemAt(position));
    if (!part)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addPartActions(*menu, *part,
        {[this](const mail::PartView &chosen) { Q_EMIT inspectRequested(chosen); },
            [this](const mail::PartView &chosen) { Q_EMIT openRequested(chosen); },
            [this](const mail::PartView &chosen) { Q_EMIT saveRequested(chosen); }});
    menu->popup(viewport()->mapToGlobal(position));
}

} // namespace glasspost::ui
