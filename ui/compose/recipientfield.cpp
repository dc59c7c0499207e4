#include "ui/compose/recipientfield.h"

#include "mail/message/messagebuilder.h"
#include "ui/compose/flowlayout.h"
#include "ui/compose/recipientchip.h"
#include "ui/compose/replies.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTimer>

#include <functional>

namespace glasspost::ui {

namespace {

bool endsEntry(QChar character)
{
    return character == QLatin1Char(',') || character == QLatin1Char(';') || character == QLatin1Char('\n')
        || character == QLatin1Char('\r');
}

// The list cut where ends() says so, outside of quotes, brackets and comments.
QStringList split(const QString &list, const std::function<bool(QChar)> &ends)
{
    QStringList entries;
    QString entry;
    bool quoted = false;
    bool escaped = false;
    int depth = 0;
    for (const QChar c : list) {
        const bool plain = !quoted && depth == 0;
        if (plain && ends(c)) {
            entries << entry.trimmed();
            entry.clear();
            continue;
        }
        if (!escaped && c == QLatin1Char('"') && depth == 0)
            quoted = !quoted;
        else if (!quoted && !escaped && (c == QLatin1Char('<') || c == QLatin1Char('(')))
            ++depth;
        else if (!quoted && !escaped && depth > 0 && (c == QLatin1Char('>') || c == QLatin1Char(')')))
            --depth;
        escaped = !escaped && c == QLatin1Char('\\');
        entry += c;
    }
    entries << entry.trimmed();
    entries.removeAll(QString());
    return entries;
}

// Outlook writes "Doe, Jane <jane@example.org>; Roe, Rick <rick@example.org>": between semicolons, commas
// before the one address belong to the name.
QStringList splitAtCommas(const QString &entry)
{
    static const QRegularExpression oneNamed(QStringLiteral("^([^\"<>@:]+,[^\"<>@:]+)<([^<>]+@[^<>]+)>$"));
    const QRegularExpressionMatch match = oneNamed.match(entry);
    if (match.hasMatch())
        return {mailboxText({match.captured(1), match.captured(2).trimmed()})};
    return split(entry, [](QChar c) { return c == QLatin1Char(','); });
}

bool isSemicolonOrLine(QChar c)
{
    return c != QLatin1Char(',') && endsEntry(c);
}

} // namespace

QStringList splitRecipients(const QString &list)
{
    if (!list.contains(QLatin1Char(';')))
        return split(list, endsEntry);
    QStringList entries;
    for (const QString &entry : split(list, isSemicolonOrLine))
        entries << splitAtCommas(entry);
    return entries;
}

RecipientField::RecipientField(QWidget *parent)
    : QWidget(parent), m_flow(new FlowLayout(this, space::half)), m_edit(new QLineEdit)
{
    m_edit->setFrame(false);
    m_edit->setMinimumWidth(120);
    m_edit->installEventFilter(this);
    m_flow->insertWidget(0, m_edit);
    setFocusProxy(m_edit);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(m_edit, &QLineEdit::textEdited, this, &RecipientField::typed);
}

QString RecipientField::text() const
{
    QStringList entries;
    for (const RecipientChip *chip : m_chips)
        entries << chip->entry();
    if (const QString rest = m_edit->text().trimmed(); !rest.isEmpty())
        entries << rest;
    return entries.join(QStringLiteral(", "));
}

void RecipientField::setText(const QString &list)
{
    while (!m_chips.isEmpty())
        removeChip(m_chips.constLast());
    for (const QString &entry : splitRecipients(list))
        addChip(entry);
    m_edit->clear();
    Q_EMIT changed();
}

void RecipientField::setKnownAddresses(QAbstractItemModel *known)
{
    auto *completer = new QCompleter(known, this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    completer->setMaxVisibleItems(8);
    m_edit->setCompleter(completer);
    // The completer writes its choice into the line after this signal: the chip is made once that is done.
    connect(completer, QOverload<const QString &>::of(&QCompleter::activated), this,
        [this] { QTimer::singleShot(0, this, &RecipientField::commit); });
}

void RecipientField::commit()
{
    const QString text = m_edit->text();
    if (text.trimmed().isEmpty()) {
        m_edit->clear();
        return;
    }
    m_edit->clear();
    for (const QString &entry : splitRecipients(text))
        addChip(entry);
    Q_EMIT changed();
}

void RecipientField::typed(const QString &text)
{
    const QStringList entries = splitRecipients(text);
    const bool ended = !text.isEmpty() && endsEntry(text.back())
        && splitRecipients(text + QLatin1Char('x')).size() > entries.size();
    if (ended || entries.size() > 1)
        commit();
    else
        Q_EMIT changed();
}

void RecipientField::addChip(const QString &entry)
{
    const mail::AddressList parsed = mail::parseAddressList(entry);
    // A bare name may be a local mailbox: whether it is, the check before sending shows.
    const bool isLocalName = !entry.contains(QLatin1Char('@')) && !entry.contains(QLatin1Char(' '));
    const bool isGood = isLocalName || (parsed.malformed.isEmpty() && !parsed.mailboxes.isEmpty());
    auto *chip = new RecipientChip(
        entry, isGood ? RecipientChip::Health::Good : RecipientChip::Health::Malformed, this);
    connect(chip, &RecipientChip::removeRequested, this, [this, chip] {
        moveFrom(chip, 1);
        removeChip(chip);
        Q_EMIT changed();
    });
    connect(chip, &RecipientChip::editRequested, this, [this, chip] { editChip(chip); });
    connect(chip, &RecipientChip::moveRequested, this, [this, chip](int step) { moveFrom(chip, step); });
    m_flow->insertWidget(int(m_chips.size()), chip);
    m_chips.append(chip);
    chip->show();
    updateGeometry();
}

void RecipientField::removeChip(RecipientChip *chip)
{
    m_chips.removeOne(chip);
    m_flow->removeWidget(chip);
    chip->hide();
    chip->deleteLater();
    updateGeometry();
}

void RecipientField::editChip(RecipientChip *chip)
{
    commit();
    m_edit->setText(chip->entry());
    removeChip(chip);
    m_edit->setFocus(Qt::OtherFocusReason);
    m_edit->selectAll();
    Q_EMIT changed();
}

void RecipientField::moveFrom(RecipientChip *chip, int step)
{
    const qsizetype place = m_chips.indexOf(chip) + step;
    if (place >= 0 && place < m_chips.size())
        m_chips[place]->setFocus(Qt::OtherFocusReason);
    else if (step > 0)
        m_edit->setFocus(Qt::OtherFocusReason);
}

bool RecipientField::keyPressed(int key, Qt::KeyboardModifiers modifiers)
{
    const bool popup = m_edit->completer() && m_edit->completer()->popup()->isVisible();
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (modifiers & Qt::ControlModifier || popup)
            return false;
        commit();
        return true;
    case Qt::Key_Tab:
        commit();
        return false;
    case Qt::Key_Backspace:
    case Qt::Key_Left:
        if (m_edit->cursorPosition() > 0 || m_edit->hasSelectedText() || m_chips.isEmpty())
            return false;
        m_chips.constLast()->setFocus(Qt::OtherFocusReason);
        return true;
    default:
        return false;
    }
}

bool RecipientField::eventFilter(QObject *object, QEvent *event)
{
    if (object == m_edit && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (keyPressed(key->key(), key->modifiers()))
            return true;
    }
    if (object == m_edit && event->type() == QEvent::FocusOut
        && static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason)
        commit();
    return QWidget::eventFilter(object, event);
}

void RecipientField::mousePressEvent(QMouseEvent *)
{
    m_edit->setFocus(Qt::MouseFocusReason);
}

} // namespace glasspost::ui
