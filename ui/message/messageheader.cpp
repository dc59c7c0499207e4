#include "ui/message/messageheader.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/format.h"

#include <QDateTime>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QStyle>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr int addressesShown = 8;
constexpr int addressesOfTip = 100;
constexpr qsizetype subjectShown = 160; // characters, before the rest is asked for
constexpr int longestSubjectWord = 60; // of a subject
constexpr qsizetype subjectWhole = 4000;
constexpr qsizetype nameShown = 120;
constexpr qsizetype addressShown = 320; // RFC 5321 4.5.3.1: 64, "@", 255

QLabel *valueLabel()
{
    QLabel *label = plainLabel();
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

/// With places to break, which a label finds at blanks alone.
QString breakableSubject(const QString &text)
{
    QString result;
    int run = 0;
    for (const QChar c : text) {
        run = c.isSpace() ? 0 : run + 1;
        if (run > longestSubjectWord && !c.isLowSurrogate()) {
            result += QChar(0x200B);
            run = 1;
        }
        result += c;
    }
    return result;
}

/// The name bold in the reader's eye, the address beside it, each marked off from the other's direction.
QString richAddress(const mail::AddressView &address, const QColor &muted)
{
    const QString name = shortened(safeLine(address.name), nameShown);
    const QString addrSpec = shortened(safeLine(address.address), addressShown);
    if (name.isEmpty() || name == addrSpec)
        return addrSpec.toHtmlEscaped();
    // An address is read from left to right, and its brackets with it, in whatever line it stands.
    return QStringLiteral(
        "<span>\u2068%1\u2069</span> <span style='color:%3'>\u2068\u200e&lt;%2&gt;\u200e\u2069</span>")
        .arg(name.toHtmlEscaped(), addrSpec.toHtmlEscaped(), muted.name());
}

/// Whom the envelope named and neither To nor Cc: Bcc, and whom a list or an alias led to.
QList<mail::AddressView> envelopeAlone(const mail::MessageView &message)
{
    QSet<QString> named;
    const QList<mail::AddressView> shown = message.to + message.cc;
    for (const mail::AddressView &address : shown)
        named.insert(address.address.toLower());
    QList<mail::AddressView> alone;
    for (const QByteArray &path : message.deliveredTo) {
        const QString address = QString::fromUtf8(path).trimmed();
        if (!named.contains(address.toLower()))
            alone.append({{}, address});
    }
    return alone;
}

} // namespace

MessageHeader::MessageHeader(QWidget *parent)
    : QWidget(parent), m_subject(plainLabel()), m_rest(new QToolButton), m_date(plainLabel()),
      m_fromTitle(plainLabel(tr("From"))), m_from(valueLabel()), m_toTitle(plainLabel(tr("To"))),
      m_to(valueLabel()), m_ccTitle(plainLabel(tr("Cc"))), m_cc(valueLabel()),
      m_envelopeTitle(plainLabel(tr("Envelope"))), m_envelope(valueLabel()), m_chip(new Chip),
      m_edit(new QPushButton(icon(IconName::Edit), tr("Edit")))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_subject->setFont(headingFont(font()));
    m_subject->setWordWrap(true);
    m_subject->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_subject->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_rest->setCheckable(true);
    m_rest->setAutoRaise(true);
    connect(m_rest, &QToolButton::toggled, this, &MessageHeader::showSubject);
    m_chip->setClickable(true);
    m_chip->setVisible(false);
    connect(m_chip, &Chip::clicked, this, &MessageHeader::deliveryAsked);

    m_edit->setToolTip(tr("Continue writing this draft"));
    m_edit->setVisible(false);
    connect(m_edit, &QPushButton::clicked, this, &MessageHeader::editAsked);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(space::two, space::one + space::half, space::two, space::one);
    grid->setHorizontalSpacing(space::one + space::half);
    grid->setVerticalSpacing(3);
    auto *subjectRow = new QHBoxLayout;
    subjectRow->addWidget(m_subject, 1);
    subjectRow->addWidget(m_rest, 0, Qt::AlignTop);
    grid->addLayout(subjectRow, 0, 0, 1, 2);
    grid->addWidget(m_chip, 0, 2, Qt::AlignRight | Qt::AlignTop);
    grid->addWidget(m_edit, 0, 2, Qt::AlignRight | Qt::AlignTop); // a draft has no delivery, and no chip
    int row = 1;
    for (const auto &[title, value] : {std::pair(m_fromTitle, m_from), std::pair(m_toTitle, m_to),
             std::pair(m_ccTitle, m_cc), std::pair(m_envelopeTitle, m_envelope)}) {
        grid->addWidget(title, row, 0, Qt::AlignTop);
        grid->addWidget(value, row, 1, 1, row == 1 ? 1 : 2);
        ++row;
    }
    m_envelopeTitle->setToolTip(tr("Only in the envelope: Bcc, or through a list or an alias"));
    grid->addWidget(m_date, 1, 2, Qt::AlignRight | Qt::AlignTop);
    grid->setColumnStretch(1, 1);
    tint();
    align();
}

void MessageHeader::show(const mail::MessageView &message)
{
    m_words = shortened(safeLine(message.subject), subjectWhole);
    m_rest->setChecked(false);
    m_rest->setVisible(m_words.size() > subjectShown);
    showSubject();
    m_date->setText(message.date == 0
            ? tr("no valid date")
            : QLocale().toString(QDateTime::fromSecsSinceEpoch(message.date), QLocale::ShortFormat));
    m_date->setToolTip(plainToolTip(message.date == 0 ? QString() : exactTime(message.date)));
    m_edit->setVisible(message.id.folder.folder == QLatin1String("Drafts"));
    showRow(m_fromTitle, m_from, message.from);
    showRow(m_toTitle, m_to, message.to);
    showRow(m_ccTitle, m_cc, message.cc);
    showRow(m_envelopeTitle, m_envelope, envelopeAlone(message));
    m_fromTitle->setVisible(true);
    m_from->setVisible(true);
    if (message.from.isEmpty())
        m_from->setText(message.returnPath.isEmpty()
                ? tr("unknown: there is no From field")
                : tr("%1 (envelope sender: there is no From field)")
                      .arg(shortened(safeLine(QString::fromUtf8(message.returnPath)), addressShown))
                      .toHtmlEscaped());
}

/// Two lines of a long subject, or all of it when that is asked for.
void MessageHeader::showSubject()
{
    const bool isWhole = m_rest->isChecked();
    m_rest->setText(isWhole ? tr("Less") : tr("More"));
    m_rest->setAccessibleName(isWhole ? tr("Show less of the subject") : tr("Show the whole subject"));
    m_subject->setMaximumHeight(
        isWhole ? QWIDGETSIZE_MAX : 2 * m_subject->fontMetrics().lineSpacing() + m_subject->margin());
    m_subject->setText(m_words.isEmpty() ? tr("(no subject)")
            : isWhole                    ? breakableSubject(m_words)
                                         : breakableSubject(shortened(m_words, subjectShown)));
}

void MessageHeader::setChip(const std::optional<StateChip> &chip)
{
    m_chip->setVisible(chip.has_value());
    if (chip) {
        m_chip->setState(chip->text, chip->tone);
        m_chip->setToolTip(tr("Show the delivery"));
    }
}

void MessageHeader::showRow(QLabel *title, QLabel *value, const QList<mail::AddressView> &addresses)
{
    QStringList texts;
    for (const mail::AddressView &address : addresses.mid(0, addressesShown))
        texts.append(richAddress(address, mutedText(palette())));
    QString text = texts.join(QStringLiteral(", "));
    if (addresses.size() > addressesShown)
        text += tr(" and %Ln more", nullptr, int(addresses.size()) - addressesShown).toHtmlEscaped();
    value->setText(text);
    value->setToolTip(plainToolTip(
        addresses.size() > addressesShown ? addressListText(addresses.mid(0, addressesOfTip)) : QString()));
    title->setVisible(!addresses.isEmpty());
    value->setVisible(!addresses.isEmpty());
}

void MessageHeader::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        tint();
    else if (event->type() == QEvent::LayoutDirectionChange)
        align();
    QWidget::changeEvent(event);
}

void MessageHeader::tint()
{
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, mutedText(palette()));
    for (QLabel *label : {m_date, m_fromTitle, m_toTitle, m_ccTitle, m_envelopeTitle}) {
        if (label->palette().color(QPalette::WindowText) != muted.color(QPalette::WindowText))
            label->setPalette(muted);
    }
}

// Words stand beside their title, wherever the window has it: a label of text that can be selected goes by
// the direction of its words, which are seldom the window's in a mirrored one, unless told an absolute side.
void MessageHeader::align()
{
    const Qt::Alignment leading
        = QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter) | Qt::AlignAbsolute;
    for (QLabel *label : {m_subject, m_from, m_to, m_cc, m_envelope})
        label->setAlignment(leading);
}

} // namespace glasspost::ui
