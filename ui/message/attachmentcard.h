#pragma once

#include "mail/message/messageview.h"

#include <QToolButton>

class QDrag;

namespace glasspost::ui {

/// One attachment: a picture or the icon of its kind, its name, what it is and how large. A click or Enter
/// opens it, or saves what could run; Space looks inside; it can be dragged to another program.
class AttachmentCard : public QToolButton
{
    Q_OBJECT
public:
    explicit AttachmentCard(const mail::PartView &part, QWidget *parent = nullptr);

    [[nodiscard]] const mail::PartView &part() const { return m_part; }
    void setPicture(const QImage &picture);
    void setExcerpt(const QString &text); ///< of its text, for the tooltip
    /// Goes on with a drag once its file is there, unless the button was let go meanwhile.
    void drag(const QString &path);
    /// What it drags then; belongs to the card.
    [[nodiscard]] QDrag *newDrag(const QString &path);

Q_SIGNALS:
    void saveRequested(const glasspost::mail::PartView &part);
    void openRequested(const glasspost::mail::PartView &part);
    void inspectRequested(const glasspost::mail::PartView &part);
    void dragRequested(const glasspost::mail::PartView &part); ///< drag() is the answer

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void openOrSave();
    void showTip();

    mail::PartView m_part;
    QString m_excerpt;
    QPoint m_pressed;
    bool m_isDragging = false; ///< from dragRequested() on until the button is pressed again
};

} // namespace glasspost::ui
