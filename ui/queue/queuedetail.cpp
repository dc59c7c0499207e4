#include "ui/queue/queuedetail.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/deliverytext.h"
#include "ui/words/format.h"
#include "ui/words/shownbytes.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

namespace glasspost::ui {

QueueDetail::QueueDetail(QWidget *parent)
    : QWidget(parent), m_words(plainLabel()), m_facts(plainLabel()), m_wire(new QPlainTextEdit),
      m_transcript(new QPushButton(icon(IconName::Transcript), tr("Show in tra&nscript"))),
      m_certificate(new QPushButton(icon(IconName::Lock), tr("Show &certificate …")))
{
    for (QLabel *label : {m_words, m_facts})
        label->setWordWrap(true);
    m_words->setFont(boldFont(m_words->font()));
    QPalette muted = m_facts->palette();
    muted.setColor(QPalette::WindowText, mutedText(muted));
    m_facts->setPalette(muted);
    m_wire->setReadOnly(true);
    m_wire->setFrameShape(QFrame::NoFrame);
    m_wire->setFont(monospaceFont(font()));
    m_wire->setAccessibleName(tr("What was said on the wire"));
    m_wire->setTabChangesFocus(true);
    m_wire->setFixedHeight(QFontMetrics(m_wire->font()).lineSpacing() * 4 + space::one);
    connect(m_transcript, &QPushButton::clicked, this, [this] { Q_EMIT sessionRequested(m_session); });
    connect(m_certificate, &QPushButton::clicked, this, [this] {
        if (m_question)
            Q_EMIT certificateRequested(*m_question);
    });

    auto *head = new QHBoxLayout;
    head->setSpacing(space::half);
    head->addWidget(m_words, 1);
    head->addWidget(m_certificate, 0, Qt::AlignTop);
    head->addWidget(m_transcript, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::two, space::one, space::one, space::one);
    column->setSpacing(space::half);
    column->addLayout(head);
    column->addWidget(m_facts);
    column->addWidget(m_wire);
}

void QueueDetail::tell(const mail::QueueEntry &entry, const mail::QueueRecipient &recipient,
    const mail::CertificateQuestion *question)
{
    m_question = question ? std::optional(*question) : std::nullopt;
    const auto report = recipient.lastReport();
    if (question)
        m_words->setText(question->answer == mail::CertificateQuestion::Answer::Open
                ? tr("Waits for your decision: the certificate of %1 could not be verified")
                      .arg(shownBytes(question->facts.host).text)
                : tr("You refused the certificate of %1; the message waits for another certificate")
                      .arg(shownBytes(question->facts.host).text));
    else
        m_words->setText(report ? resultText(*report) : tr("Not tried yet"));
    m_certificate->setVisible(question != nullptr);
    QStringList facts{shownBytes(recipient.recipient.forwardPath.toBytes()).text};
    if (report) {
        if (const QString server = serverText(*report); !server.isEmpty())
            facts << server;
        facts << stageText(report->stage);
        if (report->at > 0) // a damaged record has no time
            facts << exactTime(report->at / 1000000);
    }
    if (entry.route)
        facts << (entry.route->kind == mail::OutgoingRoute::Kind::Smarthost
                ? tr("by its own route: via %1").arg(entry.route->host)
                : tr("by its own route: direct"));
    const qint64 next = std::max(recipient.nextAttemptAt, entry.notBefore);
    if (recipient.isPending() && !entry.held && next > QDateTime::currentMSecsSinceEpoch())
        facts << tr("next attempt %1").arg(exactTime(next / 1000));
    facts << tr("in the queue since %1").arg(exactTime(entry.queuedAt / 1000));
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    m_wire->setPlainText(report ? wireText(*report) : QString());
    m_wire->setVisible(report.has_value());
    m_session = report ? report->sessionId : QByteArray();
    if (m_session.isEmpty() && !entry.attemptSessionIds.isEmpty())
        m_session = entry.attemptSessionIds.constLast();
    m_transcript->setEnabled(!m_session.isEmpty());
}

} // namespace glasspost::ui
