#pragma once

#include "mail/message/messageview.h"
#include "ui/widgets/chip.h"

#include <QHash>
#include <QUrl>
#include <QWidget>

#include <optional>

class QFormLayout;
class QLabel;
class QToolButton;
class QPushButton;

namespace glasspost::ui {

class Chip;
class SubjectLine;

/// The block above a message: subject, who, to whom, when, and the state of its delivery.
class MessageHeader : public QWidget
{
    Q_OBJECT
public:
    explicit MessageHeader(QWidget *parent = nullptr);

    void show(const mail::MessageView &message);
    void setChip(const std::optional<StateChip> &chip);
    // For the first address of From; nothing where there is none.
    void writeToSender();
    void copySender();
    void findSender(QLatin1String field); ///< "from" or "to"
    [[nodiscard]] bool hasSender() const { return !m_addresses.value(m_from).isEmpty(); }
    void unsubscribe();
    [[nodiscard]] bool canUnsubscribe() const { return m_canUnsubscribe; }

Q_SIGNALS:
    void deliveryRequested();
    void editRequested(); ///< of a draft
    void writeRequested(const QUrl &mailto);
    void findRequested(const QString &query);
    void unsubscribeRequested();

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QLabel *addressLabel();
    void fillMenu();
    void openAddressMenu(const QLabel *label, const QString &link, const QPoint &at);
    [[nodiscard]] QString sender() const; ///< the address; empty for nobody
    void showRow(QLabel *title, QLabel *value, const QList<mail::AddressView> &addresses);
    void tint();

    SubjectLine *m_subject;
    QLabel *m_date;
    QLabel *m_fromTitle, *m_from;
    QLabel *m_toTitle, *m_to;
    QLabel *m_ccTitle, *m_cc;
    QLabel *m_envelopeTitle, *m_envelope; ///< recipients that no field of the sender's names
    QHash<const QLabel *, QList<mail::AddressView>> m_addresses; ///< that the labels show
    QString m_hovered; ///< the link under the pointer
    bool m_canUnsubscribe = false;
    Chip *m_chip;
    QToolButton *m_menu;
    QPushButton *m_edit;
};

} // namespace glasspost::ui
