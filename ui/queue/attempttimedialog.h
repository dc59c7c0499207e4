#pragma once

#include <QDateTime>
#include <QDialog>

class QDateTimeEdit;

namespace glasspost::ui {

/// Asks for the time before which a message in the queue is not tried. Not blocking: open() it. GUI thread.
class AttemptTimeDialog : public QDialog
{
    Q_OBJECT
public:
    /// proposed: what it shows at first; a time that is over becomes the next full hour.
    AttemptTimeDialog(const QDateTime &proposed, int messages, QWidget *parent = nullptr);

    [[nodiscard]] QDateTimeEdit *edit() const { return m_edit; }

Q_SIGNALS:
    void chosen(const QDateTime &time);

private:
    QDateTimeEdit *m_edit;
};

} // namespace glasspost::ui
