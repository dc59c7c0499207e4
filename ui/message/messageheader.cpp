#include "ui/message/messageheader.h"

#include "ui/message/addresswords.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/format.h"

#include <QDateTime>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QStyle>

namespace glasspost::ui {

namespace {

constexpr int addressesShown = 8;

QLabel *valueLabel()
{
    auto *label = new QLabel;
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

/// The name bold in the reader's eye, the address beside it, each marked off from the other's direction.
QString richAddress(const mail::AddressView &address, const QColor &muted)
{
    const QString name = safeLine(address.name);
    const QString addrSpec = safeLine(address.address);
    if (name.isEmpty() || name == addrSpec)
        return addrSpec.toHtmlEscaped();
    // An address is read from left to right, and its brackets with it, in whatever line it stands.
    return QStringLiteral(
        "<span>\u2068%1\u2069</span> <span style='color:%3'>\u2068\u200e&lt;%2&gt;\u200e\u2069</span>")
        .arg(name.toHtmlEscaped(), addrSpec.toHtmlEscaped(), muted.name());
}

} // namespace

MessageHeader::MessageHeader(QWidget *parent)
    : QWidget(parent), m_subject(new QLabel), m_date(new QLabel), m_fromTitle(new QLabel(tr("From"))),
      m_from(valueLabel()), m_toTitle(new QLabel(tr("To"))), m_to(valueLabel()),
      m_ccTitle(new QLabel(tr("Cc"))), m_cc(valueLabel()), m_chip(new Chip)
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_subject->setFont(headingFont(font()));
    m_subject->setWordWrap(true);
    m_subject->setTextFormat(Qt::PlainText);
    m_subject->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_subject->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_chip->setClickable(true);
    m_chip->setVisible(false);
    connect(m_chip, &Chip::clicked, this, &MessageHeader::deliveryAsked);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(space::two, space::one + space::half, space::two, space::one);
    grid->setHorizontalSpacing(space::one + space::half);
    grid->setVerticalSpacing(3);
    grid->addWidget(m_subject, 0, 0, 1, 2);
    grid->addWidget(m_chip, 0, 2, Qt::AlignRight | Qt::AlignTop);
    int row = 1;
    for (const auto &[title, value] :
        {std::pair(m_fromTitle, m_from), std::pair(m_toTitle, m_to), std::pair(m_ccTitle, m_cc)}) {
        grid->addWidget(title, row, 0, Qt::AlignTop);
        grid->addWidget(value, row, 1, 1, row == 1 ? 1 : 2);
        ++row;
    }
    grid->addWidget(m_date, 1, 2, Qt::AlignRight | Qt::AlignTop);
    grid->setColumnStretch(1, 1);
    tint();
    align();
}

void MessageHeader::show(const mail::MessageView &message)
{
    const QString subject = safeLine(message.subject);
    m_subject->setText(subject.isEmpty() ? tr("(no subject)") : subject);
    m_date->setText(message.date == 0
            ? tr("no readable date")
            : QLocale().toString(QDateTime::fromSecsSinceEpoch(message.date), QLocale::ShortFormat));
    m_date->setToolTip(message.date == 0 ? QString() : exactTime(message.date));
    showRow(m_fromTitle, m_from, message.from);
    showRow(m_toTitle, m_to, message.to);
    showRow(m_ccTitle, m_cc, message.cc);
    m_fromTitle->setVisible(true);
    m_from->setVisible(true);
    if (message.from.isEmpty())
        m_from->setText(tr("nobody: there is no From field"));
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
    value->setToolTip(addresses.size() > addressesShown ? addressListText(addresses) : QString());
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
    for (QLabel *label : {m_date, m_fromTitle, m_toTitle, m_ccTitle}) {
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
    for (QLabel *label : {m_subject, m_from, m_to, m_cc})
        label->setAlignment(leading);
}

} // namespace glasspost::ui
