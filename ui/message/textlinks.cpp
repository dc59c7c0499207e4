// TextView: its links by the keyboard and in its menu.
#include "ui/message/textlinks.h"

#include "ui/message/quotefolds.h"
#include "ui/message/textmarks.h"
#include "ui/message/textview.h"
#include "ui/theme/icons.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QRegularExpression>
#include <QTextBlock>

namespace glasspost::ui {

namespace {

// For one key: the next link is near, or Tab goes on to the next widget.
constexpr int blocksLookedThrough = 5000;
constexpr qsizetype charactersLookedThrough = 200000;

struct LinkPlace
{
    int begin = -1; // in the document; -1 for nowhere
    int end = -1;
};

/// The first link that begins at the place or behind it, or the last one that ends before it.
LinkPlace linkInBlock(const QTextBlock &block, int place, bool isForward)
{
    LinkPlace found;
    for (auto match = linksInText().globalMatch(block.text()); match.hasNext();) {
        const QRegularExpressionMatch link = match.next();
        const LinkPlace one{
            block.position() + int(link.capturedStart()), block.position() + int(link.capturedEnd())};
        if (isForward && one.begin >= place)
            return one;
        if (!isForward && one.end <= place)
            found = one;
    }
    return found;
}

LinkPlace nextLink(const QTextCursor &from, bool isForward)
{
    const int place = isForward ? from.selectionEnd() : from.selectionStart();
    QTextBlock block = from.document()->findBlock(place);
    qsizetype characters = 0;
    for (int i = 0; i < blocksLookedThrough && characters < charactersLookedThrough && block.isValid(); ++i) {
        characters += block.length();
        if (const LinkPlace link = linkInBlock(block, place, isForward); link.begin >= 0)
            return link;
        block = isForward ? block.next() : block.previous();
    }
    return {};
}

} // namespace

QString linkIn(const QTextBlock &block, int position)
{
    for (auto match = linksInText().globalMatch(block.text()); match.hasNext();) {
        const QRegularExpressionMatch link = match.next();
        if (link.capturedStart() <= position && position <= link.capturedEnd())
            return link.captured();
    }
    return {};
}

QString TextView::linkUnderCursor() const
{
    if (m_look == Look::Source)
        return {};
    const QTextBlock block = document()->findBlock(textCursor().selectionStart());
    return linkIn(block, textCursor().selectionStart() - block.position());
}

void TextView::follow(const QString &link)
{
    Q_EMIT linkActivated(linkTarget(link));
}

/// Before what the menu has already.
void TextView::addLinkActions(QMenu &menu, const QString &link)
{
    QAction *first = menu.actions().value(0);
    auto *open = new QAction(icon(IconName::Open), tr("&Open link…"), &menu);
    connect(open, &QAction::triggered, this, [this, link] { follow(link); });
    auto *copied = new QAction(icon(IconName::Copy), tr("Copy &link address"), &menu);
    connect(copied, &QAction::triggered, this, [link] { QGuiApplication::clipboard()->setText(link); });
    menu.insertActions(first, {open, copied});
    menu.insertSeparator(first);
}

/// Tab goes through the links of the text, and out of it behind the last one.
bool TextView::focusNextPrevChild(bool next)
{
    const LinkPlace link = m_look == Look::Prose ? nextLink(textCursor(), next) : LinkPlace();
    if (link.begin < 0)
        return QPlainTextEdit::focusNextPrevChild(next);
    QTextCursor cursor(document());
    cursor.setPosition(link.begin);
    cursor.setPosition(link.end, QTextCursor::KeepAnchor);
    setTextCursor(cursor);
    reveal(*this, cursor.block());
    ensureCursorVisible();
    return true;
}

} // namespace glasspost::ui
