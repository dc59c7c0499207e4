#pragma once

#include <QPlainTextEdit>

namespace glasspost::ui {

/// Text of a message, read only: quotes and signature step back, links can be clicked, nothing is fetched.
class TextView : public QPlainTextEdit
{
    Q_OBJECT
public:
    enum class Look { Prose, Source };

    explicit TextView(Look look, QWidget *parent = nullptr);

Q_SIGNALS:
    void linkActivated(const QUrl &url);

protected:
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QString linkAt(const QPoint &position) const;
    void setFace();

    Look m_look;
};

} // namespace glasspost::ui
