#include "ui/queue/certificatewindow.h"

#include "ui/queue/certificatefacts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/shownbytes.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>

namespace glasspost::ui {

namespace {

QLabel *selectable(const QString &text)
{
    QLabel *label = plainLabel(text);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setWordWrap(true);
    label->setMinimumWidth(420);
    return label;
}

} // namespace

CertificateWindow::CertificateWindow(mail::CertificateQuestion question, QWidget *parent)
    : QDialog(parent), m_question(std::move(question)), m_chain(new QListWidget), m_rows(new QFormLayout)
{
    const QString server = shownBytes(m_question.facts.host).text;
    setWindowTitle(tr("Certificate of %1").arg(server));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::two, space::two, space::two, space::two);
    column->setSpacing(space::one);
    QLabel *title = plainLabel(tr("The certificate of %1 could not be verified").arg(server));
    title->setWordWrap(true);
    title->setFont(headingFont(font()));
    column->addWidget(title);
    addReasons(column);
    addChain(column);
    column->addStretch(1);
    addButtons(column);
}

void CertificateWindow::addReasons(QVBoxLayout *column)
{
    QLabel *reasons = plainLabel(certificateFaults(m_question).join(u'\n'));
    reasons->setWordWrap(true);
    QPalette red = reasons->palette();
    red.setColor(QPalette::WindowText, toneColor(red, Tone::Refused));
    reasons->setPalette(red);
    column->addWidget(reasons);
    const QString words = m_question.ground == mail::CertificateQuestion::Ground::Policy
        ? tr("The domain itself requires a verified certificate, through DNS (DANE) or its published policy "
             "(MTA-STS). Mail for it waits until the server presents one.")
        : tr("This may not be the server you mean. Before you accept, compare the fingerprint with one from "
             "its operator. Meanwhile its messages wait in the queue.");
    QLabel *sentence = plainLabel(words);
    sentence->setWordWrap(true);
    column->addWidget(sentence);
}

void CertificateWindow::addChain(QVBoxLayout *column)
{
    for (const QSslCertificate &certificate : std::as_const(m_question.facts.chain))
        m_chain->addItem(new QListWidgetItem(icon(IconName::Lock), certificateTitle(certificate)));
    m_chain->setAccessibleName(tr("Certificate chain, the server's own certificate first"));
    m_chain->setFixedHeight(m_chain->sizeHintForRow(0) * std::clamp(m_chain->count(), 1, 4) + space::one);
    m_chain->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_chain->setVisible(m_chain->count() > 1);
    connect(m_chain, &QListWidget::currentRowChanged, this, &CertificateWindow::showCertificate);
    m_rows->setContentsMargins(0, space::one, 0, space::one);
    m_rows->setHorizontalSpacing(space::two);
    m_rows->setVerticalSpacing(space::half);
    m_rows->setLabelAlignment(Qt::AlignLeading | Qt::AlignTop);
    m_rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    column->addSpacing(space::half);
    column->addWidget(m_chain);
    column->addLayout(m_rows);
    if (m_chain->count() > 0)
        m_chain->setCurrentRow(0);
}

void CertificateWindow::showCertificate(int place)
{
    while (m_rows->rowCount() > 0)
        m_rows->removeRow(0);
    const auto rows = certificateRows(m_question.facts.chain.value(place), QDateTime::currentDateTime());
    for (const auto &[name, value] : rows) {
        QLabel *field = selectable(value);
        field->setAccessibleName(name);
        if (value.contains(u'\n'))
            field->setFont(monospaceFont(font()));
        QLabel *label = plainLabel(name);
        QPalette muted = label->palette();
        muted.setColor(QPalette::WindowText, mutedText(muted));
        label->setPalette(muted);
        m_rows->addRow(label, field);
    }
}

void CertificateWindow::addButtons(QVBoxLayout *column)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(space::one);
    auto *transcript = new QPushButton(icon(IconName::Transcript), tr("&Show in transcript"));
    transcript->setAutoDefault(false);
    connect(
        transcript, &QPushButton::clicked, this, [this] { Q_EMIT sessionRequested(m_question.sessionId); });
    row->addWidget(transcript);
    row->addStretch(1);
    const auto add = [&](const QString &text, const QString &tip, mail::CertificateDecision decision) {
        auto *button = new QPushButton(text);
        button->setToolTip(plainToolTip(tip));
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, decision] {
            Q_EMIT decided(decision);
            close();
        });
        row->addWidget(button);
        return button;
    };
    using Decision = mail::CertificateDecision;
    if (m_question.ground == mail::CertificateQuestion::Ground::Settings) {
        add(tr("Accept &permanently"), tr("Keep it in the settings and send the messages that wait for it"),
            Decision::AcceptForGood);
        add(tr("Accept &once"), tr("Send the messages that wait for it now, and ask again next time"),
            Decision::AcceptOnce);
    }
    auto *refuse
        = add(tr("&Refuse"), tr("Do not ask about it again; the messages keep waiting"), Decision::Refuse);
    refuse->setDefault(true);
    refuse->setFocus();
    column->addLayout(row);
}

} // namespace glasspost::ui
