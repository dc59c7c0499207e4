#include "ui/mailbox/placestree.h"

#include "ui/mailbox/foldercolor.h"
#include "ui/theme/icons.h"
#include "ui/words/format.h"

#include <QContextMenuEvent>
#include <QDropEvent>
#include <QFocusEvent>
#include <QMimeData>
#include <QPainter>
#include <QStyledItemDelegate>

namespace glasspost::ui {

const char *const messagesMimeType = "application/x-glasspost-messages";

namespace {

constexpr int placeIconSide = 18;
constexpr int markSide = space::one; ///< of a folder's color
constexpr int deepestShown = 4; ///< folders in folders that are indented further
constexpr int inset = space::half; ///< of the rounded ground of a row

/// Icon, name, and the count as a number at the far end: bold where something is unread, whose places they
/// are as a heading.
class PlaceDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const int padding
            = index.data(PlacesModel::IsHeadingRole).toBool() ? space::two : space::one + space::half;
        return {80, option.fontMetrics.height() + padding + gapAbove(index)};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        if (index.data(PlacesModel::IsHeadingRole).toBool())
            paintHeading(painter, option, index);
        else
            paintPlace(painter, option, index);
        painter->restore();
    }

private:
    /// Outgoing and Sessions are nobody's folders: they are kept apart.
    static int gapAbove(const QModelIndex &index)
    {
        const QVariant place = index.data(PlacesModel::PlaceRole);
        const bool isFirstFixed
            = place.isValid() && place.value<Place>().kind == Place::Kind::Outgoing && index.row() > 0;
        return isFirstFixed ? space::two : 0;
    }

    static void paintHeading(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index)
    {
        QFont font = option.font;
        font.setBold(true);
        painter->setFont(font);
        painter->setPen(mutedText(option.palette));
        const QRect place = option.rect.adjusted(inset + space::one, space::half, -space::one, 0);
        painter->drawText(place, Qt::AlignVCenter | Qt::AlignLeading,
            QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, place.width()));
    }

    static void paintMark(QPainter *painter, const QRect &place, const QColor &color)
    {
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawEllipse(place);
    }

    static void paintPlace(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index)
    {
        const bool selected = option.state & QStyle::State_Selected;
        const QPalette &palette = option.palette;
        const int gap = gapAbove(index);
        if (gap > 0)
            painter->fillRect(option.rect.left() + space::one + inset, option.rect.top() + gap / 2,
                option.rect.width() - 2 * (space::one + inset), 1, hairline(palette));
        const QRect row = option.rect.adjusted(inset, gap + 1, -inset, -1);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        if (selected || option.state & QStyle::State_MouseOver) {
            painter->setBrush(selected ? palette.color(QPalette::Active, QPalette::Highlight)
                                       : palette.color(QPalette::Window).darker(isDark(palette) ? 85 : 105));
            painter->drawRoundedRect(QRectF(row), 5, 5);
        }
        const QColor ink = palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
        const int depth = std::min(index.data(PlacesModel::DepthRole).toInt(), deepestShown);
        QRect content = row.adjusted(space::one + depth * space::two, 0, -space::one, 0);
        const int count = index.data(PlacesModel::CountRole).toInt();
        const bool warning = index.data(PlacesModel::IsWarningRole).toBool();
        const Qt::LayoutDirection direction = option.direction;

        const QRect picture(
            content.left(), content.center().y() - placeIconSide / 2 + 1, placeIconSide, placeIconSide);
        index.data(Qt::DecorationRole)
            .value<QIcon>()
            .paint(painter, QStyle::visualRect(direction, content, picture), Qt::AlignCenter,
                selected ? QIcon::Selected : QIcon::Normal);

        QFont font = option.font;
        font.setBold(count > 0);
        painter->setFont(font);
        const QFontMetrics metrics(font);
        const QString number = count > 0 ? countText(count) : QString();
        const int numberWidth = number.isEmpty() ? 0 : metrics.horizontalAdvance(number) + space::one;
        const QString color = index.data(PlacesModel::ColorRole).toString();
        const int markWidth = color.isEmpty() ? 0 : markSide + space::one;
        const QRect name(content.left() + placeIconSide + space::one, content.top(),
            content.width() - placeIconSide - space::one - numberWidth - markWidth, content.height());
        const QRect amount(content.right() - numberWidth, content.top(), numberWidth + 1, content.height());
        painter->setPen(ink);
        const QString shown = metrics.elidedText(index.data().toString(), Qt::ElideRight, name.width());
        painter->drawText(
            QStyle::visualRect(direction, content, name), Qt::AlignVCenter | Qt::AlignLeading, shown);
        if (!color.isEmpty()) {
            const QRect mark(
                name.left() + std::min(name.width(), metrics.horizontalAdvance(shown)) + space::one,
                content.center().y() - markSide / 2 + 1, markSide, markSide);
            paintMark(painter, QStyle::visualRect(direction, content, mark),
                folderMarkColor(color, palette.color(selected ? QPalette::Highlight : QPalette::Window)));
        }
        painter->setPen(ink);
        if (!number.isEmpty()) {
            if (!selected)
                painter->setPen(warning ? toneColor(palette, Tone::Refused) : mutedText(palette));
            painter->drawText(
                QStyle::visualRect(direction, content, amount), Qt::AlignVCenter | Qt::AlignTrailing, number);
        }
    }
};

} // namespace

PlacesTree::PlacesTree(PlacesModel *places, QWidget *parent) : QTreeView(parent), m_places(places)
{
    setModel(places);
    setItemDelegate(new PlaceDelegate(this));
    setHeaderHidden(true);
    setFrameShape(QFrame::NoFrame);
    setIndentation(0); // the delegate insets its rows
    setRootIsDecorated(false);
    setItemsExpandable(false);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAcceptDrops(true);
    setDropIndicatorShown(true);
    setAccessibleName(tr("Mailboxes"));
    QPalette ground = palette();
    ground.setColor(QPalette::Base, ground.color(QPalette::Window));
    viewport()->setBackgroundRole(QPalette::Window);
    connect(places, &QAbstractItemModel::rowsInserted, this, &QTreeView::expandAll);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &index) {
        if (const std::optional<Place> place = m_places->place(index))
            Q_EMIT placeSelected(*place);
    });
    // The place that is current already is a way out of a search.
    for (const auto chosen : {&QAbstractItemView::clicked, &QAbstractItemView::activated})
        connect(this, chosen, this, [this](const QModelIndex &index) {
            if (const std::optional<Place> place = m_places->place(index))
                Q_EMIT placeSelected(*place);
        });
    expandAll();
}

void PlacesTree::select(const Place &place)
{
    const QModelIndex index = m_places->indexOf(place);
    if (index.isValid() && index == currentIndex())
        Q_EMIT placeSelected(place);
    else if (index.isValid())
        setCurrentIndex(index);
}

std::optional<Place> PlacesTree::current() const
{
    return m_places->place(currentIndex());
}

QSize PlacesTree::sizeHint() const
{
    return {208, 400};
}

void PlacesTree::focusInEvent(QFocusEvent *event)
{
    // The view would go to its first row by itself.
    // NOLINTNEXTLINE(bugprone-parent-virtual-call)
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void PlacesTree::mousePressEvent(QMouseEvent *event)
{
    // Beside the rows nothing is meant: the place in sight stays the selected one.
    if (const QModelIndex index = indexAt(event->pos()); index.isValid() && m_places->place(index))
        QTreeView::mousePressEvent(event);
}

void PlacesTree::contextMenuEvent(QContextMenuEvent *event)
{
    const QModelIndex index = indexAt(event->pos());
    const std::optional<Place> place = m_places->place(index);
    if (place && place->kind == Place::Kind::Search)
        Q_EMIT searchMenuRequested(place->search, event->globalPos());
    else if (index.data(PlacesModel::IsUserRole).toBool())
        Q_EMIT menuRequested({index.data().toString(), {}}, event->globalPos());
    else if (place && place->kind == Place::Kind::Folder)
        Q_EMIT menuRequested(
            {place->folder.user, place->folder.folder.isNull() ? QStringLiteral("") : place->folder.folder},
            event->globalPos());
}

void PlacesTree::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasFormat(QLatin1String(messagesMimeType)))
        event->acceptProposedAction();
}

void PlacesTree::dragMoveEvent(QDragMoveEvent *event)
{
    const std::optional<Place> place = m_places->place(indexAt(event->position().toPoint()));
    const QByteArray user = event->mimeData()->data(QLatin1String(messagesMimeType));
    event->setAccepted(
        place && place->kind == Place::Kind::Folder && place->folder.user == QString::fromUtf8(user));
}

void PlacesTree::dropEvent(QDropEvent *event)
{
    const std::optional<Place> place = m_places->place(indexAt(event->position().toPoint()));
    if (!place || place->kind != Place::Kind::Folder)
        return;
    event->acceptProposedAction();
    Q_EMIT messagesDropped(place->folder);
}

void PlacesTree::drawBranches(QPainter *, const QRect &, const QModelIndex &) const { }

} // namespace glasspost::ui
