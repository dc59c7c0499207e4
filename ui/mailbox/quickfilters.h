#pragma once

#include <QString>
#include <QWidget>

class QAction;
class QToolBar;

namespace glasspost::ui {

/// The bar above the message list that leaves out what one does not want to see now: unread, flagged, with an
/// attachment, of today, from one sender. Each is a term of the search language; those that are on go
/// together. Escape in it and its close button ask to close it.
class QuickFilters : public QWidget
{
    Q_OBJECT
public:
    explicit QuickFilters(QWidget *parent = nullptr);

    /// What a message must meet (mail/index/searchtree.h); empty while none is on.
    [[nodiscard]] QString terms() const;
    /// Of the current message, which "from this sender" will mean; empty for none. One that is on keeps its
    /// own.
    void setSender(const QString &address);
    void clear(); ///< without changed()

Q_SIGNALS:
    void changed(); ///< terms(), by a person
    void closeRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QAction *add(const QString &text, const QString &toolTip, const QString &term);
    void showSender();

    QToolBar *m_bar;
    QAction *m_fromSender;
    QString m_sender; ///< of the current message
};

} // namespace glasspost::ui
