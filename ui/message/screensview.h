#pragma once

#include "mail/system/mailboxes.h"
#include "ui/message/screendrawer.h"

#include <QScrollArea>

class QLabel;
class QToolButton;

namespace glasspost::ui {

/// A message side by side as a phone, a tablet and a desktop show it, in light colors and in dark ones: made
/// smaller, a click opens one at its full size. Drawn while it is in sight, and given up when it is not, or
/// another message comes. Pictures of servers are not loaded.
class ScreensView : public QScrollArea
{
    Q_OBJECT
public:
    /// The mailboxes outlive it.
    explicit ScreensView(mail::Mailboxes &mailboxes, QWidget *parent = nullptr);

    void show(const mail::MessageId &message);
    [[nodiscard]] ScreenDrawer &drawer() { return m_drawer; }

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    struct Cell
    {
        QToolButton *picture = nullptr;
        QLabel *note = nullptr; ///< what is to be said of it
    };

    void build();
    Cell makeCell(int number);
    void clear();
    void draw();
    void tellSchemes();
    void take(int number, const DrawnScreen &screen);
    void open(int number);

    mail::Mailboxes &m_mailboxes;
    ScreenDrawer m_drawer;
    mail::MessageId m_message;
    bool m_isBegun = false; ///< the pictures of this message are there, or on their way
    bool m_isDone = false;
    QLabel *m_summary;
    QList<Cell> m_cells; ///< as readerScreens()
};

/// "Phone, 360 pixels wide, light".
[[nodiscard]] QString screenText(const ReaderScreen &screen);

} // namespace glasspost::ui
