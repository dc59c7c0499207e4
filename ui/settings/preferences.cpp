#include "ui/settings/preferences.h"

#include "ui/message/html/pageprocess.h"
#include "ui/settings/appearancepage.h"
#include "ui/settings/capturepage.h"
#include "ui/settings/deliverypage.h"
#include "ui/settings/handonpage.h"
#include "ui/settings/identitypage.h"
#include "ui/settings/listenerpage.h"
#include "ui/settings/mailboxespage.h"
#include "ui/settings/outgoingpage.h"
#include "ui/settings/rulespage.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/windowsize.h"
#include "ui/words/errortext.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QEvent>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr IconName pageIcons[] = {IconName::User, IconName::Outgoing, IconName::Listener, IconName::Incoming,
    IconName::Inbox, IconName::Move, IconName::Clock, IconName::Image, IconName::Filter};

} // namespace

Preferences::Preferences(
    mail::CurrentSettings &settings, mail::Outbox &outbox, mail::ListenerSwitch &listener, QWidget *parent)
    : QDialog(parent), m_settings(settings), m_outbox(outbox), m_names(new QListWidget),
      m_pages(new QStackedWidget), m_bar(new InlineBar)
{
    setWindowTitle(tr("Preferences"));
    m_names->setFrameShape(QFrame::NoFrame);
    m_names->setFixedWidth(fontMetrics().averageCharWidth() * 22);
    m_names->setIconSize(QSize(20, 20));
    m_names->setAccessibleName(tr("Pages"));
    m_outgoing = new OutgoingPage;
    addPage(new IdentityPage);
    addPage(m_outgoing);
    auto *listenerPage = new ListenerPage;
    addPage(listenerPage);
    addPage(new CapturePage);
    addPage(new MailboxesPage);
    addPage(new HandOnPage);
    addPage(new DeliveryPage);
    addPage(new AppearancePage(PageProcess::isInstalled(mail::HtmlEngine::WebEngine)));
    connect(m_names, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);

    auto *buttons
        = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::Apply);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    m_apply = buttons->button(QDialogButtonBox::Apply);
    connect(m_ok, &QPushButton::clicked, this, [this] { apply(After::Close); });
    connect(m_apply, &QPushButton::clicked, this, [this] { apply(After::Stay); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_bar);
    right->addWidget(m_pages, 1);
    auto *row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_names);
    row->addLayout(right, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row, 1);
    buttons->setContentsMargins(space::two, space::one, space::two, space::two);
    column->addWidget(buttons);

    load(settings.value());
    connect(&settings, &mail::CurrentSettings::changed, this, [this](const mail::Settings &now) {
        if (!m_edited)
            load(now);
    });
    listener.certificate().then(this, [listenerPage](const mail::Result<mail::CertificateFacts> &facts) {
        if (facts)
            listenerPage->showCertificate(*facts);
    });
    m_names->setCurrentRow(0);
    resizeWithinScreen(*this, {860, 600});
}

/// The wheel scrolls the page, and changes only what a person has gone to: a setting that passes below the
/// pointer stays as it is.
bool Preferences::eventFilter(QObject *watched, QEvent *event)
{
    const auto *field = qobject_cast<QWidget *>(watched);
    if (event->type() != QEvent::Wheel || field == nullptr || field->hasFocus())
        return QDialog::eventFilter(watched, event);
    event->ignore();
    return true;
}

void Preferences::editRules(mail::Rules &rules)
{
    m_rules = &rules;
    m_rulesPage = new RulesPage;
    addPage(m_rulesPage);
    const auto show = [this](const mail::RuleSet &set) {
        if (m_areRulesEdited)
            return;
        m_rulesPage->setRules(set.rules);
        if (set.fault)
            m_bar->say(InlineBar::Kind::Error, errorText(*set.fault));
    };
    connect(m_rulesPage, &SettingsPage::changed, this, [this] { m_areRulesEdited = true; });
    connect(&rules, &mail::Rules::changed, this, show);
    rules.rules().then(this, [show](const mail::Result<mail::RuleSet> &set) {
        if (set)
            show(*set);
    });
}

void Preferences::addPage(SettingsPage *page)
{
    auto *item = new QListWidgetItem(icon(pageIcons[m_names->count()]), page->title(), m_names);
    item->setSizeHint(QSize(0, fontMetrics().height() + space::two));
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(page);
    m_pages->addWidget(scroll);
    for (QWidget *field : page->findChildren<QWidget *>()) {
        if (qobject_cast<QComboBox *>(field) == nullptr && qobject_cast<QAbstractSpinBox *>(field) == nullptr)
            continue;
        field->setFocusPolicy(Qt::StrongFocus);
        field->installEventFilter(this);
    }
    connect(page, &SettingsPage::changed, this, &Preferences::edited);
}

SettingsPage *Preferences::page(Page page) const
{
    return static_cast<SettingsPage *>(static_cast<QScrollArea *>(m_pages->widget(int(page)))->widget());
}

void Preferences::showPage(Page page)
{
    m_names->setCurrentRow(int(page));
}

void Preferences::load(const mail::Settings &settings)
{
    m_loaded = settings;
    for (int i = 0; i < m_pages->count(); ++i)
        page(Page(i))->load(settings);
    m_edited = false;
    m_apply->setEnabled(false);
}

mail::Settings Preferences::edit() const
{
    mail::Settings settings = m_loaded;
    for (int i = 0; i < m_pages->count(); ++i)
        page(Page(i))->store(settings);
    // A person may have accepted a certificate, or a sender's pictures, since the pages were filled.
    const auto keepNew = [](auto &list, const auto &loaded, const auto &now) {
        for (const auto &one : now)
            if (!loaded.contains(one) && !list.contains(one))
                list.append(one);
    };
    const mail::Settings now = m_settings.value();
    keepNew(settings.acceptedCertificates, m_loaded.acceptedCertificates, now.acceptedCertificates);
    keepNew(settings.picturesFrom, m_loaded.picturesFrom, now.picturesFrom);
    settings.folders = now.folders; // no page has them
    return settings;
}

void Preferences::edited()
{
    m_edited = true;
    m_apply->setEnabled(true);
    if (m_checked)
        showProblems();
}

void Preferences::showProblems()
{
    const QList<SettingsProblem> problems = settingsProblems(edit());
    for (int i = 0; i < m_pages->count(); ++i) {
        const int count = page(Page(i))->showProblems(problems);
        m_names->item(i)->setIcon(count > 0 ? icon(IconName::Error, Tone::Refused) : icon(pageIcons[i]));
    }
}

/// Says it, on its page.
bool Preferences::hasBrokenRule()
{
    const QString problem = m_areRulesEdited ? m_rulesPage->problem() : QString();
    if (problem.isEmpty())
        return false;
    showPage(Page::Rules);
    m_bar->say(InlineBar::Kind::Error, problem);
    return true;
}

/// The settings, and the rules where they were edited.
mail::Task<void> Preferences::save(const mail::Settings &settings)
{
    if (!m_areRulesEdited)
        return m_settings.set(settings);
    return m_settings.set(settings)
        .andThen(this, [this] { return m_rules->set(m_rulesPage->rules()); })
        .andThen(this, [this] { m_areRulesEdited = false; });
}

void Preferences::apply(After after)
{
    m_checked = true;
    showProblems();
    const mail::Settings settings = edit();
    const QList<SettingsProblem> problems = settingsProblems(settings);
    if (!problems.isEmpty()) {
        // To the first page that has one, unless the page in sight has.
        if (page(Page(m_names->currentRow()))->showProblems(problems) > 0)
            return;
        for (int i = 0; i < m_pages->count(); ++i) {
            if (page(Page(i))->showProblems(problems) > 0) {
                m_names->setCurrentRow(i);
                return;
            }
        }
        return;
    }
    if (hasBrokenRule())
        return;
    const QByteArray password = m_outgoing->takePassword();
    if (!password.isEmpty()) {
        m_outbox.setPassword(settings.route.host, settings.route.user, password);
        Q_EMIT passwordGiven(settings.route.host, settings.route.user, password);
    }
    m_ok->setEnabled(false);
    m_apply->setEnabled(false);
    save(settings).then(this, [this, settings, after](const mail::Result<void> &done) {
        m_ok->setEnabled(true);
        if (!done) {
            m_apply->setEnabled(true);
            m_bar->say(InlineBar::Kind::Error, errorText(done.error()));
            return;
        }
        load(settings);
        if (after == After::Close)
            accept();
        else
            m_bar->say(InlineBar::Kind::Success, tr("Settings applied."), std::chrono::seconds(3));
    });
}

} // namespace glasspost::ui
