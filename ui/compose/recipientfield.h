#pragma once

#include <QList>
#include <QWidget>

class QAbstractItemModel;
class QLineEdit;

namespace glasspost::ui {

class FlowLayout;
class RecipientChip;

/// Where recipients are typed: each becomes a chip on comma, semicolon, Enter, Tab or when the field is left;
/// a list that is pasted becomes as many. Offers known addresses during typing.
class RecipientField : public QWidget
{
    Q_OBJECT
public:
    explicit RecipientField(QWidget *parent = nullptr);

    /// An RFC 5322 address list, chips and what is still being typed.
    [[nodiscard]] QString text() const;
    void setText(const QString &list);
    void setKnownAddresses(QAbstractItemModel *known);
    /// Makes chips of what is still text.
    void commit();
    [[nodiscard]] QList<RecipientChip *> chips() const { return m_chips; }
    [[nodiscard]] QLineEdit *edit() const { return m_edit; }

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject *object, QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void addChip(const QString &entry);
    void removeChip(RecipientChip *chip);
    void editChip(RecipientChip *chip);
    void moveFrom(RecipientChip *chip, int step);
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers);
    void typed(const QString &text);

    FlowLayout *m_flow;
    QLineEdit *m_edit;
    QList<RecipientChip *> m_chips;
};

/// Cuts a list at commas, semicolons and line ends outside quotes, comments and angle brackets.
QStringList splitRecipients(const QString &list);

} // namespace glasspost::ui
