#pragma once

#include "mail/message/messageview.h"

#include <QWidget>

class QToolButton;

namespace glasspost::ui {

class AttachmentCard;
class FlowLayout;
class GrowingArea;
struct PartHandlers;

/// The attachments of a message as cards, in two rows that can be scrolled; beyond some they are rows of a
/// menu, which have what a card's menu has.
class MessageAttachments : public QWidget
{
    Q_OBJECT
public:
    explicit MessageAttachments(QWidget *parent = nullptr);

    void show(const QList<mail::PartView> &parts);
    [[nodiscard]] const QList<mail::PartView> &parts() const { return m_parts; }
    /// The card that had the focus last, at first the first one; null where there is none.
    [[nodiscard]] AttachmentCard *currentCard() const { return m_cards.value(m_current); }
    /// What is done with a part, as if it were chosen from its card.
    [[nodiscard]] PartHandlers handlers();
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
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void addCard(const mail::PartView &part);
    /// Null where the part has none.
    [[nodiscard]] AttachmentCard *card(int partIndex) const;
    void addMore(const QList<mail::PartView> &parts);

    FlowLayout *m_cardRow;
    GrowingArea *m_area;
    QToolButton *m_saveAll;
    QList<mail::PartView> m_parts; ///< those that are attachments
    QList<AttachmentCard *> m_cards;
    qsizetype m_current = 0; ///< of m_cards
};

} // namespace glasspost::ui
