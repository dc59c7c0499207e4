#pragma once

#include "mail/message/draft.h"

#include <QHash>
#include <QWidget>

namespace glasspost::ui {

class FlowLayout;

/// The attachments of a message being written: name, size, a cross. Sizes are read on a pool thread. Hidden
/// while there are none.
class FileStrip : public QWidget
{
    Q_OBJECT
public:
    explicit FileStrip(QWidget *parent = nullptr);

    void setAttachments(const QList<mail::DraftAttachment> &attachments);
    void addFiles(const QStringList &paths);
    [[nodiscard]] const QList<mail::DraftAttachment> &attachments() const { return m_attachments; }

Q_SIGNALS:
    void changed();
    /// These are folders, cannot be read or are not there.
    void refused(const QStringList &paths);

private:
    void look(const QStringList &paths);
    void taken(const QHash<QString, qint64> &sizes, const QStringList &bad);
    void rebuild();
    void remove(const QString &path);

    FlowLayout *m_flow;
    QList<mail::DraftAttachment> m_attachments;
    QHash<QString, qint64> m_sizes;
};

} // namespace glasspost::ui
