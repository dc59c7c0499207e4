#pragma once

#include "mail/system/mailboxes.h"

#include <QObject>

class QImage;
class QWidget;

namespace glasspost::ui {

class InlineBar;

/// What a person does with the parts of the message that is shown, and what cards show of them before.
/// Results are said in the bar. GUI thread.
class PartActions : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive it; dialogs and windows belong to the widget.
    PartActions(mail::Mailboxes &mailboxes, InlineBar &bar, QWidget *widget);

    /// Another message, whose previews come one by one.
    void setMessage(const mail::MessageView &message, const QList<mail::PartView> &previewed);

    void save(const mail::PartView &part);
    void saveAll();
    /// In its default program, or a message in a window of its own; what could run is only saved.
    void open(const mail::PartView &part);
    /// Its content, header and checksum in a window.
    void inspect(const mail::PartView &part);
    /// A copy that another program may take.
    void copyForDrag(const mail::PartView &part);
    /// Says in the bar how saving to that path went.
    void tellSaved(const mail::Result<void> &result, const QString &path);

Q_SIGNALS:
    void messageOpened(const glasspost::mail::MessageView &message); ///< one that was attached
    void pictureRead(int partIndex, const QImage &picture);
    void textRead(int partIndex, const QString &text); ///< the first lines
    void copied(int partIndex, const QString &path); ///< for a drag

private:
    void preview();
    void openCopy(const mail::PartView &part);
    void tellAllSaved(const mail::Result<QStringList> &paths, const QString &folder);
    void tell(const mail::Error &error);

    mail::Mailboxes &m_mailboxes;
    InlineBar &m_bar;
    QWidget *m_widget;
    mail::MessageId m_message;
    QList<mail::PartView> m_parts; ///< of the message
    QList<mail::PartView> m_toPreview;
    quint64 m_shown = 0; ///< counts messages: what comes for an earlier one is dropped
};

} // namespace glasspost::ui
