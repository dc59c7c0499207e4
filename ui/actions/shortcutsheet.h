#pragma once

#include <QWidget>

namespace glasspost::ui {

/// Every action and its keys on a sheet over the window; any key or click closes it.
class ShortcutSheet : public QWidget
{
    Q_OBJECT
public:
    explicit ShortcutSheet(QWidget *window);

    void open();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();

    QWidget *m_sheet;
};

} // namespace glasspost::ui
