#include "ui/compose/filestrip.h"

#include "mail/base/worker.h"
#include "ui/compose/flowlayout.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/format.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace glasspost::ui {

namespace {

QString nameOf(const QString &path)
{
    return path.section(QLatin1Char('/'), -1);
}

} // namespace

FileStrip::FileStrip(QWidget *parent) : QWidget(parent), m_flow(new FlowLayout(this, space::one))
{
    m_flow->setContentsMargins(space::two, space::one, space::two, space::one);
    setAccessibleName(tr("Attachments"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setVisible(false);
}

void FileStrip::setAttachments(const QList<mail::DraftAttachment> &attachments)
{
    m_attachments = attachments;
    QStringList paths;
    for (const mail::DraftAttachment &one : attachments)
        paths << one.path;
    look(paths);
    rebuild();
}

void FileStrip::addFiles(const QStringList &paths)
{
    for (const QString &path : paths) {
        const bool isNew = std::none_of(m_attachments.cbegin(), m_attachments.cend(),
            [&](const mail::DraftAttachment &one) { return one.path == path; });
        if (isNew)
            m_attachments.append({path, nameOf(path), {}});
    }
    look(paths);
    rebuild();
    Q_EMIT changed();
}

void FileStrip::look(const QStringList &paths)
{
    if (paths.isEmpty())
        return;
    struct Seen
    {
        QHash<QString, qint64> sizes;
        QStringList bad;
    };
    const auto lookAtAll = [paths] {
        Seen seen;
        for (const QString &path : paths) {
            const QFileInfo file(path);
            if (file.isFile() && file.isReadable())
                seen.sizes.insert(path, file.size());
            else
                seen.bad << path;
        }
        return seen;
    };
    mail::runInPool(lookAtAll).andThen(this, [this](const Seen &seen) { taken(seen.sizes, seen.bad); });
}

void FileStrip::taken(const QHash<QString, qint64> &sizes, const QStringList &bad)
{
    m_sizes.insert(sizes);
    m_attachments.removeIf([&](const mail::DraftAttachment &one) { return bad.contains(one.path); });
    rebuild();
    if (!bad.isEmpty()) {
        Q_EMIT refused(bad);
        Q_EMIT changed();
    }
}

void FileStrip::rebuild()
{
    while (QLayoutItem *item = m_flow->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const mail::DraftAttachment &one : m_attachments) {
        auto *card = new QFrame;
        card->setFrameShape(QFrame::StyledPanel);
        auto *row = new QHBoxLayout(card);
        row->setContentsMargins(space::one, 2, 2, 2);
        row->setSpacing(space::half);
        QLabel *picture = plainLabel();
        picture->setPixmap(iconPixmap(IconName::File, mutedText(palette()), 16, devicePixelRatioF()));
        QLabel *name = plainLabel(fontMetrics().elidedText(one.name, Qt::ElideMiddle, 260));
        name->setToolTip(plainToolTip(one.name));
        QLabel *size = plainLabel(m_sizes.contains(one.path) ? sizeText(m_sizes.value(one.path)) : QString());
        QPalette muted = size->palette();
        muted.setColor(QPalette::WindowText, mutedText(palette()));
        size->setPalette(muted);
        size->setForegroundRole(QPalette::WindowText);
        auto *cross = new QToolButton;
        cross->setIcon(icon(IconName::Close));
        cross->setAutoRaise(true);
        const QString removes = tr("Remove %1").arg(one.name);
        cross->setToolTip(plainToolTip(removes));
        cross->setAccessibleName(removes);
        connect(cross, &QToolButton::clicked, this, [this, path = one.path] { remove(path); });
        for (QWidget *part : std::initializer_list<QWidget *>{picture, name, size, cross})
            row->addWidget(part);
        m_flow->insertWidget(m_flow->count(), card);
        card->show();
    }
    if (!m_attachments.isEmpty()) {
        auto *rest = new QWidget; // takes what is left of the last line
        m_flow->insertWidget(m_flow->count(), rest);
        rest->show();
    }
    setVisible(!m_attachments.isEmpty());
    updateGeometry();
}

void FileStrip::remove(const QString &path)
{
    m_attachments.removeIf([&](const mail::DraftAttachment &one) { return one.path == path; });
    rebuild();
    Q_EMIT changed();
}

} // namespace glasspost::ui
