#pragma once

#include "mail/message/messageview.h"

#include <QWidget>

class QToolButton;

namespace glasspost::ui {

class AttachmentCard;
class FlowLayout;
class GrowingArea;

/// The attachments of a message as cards, in two rows that can be scrolled; beyond some they are rows of a
/// menu.
class MessageAttachments : public QWidget
{
    Q_OBJECT
public:
    explicit MessageAttachments(QWidget *parent = nullptr);

    void show(const QList<mail::PartView> &parts);
    [[nodiscard]] int count() const { return m_count; }
    /// Those that have a card, which a preview makes better.
    [[nodiscard]] QList<mail::PartView> previewed() const;
    /// Of a part that has a card; of others nothing happens.
    void setPicture(int partIndex, const QImage &picture);
    void setExcerpt(int partIndex, const QString &text);
    void drag(int partIndex, const QString &path);

Q_SIGNALS:
    void saveRequested(const glasspost::mail::PartView &part);
    void openRequested(const glasspost::mail::PartView &part);
    void inspectRequested(const glasspost::mail::PartView &part);
    void dragRequested(const glasspost::mail::PartView &part);
    void saveAllRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void addCard(const mail::PartView &part);
    /// Null where the part has none.
    [[nodiscard]] AttachmentCard *card(int partIndex) const;
    void addMore(const QList<mail::PartView> &parts);

    FlowLayout *m_cardRow;
    GrowingArea *m_area;
    QToolButton *m_saveAll;
    QList<AttachmentCard *> m_cards;
    int m_count = 0;
};

} // namespace glasspost::ui
