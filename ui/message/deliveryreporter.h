#pragma once

#include "mail/message/messageview.h"
#include "mail/system/deliveryends.h"
#include "ui/message/deliverypane.h"

#include <QObject>

#include <functional>

namespace glasspost::ui {

class InlineBar;
class Printing;

/// What a person does with the record of a delivery that the pane shows: a report of it is saved as a web
/// page or a PDF, or opened in a browser; a command that says it again goes to the clipboard.
class DeliveryReporter : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive it.
    DeliveryReporter(const mail::EndServices &services, InlineBar &bar, DeliveryPane &pane);

    /// Of the message that is shown, the sessions that brought it and carried it away, and its header fields.
    void setRecord(const mail::DeliveredMessage &message, const QList<QByteArray> &sessionIds,
        const QList<mail::HeaderField> &header);

private:
    using Use = std::function<void(const QByteArray &page)>;
    void save(const ReportTerms &terms);
    void savePdf(const ReportTerms &terms);
    void browse(const ReportTerms &terms);
    void copyCommand(RepeatWith program);
    /// The file that the person chooses for it; ending is "html" or "pdf".
    void askForFile(const QString &ending, const std::function<void(const QString &path)> &use);
    void makePage(const ReportTerms &terms, const Use &use);

    mail::EndServices m_services;
    InlineBar &m_bar;
    DeliveryPane &m_pane;
    Printing *m_printing;
    mail::DeliveredMessage m_message;
    QList<QByteArray> m_sessionIds;
    QList<mail::HeaderField> m_header;
};

} // namespace glasspost::ui
