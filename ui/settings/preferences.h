#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/listenerswitch.h"
#include "mail/system/outbox.h"
#include "mail/system/rules.h"

#include <QDialog>

class QListWidget;
class QPushButton;
class QStackedWidget;

namespace glasspost::ui {

class InlineBar;
class OutgoingPage;
class RulesPage;
class SettingsPage;

/// Everything a person can set, on eight pages, and the rules on a ninth. Edits a copy; Apply and OK put it
/// in force, and the dialog stays open until it is saved. Not modal. GUI thread.
class Preferences : public QDialog
{
    Q_OBJECT
public:
    enum class Page { Identity, Outgoing, Listener, Capture, Mailboxes, HandOn, Delivery, Appearance, Rules };

    /// All of them outlive it; outbox: takes a password; listener: shows its certificate.
    Preferences(mail::CurrentSettings &settings, mail::Outbox &outbox, mail::ListenerSwitch &listener,
        QWidget *parent = nullptr);

    /// Adds their page. They outlive it.
    void editRules(mail::Rules &rules);
    void showPage(Page page);
    [[nodiscard]] SettingsPage *page(Page page) const;
    [[nodiscard]] InlineBar *bar() const { return m_bar; }
    [[nodiscard]] QPushButton *applyButton() const { return m_apply; }
    [[nodiscard]] QPushButton *okButton() const { return m_ok; }

Q_SIGNALS:
    /// A password was typed for the smarthost: in use already, to be kept in the secret store by the app.
    void passwordGiven(const QString &host, const QString &user, const QByteArray &password);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum class After { Stay, Close };
    void addPage(SettingsPage *page);
    void load(const mail::Settings &settings);
    void edited();
    [[nodiscard]] mail::Settings edit() const;
    void apply(After after);
    mail::Task<void> save(const mail::Settings &settings);
    [[nodiscard]] bool hasBrokenRule();
    void showProblems();

    mail::CurrentSettings &m_settings;
    mail::Outbox &m_outbox;
    QListWidget *m_names;
    QStackedWidget *m_pages;
    InlineBar *m_bar;
    OutgoingPage *m_outgoing = nullptr;
    mail::Rules *m_rules = nullptr;
    RulesPage *m_rulesPage = nullptr;
    bool m_areRulesEdited = false;
    QPushButton *m_ok = nullptr;
    QPushButton *m_apply = nullptr;
    mail::Settings m_loaded;
    bool m_edited = false;
    bool m_checked = false; ///< Apply was pressed once: from then on problems are shown as one types
};

} // namespace glasspost::ui
