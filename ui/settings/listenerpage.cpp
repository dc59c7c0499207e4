#include "ui/settings/listenerpage.h"

#include "ui/settings/editabletable.h"
#include "ui/theme/theme.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"

#include <QCheckBox>
#include <QDateTime>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QSpinBox>

namespace glasspost::ui {

namespace {

constexpr qint64 mebibyte = 1024 * 1024;

enum Column { Address, Port, Tls, Auth, Client, Proxy, Mailbox };

QList<std::pair<QString, QString>> tlsChoices()
{
    return {{QStringLiteral("1"), ListenerPage::tr("offered")},
        {QStringLiteral("2"), ListenerPage::tr("required")},
        {QStringLiteral("3"), ListenerPage::tr("from the start")},
        {QStringLiteral("0"), ListenerPage::tr("none")}};
}

QList<std::pair<QString, QString>> clientChoices()
{
    return {{QStringLiteral("0"), ListenerPage::tr("not asked")},
        {QStringLiteral("1"), ListenerPage::tr("asked for")},
        {QStringLiteral("2"), ListenerPage::tr("required")}};
}

QString checkText(bool on)
{
    return on ? QStringLiteral("true") : QStringLiteral("false");
}

QStringList rowOf(const mail::ListenerBinding &binding)
{
    return {binding.address.toString(), QString::number(binding.port), QString::number(int(binding.tls)),
        checkText(binding.requireAuth), QString::number(int(binding.clientCertificate)),
        checkText(binding.proxyHeaders == smtp::ProxyHeaders::Expected), binding.captureMailbox};
}

} // namespace

ListenerPage::ListenerPage(QWidget *parent)
    : SettingsPage(tr("Listener"), parent), m_enabled(new QCheckBox(tr("&Listen for incoming mail"))),
      m_bindings(new EditableTable(
          {{tr("Address"), {}, false, true, 0}, {tr("Port"), {}, false, false, 7},
              {tr("TLS"), tlsChoices(), false, false, 14}, {tr("Sign-in"), {}, true, false, 8},
              {tr("Client certificate"), clientChoices(), false, false, 0}, {tr("PROXY"), {}, true, false, 8},
              {tr("Capture in"), {}, false, true, 0}},
          tr("Bindings"))),
      m_warning(new InlineBar),
      m_catchAll(new QRadioButton(tr("&Catch all: take everything, pass nothing on"))),
      m_mailboxes(new QRadioButton(tr("&Mailboxes: known local names alone, others refused"))),
      m_peers(new QLineEdit), m_xclient(new QCheckBox(tr("They may speak for other clients by &XCLIENT"))),
      m_size(new QSpinBox), m_certificate(new QLineEdit), m_key(new QLineEdit), m_users(new QLineEdit),
      m_inUse(plainLabel())
{
    column()->addWidget(m_enabled);
    m_bindings->setNewRow(rowOf(mail::ListenerBinding()));
    column()->addWidget(m_bindings, 1);
    addNote(SettingsField::Bindings);
    column()->addWidget(m_warning);
    addHeading(tr("Recipients"));
    column()->addWidget(m_catchAll);
    column()->addWidget(m_mailboxes);
    addHeading(tr("Behind a proxy"),
        tr("A binding with PROXY expects each connection to say first whom it speaks for, and believes it "
           "from "
           "these addresses alone."));
    m_peers->setPlaceholderText(tr("None; else such as 192.0.2.7, 10.0.0.0/8"));
    QFormLayout *proxy = addForm();
    proxy->addRow(tr("&Trusted addresses"), m_peers);
    proxy->addRow(QString(), m_xclient);
    addNote(SettingsField::TrustedPeers);
    addHeading(tr("Limits, encryption and sign-in"));
    m_size->setRange(1, 2000);
    m_size->setSuffix(tr(" MiB"));
    m_certificate->setPlaceholderText(tr("The one Glasspost made itself"));
    m_key->setPlaceholderText(tr("The one Glasspost made itself"));
    m_users->setPlaceholderText(tr("Nobody signs in"));
    m_users->setToolTip(tr("A text file, one “name:password” a line"));
    QFormLayout *form = addForm();
    form->addRow(tr("Largest &message"), m_size);
    form->addRow(tr("C&ertificate (PEM)"), fileRow(m_certificate, tr("Certificate")));
    form->addRow(tr("&Key (PEM)"), fileRow(m_key, tr("Key")));
    form->addRow(tr("&Users who may sign in"), fileRow(m_users, tr("Users who may sign in")));
    addNote(SettingsField::TlsFiles);
    m_inUse->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_inUse->setVisible(false);
    form->addRow(tr("In use now"), m_inUse);

    for (QAbstractButton *button :
        std::initializer_list<QAbstractButton *>{m_enabled, m_catchAll, m_mailboxes, m_xclient})
        connect(button, &QAbstractButton::clicked, this, &SettingsPage::changed);
    for (QLineEdit *edit : {m_certificate, m_key, m_users, m_peers})
        connect(edit, &QLineEdit::textChanged, this, &SettingsPage::changed);
    connect(m_size, &QSpinBox::valueChanged, this, &SettingsPage::changed);
    connect(m_bindings, &EditableTable::changed, this, &SettingsPage::changed);
    connect(this, &SettingsPage::changed, this, &ListenerPage::warn);
}

QWidget *ListenerPage::fileRow(QLineEdit *edit, const QString &title)
{
    auto *whole = new QWidget;
    auto *row = new QHBoxLayout(whole);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::half);
    auto *choose = new QPushButton(tr("Choose…"));
    choose->setAccessibleName(tr("Choose a file: %1").arg(title));
    row->addWidget(edit, 1);
    row->addWidget(choose);
    edit->setAccessibleName(title);
    connect(choose, &QPushButton::clicked, this, [this, edit, title] {
        auto *dialog = new QFileDialog(this, title);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
        dialog->open();
    });
    return whole;
}

void ListenerPage::warn()
{
    mail::Settings now;
    store(now);
    QStringList open;
    QStringList privileged;
    for (const mail::ListenerBinding &binding : now.listener.bindings) {
        const QString place = QStringLiteral("%1:%2").arg(binding.address.toString()).arg(binding.port);
        if (!binding.address.isNull() && !binding.address.isLoopback())
            open << place;
        if (binding.port > 0 && binding.port < 1024)
            privileged << place;
    }
    if (!open.isEmpty())
        m_warning->say(InlineBar::Kind::Warning,
            now.listener.policy == mail::RecipientPolicy::CatchAll
                ? tr("Others on the network can reach %1 and fill the capture mailbox.")
                      .arg(open.join(tr(", ")))
                : tr("Others on the network can reach %1. Mail for other domains is taken from them only "
                     "after "
                     "sign-in.")
                      .arg(open.join(tr(", "))));
    else if (!privileged.isEmpty())
        m_warning->say(InlineBar::Kind::Info,
            tr("%1: ports below 1024 may need rights from the administrator.")
                .arg(privileged.join(tr(", "))));
    else
        m_warning->dismiss();
}

void ListenerPage::showCertificate(const mail::CertificateFacts &facts)
{
    const QString until
        = QLocale().toString(QDateTime::fromSecsSinceEpoch(facts.goodUntil).date(), QLocale::ShortFormat);
    // Two lines of sixteen octets, as other programs show it.
    constexpr qsizetype half = 16 * 3;
    const QString octets = QString::fromLatin1(facts.fingerprint.toHex(':')).toUpper();
    const QString fingerprint
        = octets.size() > half ? octets.left(half) + QLatin1Char('\n') + octets.mid(half) : octets;
    m_inUse->setText((facts.isSelfSigned ? tr("%1, self-signed, valid until %2\nSHA-256 %3")
                                         : tr("%1, valid until %2\nSHA-256 %3"))
                         .arg(facts.name, until, fingerprint));
    m_inUse->setAccessibleName(tr("Certificate in use"));
    m_inUse->setVisible(true);
}

QString ListenerPage::certificateText() const
{
    return m_inUse->text();
}

void ListenerPage::load(const mail::Settings &settings)
{
    const mail::ListenerSettings &listener = settings.listener;
    m_enabled->setChecked(listener.enabled);
    QList<QStringList> rows;
    for (const mail::ListenerBinding &binding : listener.bindings)
        rows << rowOf(binding);
    m_bindings->setRows(rows);
    m_catchAll->setChecked(listener.policy == mail::RecipientPolicy::CatchAll);
    m_mailboxes->setChecked(listener.policy == mail::RecipientPolicy::Mailboxes);
    m_size->setValue(int(std::max<qint64>(1, listener.limits.messageSize / mebibyte)));
    m_peers->setText(listener.trustedPeers.join(QStringLiteral(", ")));
    m_xclient->setChecked(listener.extensions.xclient);
    m_certificate->setText(listener.certificateFile);
    m_key->setText(listener.keyFile);
    m_users->setText(listener.authFile);
    warn();
}

void ListenerPage::store(mail::Settings &settings) const
{
    mail::ListenerSettings &listener = settings.listener;
    listener.enabled = m_enabled->isChecked();
    listener.bindings.clear();
    for (const QStringList &row : m_bindings->rows()) {
        mail::ListenerBinding binding;
        binding.address = QHostAddress(row[Address]);
        binding.port = row[Port].toUShort();
        binding.tls = smtp::TlsMode(row[Tls].toInt());
        binding.requireAuth = row[Auth] == QLatin1String("true");
        binding.clientCertificate = smtp::ClientCertificate(row[Client].toInt());
        binding.proxyHeaders
            = row[Proxy] == QLatin1String("true") ? smtp::ProxyHeaders::Expected : smtp::ProxyHeaders::None;
        binding.captureMailbox = row[Mailbox];
        listener.bindings.append(binding);
    }
    listener.policy
        = m_catchAll->isChecked() ? mail::RecipientPolicy::CatchAll : mail::RecipientPolicy::Mailboxes;
    // A size that was set by hand to the octet stays, unless it was changed here.
    if (m_size->value() != int(listener.limits.messageSize / mebibyte))
        listener.limits.messageSize = m_size->value() * mebibyte;
    static const QRegularExpression between(QStringLiteral("[,;\\s]+"));
    listener.trustedPeers = m_peers->text().split(between, Qt::SkipEmptyParts);
    listener.extensions.xclient = m_xclient->isChecked();
    listener.certificateFile = m_certificate->text().trimmed();
    listener.keyFile = m_key->text().trimmed();
    listener.authFile = m_users->text().trimmed();
}

} // namespace glasspost::ui
