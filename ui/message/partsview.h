#pragma once

#include "mail/message/messageview.h"

#include <QTreeWidget>

namespace glasspost::ui {

/// The tree of a message's MIME parts. Enter or a double click asks to look into one, its menu also to open
/// and to save it.
class PartsView : public QTreeWidget
{
    Q_OBJECT
public:
    explicit PartsView(QWidget *parent = nullptr);

    void show(const QList<mail::PartView> &parts);

Q_SIGNALS:
    void inspectRequested(const glasspost::mail::PartView &part);
    void openRequested(const glasspost::mail::PartView &part);
    void saveRequested(const glasspost::mail::PartView &part);

private:
    void addRest(qsizetype count);
    void openMenu(const QPoint &position);
    [[nodiscard]] const mail::PartView *partOf(const QTreeWidgetItem *item) const;

    QList<mail::PartView> m_shown;
};

} // namespace glasspost::ui
