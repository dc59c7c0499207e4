#include "ui/settings/listenerpage.h"

#include "ui/settings/editabletable.h"
#include "ui/theme/theme.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/policytext.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>

namespace glasspost::ui {

namespace {

constexpr qint64 mebibyte = 1024 * 1024;

enum Column { Address, Port, Tls, Auth, Client, Proxy, Mailbox };

QList<std::pair<QString, QString>> tlsChoices()
{
    return {{QStringLiteral("0"), ListenerPage::tr("none")},
        {QStringLiteral("1"), ListenerPage::tr("offered")},
        {QStringLiteral("2"), ListenerPage::tr("required")},
        {QStringLiteral("3"), ListenerPage::tr("from the start")}};
}

QList<std::pair<QString, QString>> clientChoices()
{
    return {{QStringLiteral("0"), ListenerPage::tr("not asked")},
        {QStringLiteral("1"), ListenerPage::tr("asked for")},
        {QStringLiteral("2"), ListenerPage::tr("required")}};
}

/// A value of an enum, and the words for it.
using Choices = std::initializer_list<std::pair<int, QString>>;

QComboBox *comboOf(Choices choices)
{
    auto *combo = new QComboBox;
    // As wide as the page lets it be, not as its longest choice.
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    combo->setMinimumContentsLength(20);
    for (const auto &[value, words] : choices)
        combo->addItem(words, value);
    return combo;
}

template <typename Enum> void choose(QComboBox *combo, Enum value)
{
    combo->setCurrentIndex(combo->findData(int(value)));
}

template <typename Enum> Enum chosen(const QComboBox *combo)
{
    return Enum(combo->currentData().toInt());
}

QSpinBox *spinOf(int least, int most, const QString &suffix = {})
{
    auto *spin = new QSpinBox;
    spin->setRange(least, most);
    spin->setSuffix(suffix);
    return spin;
}

template <typename Unit> int wholeUnits(std::chrono::milliseconds time)
{
    return std::max(1, int(std::chrono::duration_cast<Unit>(time).count()));
}

/// A time that was set by hand to a fraction stays, unless it was changed here.
template <typename Unit> void takeUnits(std::chrono::milliseconds &time, int units)
{
    if (units != wholeUnits<Unit>(time))
        time = Unit(units);
}

QString checkText(bool on)
{
    return on ? QStringLiteral("true") : QStringLiteral("false");
}

const QString unixPrefix = QStringLiteral("unix:");

QStringList rowOf(const mail::ListenerBinding &binding)
{
    const QString address = binding.unixPath.isEmpty() ? binding.address.toString() : binding.place();
    return {address, QString::number(binding.port), QString::number(int(binding.tls)),
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
      m_catchAll(new QRadioButton(policyChoiceText(mail::RecipientPolicy::CatchAll))),
      m_mailboxes(new QRadioButton(policyChoiceText(mail::RecipientPolicy::Mailboxes))),
      m_clients(new QLineEdit), m_peers(new QLineEdit),
      m_xclient(new QCheckBox(tr("Allow them to present other clients' addresses by &XCLIENT"))),
      m_signIn(comboOf({{int(mail::SignInPolicy::Automatic),
                            tr("Users in the file; without one, catch-all accepts anyone")},
          {int(mail::SignInPolicy::Anybody), tr("Catch-all accepts any name and password, unchecked")},
          {int(mail::SignInPolicy::FileOnly), tr("Only users in the file")}})),
      m_clearSignIn(comboOf({{int(smtp::ClearAuth::Never), tr("Nobody")},
          {int(smtp::ClearAuth::Loopback), tr("Clients on this machine")},
          {int(smtp::ClearAuth::Anywhere), tr("Anyone: passwords can be read on the network")}})),
      m_paths(comboOf({{int(mail::PathPolicy::Automatic), tr("Marked by catch-all, refused by mailboxes")},
          {int(mail::PathPolicy::Strict), tr("Refused (RFC 5321 to the letter)")},
          {int(mail::PathPolicy::Tolerant), tr("Accepted, and marked in the message")}})),
      m_bareLineFeeds(comboOf({{int(smtp::BareLineFeeds::Refused), tr("Refused")},
          {int(smtp::BareLineFeeds::Marked), tr("Accepted and marked by catch-all")}})),
      m_size(spinOf(1, 2000, tr(" MiB"))), m_recipients(spinOf(1, 1000000)), m_connections(spinOf(1, 100000)),
      m_fromHere(spinOf(1, 100000)), m_idle(spinOf(1, 86400, tr(" s"))),
      m_withoutMessage(spinOf(1, 100000, tr(" min"))), m_certificate(new QLineEdit), m_key(new QLineEdit),
      m_users(new QLineEdit), m_http(new QCheckBox(tr("Ser&ve captured mail over HTTP"))),
      m_httpAddress(new QLineEdit), m_httpPort(spinOf(0, 65535)), m_inUse(plainLabel())
{
    column()->addWidget(m_enabled);
    m_bindings->setNewRow(rowOf(mail::ListenerBinding()));
    column()->addWidget(m_bindings, 1);
    addNote(SettingsField::Bindings);
    column()->addWidget(m_warning);
    m_clients->setPlaceholderText(tr("All. For example: 127.0.0.1, 10.0.0.0/8"));
    addForm()->addRow(tr("Clients who may co&nnect"), m_clients);
    addNote(SettingsField::AllowedClients);
    addHeading(tr("Recipients"));
    column()->addWidget(m_catchAll);
    column()->addWidget(m_mailboxes);
    addProxy();
    addClients();
    addLimits();
    addHttp();
    connectFields();
}

void ListenerPage::addProxy()
{
    addHeading(tr("Behind a proxy"),
        tr("On a binding with PROXY, each connection first names the client it speaks for. Only these "
           "addresses are trusted to do so."));
    m_peers->setPlaceholderText(tr("None. For example: 192.0.2.7, 10.0.0.0/8"));
    QFormLayout *proxy = addForm();
    proxy->addRow(tr("&Trusted addresses"), m_peers);
    proxy->addRow(QString(), m_xclient);
    addNote(SettingsField::TrustedPeers);
}

/// Whatever a person changes is one change of the settings.
void ListenerPage::connectFields()
{
    for (QAbstractButton *button :
        std::initializer_list<QAbstractButton *>{m_enabled, m_catchAll, m_mailboxes, m_xclient, m_http})
        connect(button, &QAbstractButton::clicked, this, &SettingsPage::changed);
    for (QLineEdit *edit : {m_certificate, m_key, m_users, m_clients, m_peers, m_httpAddress})
        connect(edit, &QLineEdit::textChanged, this, &SettingsPage::changed);
    for (QSpinBox *spin :
        {m_httpPort, m_size, m_recipients, m_connections, m_fromHere, m_idle, m_withoutMessage})
        connect(spin, &QSpinBox::valueChanged, this, &SettingsPage::changed);
    for (QComboBox *combo : {m_signIn, m_clearSignIn, m_paths, m_bareLineFeeds})
        connect(combo, &QComboBox::currentIndexChanged, this, &SettingsPage::changed);
    connect(m_bindings, &EditableTable::changed, this, &SettingsPage::changed);
    connect(this, &SettingsPage::changed, this, &ListenerPage::warn);
}

/// What clients are offered, and what they get away with.
void ListenerPage::addClients()
{
    addHeading(tr("Encryption and sign-in"),
        tr("A binding with TLS “none” serves every client. Where TLS is offered, most clients insist on a "
           "certificate they trust, and refuse a self-signed one."));
    m_certificate->setPlaceholderText(tr("Made by Glasspost (self-signed)"));
    m_key->setPlaceholderText(tr("Made by Glasspost (self-signed)"));
    m_users->setPlaceholderText(tr("None"));
    m_users->setToolTip(tr("A text file, one “name:password” per line"));
    QFormLayout *form = addForm();
    addFileRow(*form, tr("C&ertificate (PEM)"), m_certificate, tr("Certificate"));
    addFileRow(*form, tr("&Key (PEM)"), m_key, tr("Key"));
    m_inUse->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_inUse->setVisible(false);
    form->addRow(tr("In use now"), m_inUse);
    addFileRow(*form, tr("&Users who may sign in"), m_users, tr("Users who may sign in"));
    form->addRow(tr("Si&gn-in"), m_signIn);
    form->addRow(tr("Sign-in &without TLS"), m_clearSignIn);
    addNote(SettingsField::TlsFiles);
}

void ListenerPage::addLimits()
{
    addHeading(tr("Malformed mail and limits"));
    QFormLayout *form = addForm();
    form->addRow(tr("Malformed a&ddresses"), m_paths);
    form->addRow(tr("&Bare line feeds"), m_bareLineFeeds);
    form->addRow(tr("L&argest message"), m_size);
    form->addRow(tr("&Recipients per message"), m_recipients);
    form->addRow(tr("Connections at &once"), m_connections);
    form->addRow(tr("Connections from t&his machine"), m_fromHere);
    form->addRow(tr("Disconnect &idle clients after"), m_idle);
    form->addRow(tr("Disconnect clients that send no message a&fter"), m_withoutMessage);
}

void ListenerPage::addHttp()
{
    addHeading(tr("HTTP for programs"),
        tr("Test suites and other programs on this machine can read, await and delete captured mail, with "
           "Mailpit's API. They also see all session transcripts and the outgoing queue, and can hold what "
           "is in "
           "it. What they release waits in the queue until you release it."));
    column()->addWidget(m_http);
    m_httpPort->setSpecialValueText(tr("any free port"));
    QFormLayout *form = addForm();
    form->addRow(tr("HTTP addre&ss"), m_httpAddress);
    form->addRow(tr("HTTP &port"), m_httpPort);
    addNote(SettingsField::Http);
}

void ListenerPage::addFileRow(QFormLayout &form, const QString &text, QLineEdit *edit, const QString &title)
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
    QLabel *label = plainLabel(text);
    label->setBuddy(edit); // the row itself takes no focus
    form.addRow(label, whole);
}

void ListenerPage::warn()
{
    mail::Settings now;
    store(now);
    QStringList open;
    QStringList privileged;
    for (const mail::ListenerBinding &binding : now.listener.bindings) {
        const QString place = binding.place();
        if (!binding.address.isNull() && !binding.address.isLoopback())
            open << place;
        if (binding.unixPath.isEmpty() && binding.port > 0 && binding.port < 1024)
            privileged << place;
    }
    if (!open.isEmpty())
        m_warning->say(InlineBar::Kind::Warning,
            now.listener.policy == mail::RecipientPolicy::CatchAll
                ? tr("Others on the network can reach %1 and fill the capture mailbox.")
                      .arg(open.join(tr(", ")))
                : tr("Others on the network can reach %1. Mail for other domains is accepted from them only "
                     "after sign-in.")
                      .arg(open.join(tr(", "))));
    else if (!privileged.isEmpty())
        m_warning->say(InlineBar::Kind::Info,
            tr("%1: ports below 1024 may need administrator rights.").arg(privileged.join(tr(", "))));
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
    choose(m_signIn, listener.signIn);
    choose(m_clearSignIn, listener.clearSignIn);
    choose(m_paths, listener.paths);
    choose(m_bareLineFeeds, listener.bareLineFeeds);
    m_recipients->setValue(listener.limits.recipients);
    m_connections->setValue(listener.limits.connections);
    m_fromHere->setValue(listener.limits.connectionsFromLoopback);
    m_idle->setValue(wholeUnits<std::chrono::seconds>(listener.limits.idle));
    m_withoutMessage->setValue(wholeUnits<std::chrono::minutes>(listener.limits.withoutMessage));
    m_size->setValue(int(std::max<qint64>(1, listener.limits.messageSize / mebibyte)));
    m_clients->setText(listener.allowedClients.join(QStringLiteral(", ")));
    m_peers->setText(listener.trustedPeers.join(QStringLiteral(", ")));
    m_xclient->setChecked(listener.extensions.xclient);
    m_certificate->setText(listener.certificateFile);
    m_key->setText(listener.keyFile);
    m_users->setText(listener.authFile);
    m_http->setChecked(settings.http.enabled);
    m_httpAddress->setText(settings.http.address.toString());
    m_httpPort->setValue(settings.http.port);
    warn();
}

void ListenerPage::store(mail::Settings &settings) const
{
    mail::ListenerSettings &listener = settings.listener;
    listener.enabled = m_enabled->isChecked();
    listener.bindings.clear();
    for (const QStringList &row : m_bindings->rows()) {
        mail::ListenerBinding binding;
        if (row[Address].startsWith(unixPrefix))
            binding.unixPath = row[Address].mid(unixPrefix.size());
        else
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
    listener.signIn = chosen<mail::SignInPolicy>(m_signIn);
    listener.clearSignIn = chosen<smtp::ClearAuth>(m_clearSignIn);
    listener.paths = chosen<mail::PathPolicy>(m_paths);
    listener.bareLineFeeds = chosen<smtp::BareLineFeeds>(m_bareLineFeeds);
    listener.limits.recipients = m_recipients->value();
    listener.limits.connections = m_connections->value();
    listener.limits.connectionsFromLoopback = m_fromHere->value();
    takeUnits<std::chrono::seconds>(listener.limits.idle, m_idle->value());
    takeUnits<std::chrono::minutes>(listener.limits.withoutMessage, m_withoutMessage->value());
    settings.http
        = {m_http->isChecked(), QHostAddress(m_httpAddress->text().trimmed()), quint16(m_httpPort->value())};
    listener.allowedClients = listOf(m_clients->text());
    listener.trustedPeers = listOf(m_peers->text());
    listener.extensions.xclient = m_xclient->isChecked();
    listener.certificateFile = m_certificate->text().trimmed();
    listener.keyFile = m_key->text().trimmed();
    listener.authFile = m_users->text().trimmed();
}

} // namespace glasspost::ui
