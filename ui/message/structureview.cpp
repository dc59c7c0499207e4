#include "ui/message/structureview.h"

#include "ui/message/messageattachments.h"
#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/format.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QTreeWidget>

namespace glasspost::ui {

namespace {

constexpr qsizetype fieldsShown = 500;
constexpr qsizetype partsShown = 1000;
constexpr qsizetype valueShown = 1000; // characters of a field

/// Says that there is more than is listed.
void addRest(QTreeWidget *tree, qsizetype count)
{
    if (count <= 0)
        return;
    auto *item = new QTreeWidgetItem({StructureView::tr("%Ln more", nullptr, int(count)),
        StructureView::tr("The source of the message shows all of them")});
    item->setData(0, Qt::UserRole, -1);
    tree->addTopLevelItem(item);
}

} // namespace

StructureView::StructureView(QWidget *parent)
    : QSplitter(Qt::Vertical, parent), m_fields(new QTreeWidget), m_parts(new QTreeWidget)
{
    m_fields->setHeaderLabels({tr("Field"), tr("Value")});
    m_fields->setRootIsDecorated(false);
    m_fields->setAccessibleName(tr("Header fields"));
    m_fields->setWordWrap(true);
    m_fields->setContextMenuPolicy(Qt::CustomContextMenu);
    m_parts->setHeaderLabels({tr("Part"), tr("Name"), tr("Charset"), tr("Size")});
    m_parts->setAccessibleName(tr("MIME parts"));
    m_parts->setItemsExpandable(false);
    for (QTreeWidget *tree : {m_fields, m_parts}) {
        tree->setFrameShape(QFrame::NoFrame);
        tree->header()->setHighlightSections(false);
        tree->setUniformRowHeights(tree == m_parts);
        addWidget(tree);
    }
    m_fields->header()->resizeSection(0, 170);
    m_parts->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_parts->header()->setStretchLastSection(false);
    m_parts->header()->resizeSection(0, 230);
    setStretchFactor(0, 3);
    setStretchFactor(1, 1);
    setChildrenCollapsible(false);
    connect(m_fields, &QWidget::customContextMenuRequested, this, &StructureView::fieldMenu);
    connect(m_parts, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem *item) {
        if (const int part = item->data(0, Qt::UserRole).toInt(); part >= 0)
            Q_EMIT partSaveAsked(m_shown[part]);
    });
}

void StructureView::show(const mail::MessageView &message)
{
    showFields(message.header);
    showParts(message.parts);
}

void StructureView::showFields(const QList<mail::HeaderField> &fields)
{
    m_fields->clear();
    QList<QTreeWidgetItem *> items;
    for (const mail::HeaderField &field : fields.mid(0, fieldsShown)) {
        const QString value = shortened(safeLine(field.value), valueShown);
        auto *item = new QTreeWidgetItem({shortened(safeLine(field.name), valueShown), value});
        item->setToolTip(1, plainToolTip(value));
        item->setTextAlignment(0, Qt::AlignTop | Qt::AlignLeading);
        item->setForeground(0, mutedText(palette()));
        items.append(item);
    }
    m_fields->addTopLevelItems(items);
    addRest(m_fields, fields.size() - fieldsShown);
}

void StructureView::showParts(const QList<mail::PartView> &parts)
{
    m_parts->clear();
    m_shown = parts;
    QList<QTreeWidgetItem *> path;
    for (int i = 0; i < qMin(parts.size(), partsShown); ++i) {
        const mail::PartView &part = parts[i];
        auto *item = new QTreeWidgetItem(
            {part.contentType, shortened(safeLine(part.fileName), valueShown), part.charset,
                part.contentType.startsWith(QLatin1String("multipart/")) ? QString() : sizeText(part.size)});
        item->setData(0, Qt::UserRole, i);
        item->setIcon(0, part.isAttachment ? icon(IconName::Attachment) : QIcon());
        item->setToolTip(0, tr("Double-click to save this part"));
        const int depth = std::min<int>(part.depth, int(path.size()));
        if (depth == 0)
            m_parts->addTopLevelItem(item);
        else
            path[depth - 1]->addChild(item);
        path.resize(depth);
        path.append(item);
    }
    addRest(m_parts, parts.size() - partsShown);
    m_parts->expandAll();
}

void StructureView::fieldMenu(const QPoint &position)
{
    const QTreeWidgetItem *item = m_fields->itemAt(position);
    if (item == nullptr)
        return;
    const QString line = QStringLiteral("%1: %2").arg(item->text(0), item->text(1));
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(icon(IconName::Copy), tr("Copy field"), this,
        [line] { QGuiApplication::clipboard()->setText(line); });
    menu->popup(m_fields->viewport()->mapToGlobal(position));
}

} // namespace glasspost::ui
