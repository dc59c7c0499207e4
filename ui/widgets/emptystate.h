#pragma once

#include "ui/theme/icons.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace glasspost::ui {

/// What a view shows while it has nothing: an icon, a heading, a sentence on what the view is for, and the
/// first step as a button. More can be put below.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    EmptyState(IconName icon, const QString &heading, const QString &sentence, QWidget *parent = nullptr);

    void setContent(IconName icon, const QString &heading, const QString &sentence);
    /// The first step; an empty text hides it.
    void setButton(const QString &text);
    [[nodiscard]] QPushButton *button() const { return m_button; }
    /// Takes the widget over and shows it below the button, centred, at most as wide as it likes.
    void addBelow(QWidget *widget);

Q_SIGNALS:
    void buttonClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintPicture();

    IconName m_icon;
    QLabel *m_picture;
    QLabel *m_heading;
    QLabel *m_sentence;
    QPushButton *m_button;
    QVBoxLayout *m_column;
};

} // namespace glasspost::ui
