#pragma once

#include "mail/system/certificate.h"
#include "ui/settings/settingspage.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QRadioButton;
class QSpinBox;

namespace glasspost::ui {

class EditableTable;
class InlineBar;

/// Where Glasspost listens, and what it does with what comes in.
class ListenerPage : public SettingsPage
{
    Q_OBJECT
public:
    explicit ListenerPage(QWidget *parent = nullptr);

    void load(const mail::Settings &settings) override;
    void store(mail::Settings &settings) const override;
    /// The certificate in use, so that a person can hold it against what another program shows.
    void showCertificate(const mail::CertificateFacts &facts);
    [[nodiscard]] QString certificateText() const;
    [[nodiscard]] EditableTable *bindings() const { return m_bindings; }
    [[nodiscard]] InlineBar *warning() const { return m_warning; }

private:
    void addProxy();
    void addClients();
    void addLimits();
    void addHttp();
    void connectFields();
    void warn();
    void addFileRow(QFormLayout &form, const QString &text, QLineEdit *edit, const QString &title);

    QCheckBox *m_enabled;
    EditableTable *m_bindings;
    InlineBar *m_warning;
    QRadioButton *m_catchAll;
    QRadioButton *m_mailboxes;
    QLineEdit *m_clients;
    QLineEdit *m_peers;
    QCheckBox *m_xclient;
    QComboBox *m_signIn;
    QComboBox *m_clearSignIn;
    QComboBox *m_paths;
    QComboBox *m_bareLineFeeds;
    QSpinBox *m_size;
    QSpinBox *m_recipients;
    QSpinBox *m_connections;
    QSpinBox *m_fromHere;
    QSpinBox *m_idle;
    QSpinBox *m_withoutMessage;
    QLineEdit *m_certificate;
    QLineEdit *m_key;
    QLineEdit *m_users;
    QCheckBox *m_http;
    QLineEdit *m_httpAddress;
    QSpinBox *m_httpPort;
    QLabel *m_inUse;
};

} // namespace glasspost::ui
