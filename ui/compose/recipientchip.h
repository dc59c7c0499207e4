#pragma once

#include <QAbstractButton>

namespace glasspost::ui {

/// One recipient as a chip: name or address, with a cross; red when it is no address. Enter or a double-click
/// edits it, Delete and Backspace remove it.
class RecipientChip : public QAbstractButton
{
    Q_OBJECT
public:
    enum class Health { Good, Malformed };

    RecipientChip(const QString &entry, Health health, QWidget *parent = nullptr);

    [[nodiscard]] const QString &entry() const { return m_entry; } ///< as typed: "Bob <bob@example.org>"
    [[nodiscard]] Health health() const { return m_health; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void removeRequested();
    void editRequested();
    void moveRequested(int step); ///< -1 to the chip before, 1 to the one after

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QRect crossRect() const;

    QString m_entry;
    Health m_health;
};

} // namespace glasspost::ui
