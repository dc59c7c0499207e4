#pragma once

#include "ui/mailbox/placesmodel.h"

#include <QTreeView>

namespace glasspost::ui {

/// The mailbox tree at the left. Messages dropped on a folder are moved there (the same user's folders only).
class PlacesTree : public QTreeView
{
    Q_OBJECT
public:
    explicit PlacesTree(PlacesModel *places, QWidget *parent = nullptr);

    void select(const Place &place);
    [[nodiscard]] std::optional<Place> current() const;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void placeSelected(const glasspost::ui::Place &place); ///< also the one that was current before
    void messagesDropped(const glasspost::mail::FolderId &folder);
    /// The folder's name is null for a user.
    void menuRequested(const glasspost::mail::FolderId &folder, const QPoint &globalPosition);
    void searchMenuRequested(const QString &search, const QPoint &globalPosition);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void drawBranches(QPainter *painter, const QRect &rect, const QModelIndex &index) const override;

private:
    PlacesModel *m_places;
};

/// The mime type under which the message list gives its selection to a drag; the octets are the user's name.
extern const char *const messagesMimeType;

} // namespace glasspost::ui
