#include "ui/message/messageheader.h"

#include "mail/message/deceivingnames.h"
#include "mail/message/invisibles.h"
#include "ui/message/addressmenu.h"
#include "ui/message/deceittext.h"
#include "ui/message/subjectline.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/format.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QCursor>
#include <QDateTime>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSet>
#include <QTextCursor>
#include <QTextDocument>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr int addressesShown = 8;
constexpr int addressesOfTip = 100;
constexpr qsizetype senderShown = 120;
constexpr qsizetype addressShown = 320; // RFC 5321 4.5.3.1: 64, "@", 255

/// As it is shown, or with what cannot be seen spelt out where that deceives.
QString bareLine(const QString &text, mail::Deceits reasons, qsizetype most)
{
    const mail::Deceits hidden = mail::Deceit::HiddenCharacters | mail::Deceit::TurnedDirection;
    const bool isSpelt = (reasons & hidden) != mail::Deceits();
    return shortened(safeLine(isSpelt ? mail::withInvisiblesShown(text) : text), most);
}

/// The name bold in the reader's eye, the address beside it, each marked off from the other's direction.
/// The link is the number of the address.
QString richAddress(const mail::AddressView &address, int number, const QPalette &palette)
{
    const mail::AddressDeceit deceit = mail::deceitOf(address);
    const QString name = bareLine(address.name, deceit.reasons, senderShown);
    const QString addrSpec = bareLine(address.address, deceit.reasons, addressShown);
    const QString link = QString::number(number), color = palette.color(QPalette::Text).name();
    QString text;
    if (name.isEmpty() || name == addrSpec) {
        text = QStringLiteral("<a href='%1' style='text-decoration:none;color:%2'>%3</a>")
                   .arg(link.toHtmlEscaped(), color.toHtmlEscaped(), addrSpec.toHtmlEscaped());
    } else {
        text = QStringLiteral("<a href='%1' style='text-decoration:none;color:%2'>\u2068%3\u2069</a>")
                   .arg(link.toHtmlEscaped(), color.toHtmlEscaped(), name.toHtmlEscaped());
        // An address is read from left to right, and its brackets with it, in whatever line it is.
        if (!addrSpec.isEmpty())
            text += QStringLiteral(" <span style='color:%2'>\u2068\u200e&lt;%1&gt;\u200e\u2069</span>")
                        .arg(addrSpec.toHtmlEscaped(), mutedText(palette).name());
    }
    return text;
}

/// What deceives in it, on a line of its own; empty for nothing.
QString richDeceit(const mail::AddressView &address, const QPalette &palette)
{
    QString why = deceitText(mail::deceitOf(address));
    return why.isEmpty()
        ? why
        : QStringLiteral("<br><span style='color:%2'>%1</span>")
              .arg(why.replace(u'\n', u' ').toHtmlEscaped(), toneColor(palette, Tone::Refused).name());
}

/// Rich text takes its direction from its first letter, which may be in anybody's name.
QString inDirection(Qt::LayoutDirection direction, const QString &richText)
{
    return (direction == Qt::RightToLeft ? QStringLiteral("<div dir='rtl'>")
                                         : QStringLiteral("<div dir='ltr'>"))
        + richText + QStringLiteral("</div>");
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

/// The link that Tab has gone to, which the label has selected; empty for none.
QString focusedLink(const QLabel &label)
{
    if (!label.hasSelectedText())
        return {};
    QTextDocument shown;
    shown.setHtml(label.text());
    QTextCursor cursor(&shown);
    cursor.setPosition(label.selectionStart() + 1); // a format is that of the letter before
    return cursor.charFormat().anchorHref();
}

QPoint below(const QLabel *label)
{
    return label->mapToGlobal(label->rect().bottomLeft());
}

} // namespace

MessageHeader::MessageHeader(QWidget *parent)
    : QWidget(parent), m_subject(new SubjectLine), m_date(plainLabel()), m_fromTitle(plainLabel(tr("From"))),
      m_from(addressLabel()), m_toTitle(plainLabel(tr("To"))), m_to(addressLabel()),
      m_ccTitle(plainLabel(tr("Cc"))), m_cc(addressLabel()), m_envelopeTitle(plainLabel(tr("Envelope"))),
      m_envelope(addressLabel()), m_chip(new Chip), m_menu(new QToolButton),
      m_edit(new QPushButton(icon(IconName::Edit), tr("Edit")))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_chip->setClickable(true);
    m_chip->setVisible(false);
    connect(m_chip, &Chip::clicked, this, &MessageHeader::deliveryRequested);

    m_menu->setIcon(icon(IconName::ChevronDown));
    m_menu->setAutoRaise(true);
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setToolTip(tr("More for this sender and this list"));
    m_menu->setAccessibleName(tr("More for this sender and this list"));
    m_menu->setMenu(new QMenu(m_menu));
    connect(m_menu->menu(), &QMenu::aboutToShow, this, &MessageHeader::fillMenu);

    m_edit->setToolTip(tr("Continue writing this draft"));
    m_edit->setVisible(false);
    connect(m_edit, &QPushButton::clicked, this, &MessageHeader::editRequested);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(space::two, space::one + space::half, space::two, space::one);
    grid->setHorizontalSpacing(space::one + space::half);
    grid->setVerticalSpacing(3);
    auto *subjectRow = new QHBoxLayout;
    subjectRow->addWidget(m_subject, 1);
    for (QWidget *beside : std::initializer_list<QWidget *>{m_chip, m_edit, m_menu})
        subjectRow->addWidget(beside, 0, Qt::AlignTop);
    grid->addLayout(subjectRow, 0, 0, 1, 3);
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
    // On a Base background a label takes the Text role; these are muted in WindowText (tint()).
    for (QLabel *label : {m_date, m_fromTitle, m_toTitle, m_ccTitle, m_envelopeTitle})
        label->setForegroundRole(QPalette::WindowText);
    tint();
}

void MessageHeader::show(const mail::MessageView &message)
{
    m_subject->show(message.subject);
    m_date->setText(message.date == 0
            ? tr("no valid date")
            : QLocale().toString(QDateTime::fromSecsSinceEpoch(message.date), QLocale::ShortFormat));
    m_date->setToolTip(plainToolTip(message.date == 0 ? QString() : exactTime(message.date)));
    m_edit->setVisible(message.id.folder.folder == QLatin1String("Drafts") && !message.isAttached);
    m_canUnsubscribe = !message.unsubscribe.isNull();
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
    QString text, between;
    int number = 0;
    m_addresses[value] = addresses.mid(0, addressesShown);
    for (const mail::AddressView &address : m_addresses.value(value)) {
        const QString deceit = richDeceit(address, palette());
        text += between + richAddress(address, number++, palette()) + deceit;
        between = deceit.isEmpty() ? QStringLiteral(", ") : QStringLiteral("<br>");
    }
    if (addresses.size() > addressesShown)
        text += tr(" and %Ln more", nullptr, int(addresses.size()) - addressesShown).toHtmlEscaped();
    value->setText(inDirection(layoutDirection(), text));
    value->setToolTip(plainToolTip(
        addresses.size() > addressesShown ? addressListText(addresses.mid(0, addressesOfTip)) : QString()));
    title->setVisible(!addresses.isEmpty());
    value->setVisible(!addresses.isEmpty());
}

QLabel *MessageHeader::addressLabel()
{
    QLabel *label = leadingLabel();
    label->setTextInteractionFlags(Qt::TextBrowserInteraction);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    label->installEventFilter(this);
    connect(label, &QLabel::linkHovered, this, [this](const QString &link) { m_hovered = link; });
    connect(label, &QLabel::linkActivated, this, [this, label](const QString &link) {
        openAddressMenu(
            label, link, label->underMouse() && link == m_hovered ? QCursor::pos() : below(label));
    });
    return label;
}

/// The menu is the pointer's address's, or of the one that Tab went to.
bool MessageHeader::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Leave) {
        m_hovered.clear(); // a label does not say that no link is under the pointer any more
    } else if (event->type() == QEvent::ContextMenu) {
        const auto *label = qobject_cast<const QLabel *>(watched);
        const auto *asked = static_cast<const QContextMenuEvent *>(event);
        const bool isByKey = asked->reason() == QContextMenuEvent::Keyboard;
        openAddressMenu(
            label, isByKey ? focusedLink(*label) : m_hovered, isByKey ? below(label) : asked->globalPos());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

/// Of the address whose number the link is; of the first one where it is none.
void MessageHeader::openAddressMenu(const QLabel *label, const QString &link, const QPoint &at)
{
    const QList<mail::AddressView> addresses = m_addresses.value(label);
    if (addresses.isEmpty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addAddressActions(*menu, addresses.value(link.toInt(), addresses.constFirst()),
        {[this](const QUrl &mailto) { Q_EMIT writeRequested(mailto); },
            [this](const QString &query) { Q_EMIT findRequested(query); }});
    menu->popup(at);
}

void MessageHeader::fillMenu()
{
    QMenu &menu = *m_menu->menu();
    menu.clear();
    if (const QList<mail::AddressView> from = m_addresses.value(m_from); !from.isEmpty())
        addAddressActions(menu, from.constFirst(),
            {[this](const QUrl &mailto) { Q_EMIT writeRequested(mailto); },
                [this](const QString &query) { Q_EMIT findRequested(query); }});
    menu.addSeparator();
    QAction *leave = menu.addAction(
        icon(IconName::Remove), tr("&Unsubscribe from this list …"), this, &MessageHeader::unsubscribe);
    leave->setEnabled(m_canUnsubscribe);
}

QString MessageHeader::sender() const
{
    return m_addresses.value(m_from).value(0).address;
}

void MessageHeader::writeToSender()
{
    if (hasSender())
        Q_EMIT writeRequested(mailtoOf(sender()));
}

void MessageHeader::copySender()
{
    if (hasSender())
        QGuiApplication::clipboard()->setText(safeLine(sender()));
}

void MessageHeader::findSender(QLatin1String field)
{
    if (hasSender())
        Q_EMIT findRequested(queryFor(field, sender()));
}

void MessageHeader::unsubscribe()
{
    if (m_canUnsubscribe)
        Q_EMIT unsubscribeRequested();
}

void MessageHeader::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        tint();
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

} // namespace glasspost::ui
