#pragma once

#include <QByteArray>
#include <QDialog>
#include <QList>
#include <QString>

class QComboBox;
class QDialogButtonBox;
class QLineEdit;
class QListWidget;
class QListWidgetItem;

namespace glasspost::ui {

/// A message whose delivery another one can be compared with.
struct DeliveryChoice
{
    QString title; ///< subject and recipients
    QString when;
    QByteArray queueId;

    friend bool operator==(const DeliveryChoice &, const DeliveryChoice &) = default;
};

/// Asks with what a message's delivery is compared: another attempt of it, or the delivery of another
/// message. Not modal to the program; closing it chooses nothing. GUI thread.
class DeliveryChooser : public QDialog
{
    Q_OBJECT
public:
    /// The attempts as lines, oldest first, at least one; the last one is compared unless another is chosen.
    explicit DeliveryChooser(const QStringList &attempts, QWidget *parent = nullptr);

    void addMessages(const QList<DeliveryChoice> &messages);

Q_SIGNALS:
    /// The places of two attempts of this message.
    void attemptChosen(int left, int right);
    void messageChosen(int left, const QByteArray &queueId);

private:
    void build(const QStringList &attempts);
    void addItem(const QString &title, const QString &detail, int attempt, const QByteArray &queueId);
    void showMatches();
    void choose();
    [[nodiscard]] bool isOfferable(const QListWidgetItem &item) const;

    QComboBox *m_attempts;
    QLineEdit *m_filter;
    QListWidget *m_list;
    QDialogButtonBox *m_buttons;
};

} // namespace glasspost::ui
