#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"
#include "smtp/syntax/mailbox.h"

#include <QDialog>
#include <QMap>

#include <optional>

class QLabel;
class QProgressBar;
class QPushButton;
class QRadioButton;
class QTreeWidget;

namespace glasspost::ui {

class RecipientField;

/// All of them outlive what is given them.
struct ReleaseServices
{
    mail::Mailboxes &mailboxes;
    mail::Outbox &outbox;
    const mail::CurrentSettings &settings;
};

/// Captured messages that are to leave: reads whom they were for, shows every address that they will go to
/// and which of them the settings do not allow, and queues them once a person says so. One message after
/// another; closing it ends what has not begun. Those that fail stay listed, to be tried again.
class ReleaseDialog : public QDialog
{
    Q_OBJECT
public:
    ReleaseDialog(
        const ReleaseServices &services, const QList<mail::MessageId> &ids, QWidget *parent = nullptr);

    [[nodiscard]] QTreeWidget *list() const { return m_list; }
    [[nodiscard]] QPushButton *releaseButton() const { return m_release; }
    [[nodiscard]] QPushButton *allowButton() const { return m_allow; }
    [[nodiscard]] QRadioButton *ownChoice() const { return m_own; }
    [[nodiscard]] QRadioButton *otherChoice() const { return m_other; }
    [[nodiscard]] RecipientField *recipients() const { return m_recipients; }
    [[nodiscard]] QString words() const;
    void setRoute(const std::optional<mail::OutgoingRoute> &route); ///< none: as the settings say
    void reject() override;

Q_SIGNALS:
    void released(int messages); ///< so many are in the queue; when it closes
    void settingsRequested(); ///< to change the allow list

private:
    enum class Step { Reading, Asking, Releasing };
    struct Message
    {
        mail::MessageId id;
        QList<smtp::Mailbox> own;
    };
    struct Target
    {
        smtp::Mailbox mailbox;
        int messages = 0;
        bool isAllowed = true;
    };

    void build();
    void readNext();
    void showTargets();
    [[nodiscard]] QMap<QString, Target> targets(QStringList &malformed) const;
    void listTargets(const QMap<QString, Target> &targets);
    void sayTargets(const QMap<QString, Target> &targets, const QStringList &malformed);
    [[nodiscard]] QList<smtp::Mailbox> recipientsOf(const Message &message) const;
    [[nodiscard]] QList<smtp::Mailbox> typedRecipients(QStringList &malformed) const;
    void askRoute();
    void start();
    void releaseNext();
    void takeFailure(const Message &message, const mail::Error &error);
    void end();

    ReleaseServices m_services;
    QList<Message> m_messages;
    QList<Message> m_failed;
    QStringList m_failures; ///< in words, of each
    QList<smtp::Mailbox> m_typed; ///< while releasing
    QMap<QString, Target> m_targets; ///< likewise
    std::optional<mail::OutgoingRoute> m_route;
    Step m_step = Step::Reading;
    bool m_isCancelled = false;
    qsizetype m_next = 0;
    int m_queued = 0;
    QLabel *m_words;
    QRadioButton *m_own;
    QRadioButton *m_other;
    RecipientField *m_recipients;
    QTreeWidget *m_list;
    QLabel *m_routeWords;
    QPushButton *m_routeButton;
    QPushButton *m_allow;
    QProgressBar *m_progress;
    QPushButton *m_release = nullptr;
};

} // namespace glasspost::ui
