#include "ui/message/checksview.h"

#include "mail/checks/spamcheck.h"
#include "ui/message/screensview.h"
#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/checktext.h"
#include "ui/words/errortext.h"
#include "ui/words/format.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QTreeWidget>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int lineOfRow = Qt::UserRole;
constexpr int wholeText = Qt::UserRole; // of the column of reasons
constexpr qsizetype targetShown = 500; // characters
enum Column { SeverityColumn, PlaceColumn, AreaColumn, ReasonColumn, AnswerColumn };

QIcon severityIcon(mail::Severity severity)
{
    switch (severity) {
    case mail::Severity::Error:
        return icon(IconName::Error, Tone::Refused);
    case mail::Severity::Warning:
        return icon(IconName::Warning, Tone::Deferred);
    case mail::Severity::Note:
        break;
    }
    return icon(IconName::Info, Tone::Transit);
}

QString kindText(mail::Reference::Kind kind)
{
    switch (kind) {
    case mail::Reference::Kind::Link:
        return ChecksView::tr("Link");
    case mail::Reference::Kind::Picture:
        return ChecksView::tr("Picture");
    case mail::Reference::Kind::StyleSheet:
        break;
    }
    return ChecksView::tr("Style sheet");
}

bool canBeAsked(const QString &target)
{
    const QString scheme = QUrl(target).scheme();
    return scheme == u"http" || scheme == u"https";
}

QString answerText(const mail::LinkStatus &link)
{
    if (link.isNotAsked)
        return ChecksView::tr("Not asked: %1").arg(safeLine(link.words));
    return link.status == 0 ? safeLine(link.words)
                            : safeLine(QStringLiteral("%1 %2").arg(link.status).arg(link.words));
}

QString summaryOfChecks(const mail::MessageChecks &checks)
{
    const QString counts = checks.findings.isEmpty()
        ? ChecksView::tr("Nothing was found.")
        : ChecksView::tr("Errors: %1, warnings: %2, notes: %3.")
              .arg(countText(checks.count(mail::Severity::Error)),
                  countText(checks.count(mail::Severity::Warning)),
                  countText(checks.count(mail::Severity::Note)));
    const QString clients
        = ChecksView::tr("What mail clients support: caniemail.com, %1.")
              .arg(QLocale().toString(mail::ClientSupport::shipped().date(), QLocale::ShortFormat));
    const QString cut
        = checks.isCut ? ChecksView::tr(" The message is larger than what is checked.") : QString();
    return counts + cut + u' ' + clients;
}

} // namespace

ChecksView::ChecksView(mail::Mailboxes &mailboxes, const mail::CurrentSettings &settings, QWidget *parent)
    : QWidget(parent), m_mailboxes(mailboxes), m_settings(settings), m_summary(leadingLabel()),
      m_findings(makeRows(tr("Checks"), {tr("Severity"), tr("Place"), tr("About"), tr("Reason")})),
      m_references(makeRows(
          tr("Links and pictures"), {tr("Kind"), tr("Place"), tr("Words"), tr("Address"), tr("Answer")})),
      m_reason(leadingLabel()), m_ask(new QPushButton(tr("&Ask the servers"))),
      m_screens(new ScreensView(mailboxes)), m_pages(new QTabWidget)
{
    build();
    connect(m_ask, &QPushButton::clicked, this, &ChecksView::askServers);
    connect(m_findings, &QTreeWidget::currentItemChanged, this, &ChecksView::explain);
    explain();
    connect(m_pages, &QTabWidget::currentChanged, this,
        [this](int page) { setFocusProxy(page == 0 ? static_cast<QWidget *>(m_findings) : m_screens); });
    setFocusProxy(m_findings);
    for (QTreeWidget *rows : {m_findings, m_references}) {
        connect(rows, &QTreeWidget::itemActivated, this, &ChecksView::openRow);
        connect(rows, &QTreeWidget::itemClicked, this, &ChecksView::openRow);
    }
}

void ChecksView::build()
{
    m_summary->setWordWrap(true);
    m_summary->setContentsMargins(space::two, space::one, space::two, space::one);
    m_summary->setAccessibleName(tr("Summary of the checks"));
    m_reason->setWordWrap(true);
    m_reason->setContentsMargins(space::two, space::half, space::two, space::half);
    m_reason->setAccessibleName(tr("The reason of the current finding"));
    auto *lists = new QSplitter(Qt::Vertical);
    lists->addWidget(m_findings);
    lists->addWidget(m_references);
    lists->setStretchFactor(0, 3);
    lists->setStretchFactor(1, 1);
    lists->setChildrenCollapsible(false);
    auto *found = new QWidget;
    auto *inner = new QVBoxLayout(found);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(0);
    inner->addWidget(lists, 1);
    inner->addWidget(m_reason);
    inner->addWidget(m_ask, 0, Qt::AlignLeading);
    m_pages->addTab(found, tr("Findings"));
    m_pages->addTab(m_screens, tr("Screens"));
    m_pages->setTabToolTip(0, tr("What is wrong with the message, and where its links and pictures lead"));
    m_pages->setTabToolTip(
        1, tr("The message on a phone, a tablet and a desktop, in light and in dark colors"));
    m_pages->setDocumentMode(true);
    m_pages->setAccessibleName(tr("Pages of the checks"));
    m_pages->tabBar()->setAccessibleName(tr("Pages of the checks"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_summary);
    column->addWidget(m_pages, 1);
    m_ask->setToolTip(tr("Ask the server of each link and picture whether it is there; servers of this "
                         "network are not asked"));
    m_references->header()->resizeSection(ReasonColumn, 320);
}

void ChecksView::showScreens()
{
    m_pages->setCurrentWidget(m_screens);
}

QTreeWidget *ChecksView::makeRows(const QString &name, const QStringList &columns)
{
    auto *rows = new QTreeWidget;
    rows->setHeaderLabels(columns);
    rows->setAccessibleName(name);
    rows->setRootIsDecorated(false);
    rows->setFrameShape(QFrame::NoFrame);
    rows->setWordWrap(true);
    rows->header()->setHighlightSections(false);
    rows->header()->resizeSection(SeverityColumn, 100);
    rows->header()->resizeSection(PlaceColumn, 110);
    rows->header()->resizeSection(AreaColumn, 130);
    return rows;
}

void ChecksView::show(const mail::MessageId &message)
{
    if (m_message == message)
        return;
    m_message = message;
    m_screens->show(message);
    m_probes.reset();
    m_findings->clear();
    m_references->clear();
    m_ask->setEnabled(false);
    m_summary->setText(tr("The message is being checked …"));
    m_mailboxes.octets(message)
        .andThen(this, [this, message](const mail::MessageOctets &octets) { return check(message, octets); })
        .then(this, [this, message](const mail::Result<void> &checked) {
            if (checked || m_message != message)
                return;
            m_message = {};
            m_screens->show({});
            m_summary->setText(errorText(checked.error()));
        });
}

mail::Task<void> ChecksView::check(const mail::MessageId &message, const mail::MessageOctets &octets)
{
    return mail::checkMessage(octets).andThen(
        this, [this, message, octets](const mail::MessageChecks &checks) {
            if (m_message != message)
                return;
            take(checks);
            askSpamFilter(message, octets);
        });
}

void ChecksView::take(const mail::MessageChecks &checks)
{
    m_checks = checks;
    showFindings();
    addReferences(checks.references);
}

void ChecksView::askSpamFilter(const mail::MessageId &message, const mail::MessageOctets &octets)
{
    const QString spamd = m_settings.value().spamd;
    if (spamd.isEmpty())
        return;
    m_summary->setText(m_summary->text() + tr(" The spam filter is being asked …"));
    mail::askSpamd(spamd, octets, this).andThen(this, [this, message](const mail::SpamReport &report) {
        if (m_message != message)
            return;
        m_checks.findings = mail::spamFindings(report) + m_checks.findings;
        showFindings();
    });
}

void ChecksView::showFindings()
{
    m_findings->clear();
    m_summary->setText(summaryOfChecks(m_checks));
    QList<mail::Finding> sorted = m_checks.findings;
    std::stable_sort(sorted.begin(), sorted.end(), [](const mail::Finding &one, const mail::Finding &other) {
        return mail::severityOf(one.kind) > mail::severityOf(other.kind);
    });
    QList<QTreeWidgetItem *> rows;
    for (const mail::Finding &finding : sorted) {
        const QString reason = safeLine(reasonText(finding));
        const mail::Severity severity = mail::severityOf(finding.kind);
        auto *row = new QTreeWidgetItem({severityText(severity),
            finding.line > 0 ? tr("Line %1").arg(countText(finding.line)) : tr("Message"),
            checkAreaText(mail::areaOf(finding.kind)), reason});
        row->setIcon(SeverityColumn, severityIcon(severity));
        row->setToolTip(PlaceColumn, plainToolTip(placeText(finding)));
        row->setToolTip(ReasonColumn, plainToolTip(reason));
        row->setData(0, lineOfRow, finding.line);
        row->setData(ReasonColumn, wholeText, placeText(finding) + QStringLiteral(": ") + reason);
        rows += row;
    }
    m_findings->addTopLevelItems(rows);
    m_findings->setCurrentItem(m_findings->topLevelItem(0));
}

void ChecksView::addReferences(const QList<mail::Reference> &references)
{
    QList<QTreeWidgetItem *> rows;
    for (const mail::Reference &reference : references) {
        const QString target = shortened(safeLine(reference.target), targetShown);
        auto *row = new QTreeWidgetItem({kindText(reference.kind),
            tr("Line %1").arg(countText(reference.line)), safeLine(reference.words), target});
        row->setIcon(SeverityColumn,
            icon(reference.kind == mail::Reference::Kind::Picture ? IconName::Image : IconName::Open));
        row->setToolTip(ReasonColumn, plainToolTip(target));
        row->setData(0, lineOfRow, reference.line);
        row->setData(ReasonColumn, wholeText, reference.target);
        rows += row;
    }
    m_references->addTopLevelItems(rows);
    m_ask->setEnabled(std::any_of(references.cbegin(), references.cend(),
        [](const mail::Reference &reference) { return canBeAsked(reference.target); }));
}

void ChecksView::askServers()
{
    QStringList targets;
    for (int i = 0; i < m_references->topLevelItemCount(); ++i) {
        const QString target = m_references->topLevelItem(i)->data(ReasonColumn, wholeText).toString();
        if (canBeAsked(target))
            targets += target;
    }
    m_ask->setEnabled(false);
    m_probes = std::make_unique<mail::LinkProbes>(mail::PictureServers::Public);
    m_probes->ask(targets, mail::Redirects::Followed)
        .andThen(m_probes.get(), [this](const QList<mail::LinkStatus> &links) { takeAnswers(links); });
}

void ChecksView::takeAnswers(const QList<mail::LinkStatus> &links)
{
    m_ask->setEnabled(true);
    for (int i = 0; i < m_references->topLevelItemCount(); ++i) {
        QTreeWidgetItem *row = m_references->topLevelItem(i);
        const QString target = row->data(ReasonColumn, wholeText).toString();
        const auto link = std::find_if(links.cbegin(), links.cend(),
            [&target](const mail::LinkStatus &one) { return one.target == target; });
        if (link == links.cend())
            continue;
        row->setText(AnswerColumn, answerText(*link));
        row->setToolTip(AnswerColumn, plainToolTip(row->text(AnswerColumn)));
        row->setIcon(AnswerColumn,
            link->isBroken() ? icon(IconName::Warning, Tone::Deferred)
                             : icon(IconName::Check, Tone::Accepted));
    }
}

/// A row has room for its beginning.
void ChecksView::explain()
{
    const QTreeWidgetItem *row = m_findings->currentItem();
    m_reason->setText(row ? row->data(ReasonColumn, wholeText).toString() : QString());
    m_reason->setVisible(row != nullptr);
}

void ChecksView::openRow(const QTreeWidgetItem *row)
{
    if (const int line = row->data(0, lineOfRow).toInt(); line > 0)
        Q_EMIT lineRequested(line);
}

} // namespace glasspost::ui
