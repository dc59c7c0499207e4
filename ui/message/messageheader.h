#pragma once

#include "mail/message/messageview.h"
#include "ui/mailbox/messagelistmodel.h"

#include <QWidget>

#include <optional>

class QFormLayout;
class QLabel;

namespace glasspost::ui {

class Chip;

/// The block above a message: subject, who, to whom, when, and how its delivery stands.
class MessageHeader : public QWidget
{
    Q_OBJECT
public:
    explicit MessageHeader(QWidget *parent = nullptr);

    void show(const mail::MessageView &message);
    void setChip(const std::optional<StateChip> &chip);

Q_SIGNALS:
    void deliveryAsked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void showRow(QLabel *title, QLabel *value, const QList<mail::AddressView> &addresses);
    void tint();
    void align();

    QLabel *m_subject;
    QLabel *m_date;
    QLabel *m_fromTitle, *m_from;
    QLabel *m_toTitle, *m_to;
    QLabel *m_ccTitle, *m_cc;
    Chip *m_chip;
};

} // namespace glasspost::ui
