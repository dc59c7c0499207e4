#pragma once

#include "ui/message/html/htmlview.h"

#include <QWidget>

class QLabel;
class QLineEdit;

namespace glasspost::ui {

/// The row under a message in which one types what to find in it. Hidden until asked for; Escape closes it.
class FindRow : public QWidget
{
    Q_OBJECT
public:
    explicit FindRow(HtmlView &view, QWidget *parent = nullptr);

    void open();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void find(HtmlView::Direction direction);

    HtmlView &m_view;
    QLineEdit *m_words;
    QLabel *m_outcome;
};

} // namespace glasspost::ui
