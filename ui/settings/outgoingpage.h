#pragma once

#include "ui/settings/settingspage.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QRadioButton;

namespace glasspost::ui {

class ConnectionFields;
class EditableTable;
class InlineBar;

/// How mail for other domains leaves: straight to the exchanger, or through a smarthost.
class OutgoingPage : public SettingsPage
{
    Q_OBJECT
public:
    explicit OutgoingPage(QWidget *parent = nullptr);

    void load(const mail::Settings &settings) override;
    void store(mail::Settings &settings) const override;
    /// What was typed in the password field, once; it never is part of the settings.
    [[nodiscard]] QByteArray takePassword();

private:
    void addConnection();
    void addLookup();
    void addAccepted();
    void showKind();
    void showMechanisms(const QStringList &mechanisms);

    QRadioButton *m_direct;
    QRadioButton *m_smarthost;
    QLineEdit *m_host;
    ConnectionFields *m_connection;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QComboBox *m_mechanism;
    QComboBox *m_authInClear;
    QLineEdit *m_nameserver;
    QCheckBox *m_private;
    QCheckBox *m_dane;
    QCheckBox *m_mtaSts;
    EditableTable *m_accepted;
    QWidget *m_acceptedPart;
    InlineBar *m_warning;
};

} // namespace glasspost::ui
