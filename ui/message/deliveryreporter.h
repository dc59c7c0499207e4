#pragma once

#include "mail/system/deliveryends.h"
#include "ui/message/addressmask.h"

#include <QObject>

#include <functional>

namespace glasspost::ui {

class DeliveryPane;
class InlineBar;

/// What a person does with the record of a delivery that the pane shows: a report of it is saved, or opened
/// in a browser, which prints it and makes a PDF of it; the swaks command goes to the clipboard.
class DeliveryReporter : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive it.
    DeliveryReporter(const mail::EndServices &services, InlineBar &bar, DeliveryPane &pane);

    /// Of the message that is shown, and the sessions that brought it and carried it away.
    void setRecord(const mail::DeliveredMessage &message, const QList<QByteArray> &sessionIds);

private:
    using Addresses = AddressMask::Addresses;
    using Use = std::function<void(const QByteArray &page)>;
    void save(Addresses addresses);
    void browse(Addresses addresses);
    void copySwaks();
    void makePage(Addresses addresses, const Use &use);

    mail::EndServices m_services;
    InlineBar &m_bar;
    DeliveryPane &m_pane;
    mail::DeliveredMessage m_message;
    QList<QByteArray> m_sessionIds;
};

} // namespace glasspost::ui
