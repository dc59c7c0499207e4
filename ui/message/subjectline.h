#pragma once

#include <QWidget>

class QLabel;
class QToolButton;

namespace glasspost::ui {

/// The subject of a message in two lines at most, with "…" where it goes on and a button that shows the rest.
class SubjectLine : public QWidget
{
    Q_OBJECT
public:
    explicit SubjectLine(QWidget *parent = nullptr);

    void show(const QString &subject);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();

    QString m_words; ///< whole, with places to break
    QLabel *m_label;
    QToolButton *m_rest; ///< shows it whole, or short again
};

} // namespace glasspost::ui
