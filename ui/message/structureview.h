#pragma once

#include "mail/message/messageview.h"

#include <QSplitter>

class QTreeWidget;

namespace glasspost::ui {

/// Every header field in order, and the tree of MIME parts below it.
class StructureView : public QSplitter
{
    Q_OBJECT
public:
    explicit StructureView(QWidget *parent = nullptr);

    void show(const mail::MessageView &message);

Q_SIGNALS:
    void partSaveAsked(const glasspost::mail::PartView &part);

private:
    void showFields(const QList<mail::HeaderField> &fields);
    void showParts(const QList<mail::PartView> &parts);
    void fieldMenu(const QPoint &position);

    QTreeWidget *m_fields;
    QTreeWidget *m_parts;
    QList<mail::PartView> m_shown;
};

} // namespace glasspost::ui
