// What is done with the mouse and the keyboard on a page.
#include "ui/message/html/pageview.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QScrollBar>

#include <algorithm>

namespace glasspost::ui {

bool PageView::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isOurs = key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll)
            || key->matches(QKeySequence::ZoomIn) || key->matches(QKeySequence::ZoomOut);
        if (isOurs) {
            event->accept();
            return true;
        }
    }
    return HtmlView::event(event);
}

void PageView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_page)
        return;
    m_pressed = event->position().toPoint();
    const PagePlace place = m_words.at(onPage(m_pressed));
    const bool goesOn = event->modifiers() == Qt::ShiftModifier && m_anchor;
    if (!goesOn)
        m_anchor = place;
    select({std::min(*m_anchor, place), std::max(*m_anchor, place)});
}

void PageView::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint point = event->position().toPoint();
    if (!(event->buttons() & Qt::LeftButton)) {
        hover(linkAt(point));
        return;
    }
    if (!m_anchor)
        return;
    const PagePlace place = m_words.at(onPage(point));
    select({std::min(*m_anchor, place), std::max(*m_anchor, place)});
    if (point.y() < 0 || point.y() > viewport()->height())
        verticalScrollBar()->setValue(
            verticalScrollBar()->value() + (point.y() < 0 ? point.y() : point.y() - viewport()->height()));
}

/// A link is followed where the button went down and came up on it, and nothing was selected in between.
void PageView::mouseReleaseEvent(QMouseEvent *event)
{
    const QPoint point = event->position().toPoint();
    const bool isClick = event->button() == Qt::LeftButton
        && (point - m_pressed).manhattanLength() < QApplication::startDragDistance();
    if (!m_selection.isEmpty() && QGuiApplication::clipboard()->supportsSelection())
        QGuiApplication::clipboard()->setText(selectedText(), QClipboard::Selection);
    const int link = isClick ? linkAt(point) : -1;
    if (link >= 0)
        activate(link);
}

void PageView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && m_page)
        select(m_words.wordAt(m_words.at(onPage(event->position().toPoint()))));
}

void PageView::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier)) {
        HtmlView::wheelEvent(event);
        return;
    }
    const int turned = event->angleDelta().y();
    if (turned != 0)
        setLook(m_look.zoomed(turned > 0 ? 1 : -1));
    event->accept();
}

void PageView::keyPressEvent(QKeyEvent *event)
{
    const bool isReset = event->key() == Qt::Key_0 && event->modifiers() == Qt::ControlModifier;
    if (event->matches(QKeySequence::Copy))
        copy();
    else if (event->matches(QKeySequence::SelectAll))
        selectAll();
    else if (event->matches(QKeySequence::ZoomIn))
        setLook(m_look.zoomed(1));
    else if (event->matches(QKeySequence::ZoomOut))
        setLook(m_look.zoomed(-1));
    else if (isReset)
        setLook({1, m_look.width, m_look.rendering});
    else if (event->key() == Qt::Key_Home)
        verticalScrollBar()->setValue(0);
    else if (event->key() == Qt::Key_End)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_focused >= 0)
        activate(m_focused);
    else
        HtmlView::keyPressEvent(event);
}

/// Through the links of the page, and out of it behind the last one.
bool PageView::focusNextPrevChild(bool next)
{
    const int count = m_page ? int(m_page->links.size()) : 0;
    const int wanted = m_focused < 0 ? (next ? 0 : count - 1) : m_focused + (next ? 1 : -1);
    if (wanted < 0 || wanted >= count) {
        m_focused = -1;
        viewport()->update();
        Q_EMIT linkHovered({}, {});
        return HtmlView::focusNextPrevChild(next);
    }
    m_focused = wanted;
    const PageLink &link = m_page->links.at(wanted);
    if (!link.places.isEmpty())
        showPlace(link.places.constFirst());
    viewport()->update();
    Q_EMIT linkHovered(link.target, link.title);
    return true;
}

void PageView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const int link = event->reason() == QContextMenuEvent::Keyboard ? m_focused : linkAt(event->pos());
    if (link >= 0) {
        menu->addAction(tr("Open link…"), this, [this, link, page = m_page] {
            if (page == m_page)
                activate(link);
        });
        const QString target = m_page->links.at(link).target;
        menu->addAction(
            tr("Copy link address"), this, [target] { QGuiApplication::clipboard()->setText(target); });
        menu->addSeparator();
    }
    menu->addAction(tr("Copy"), this, &PageView::copy)->setEnabled(!m_selection.isEmpty());
    menu->addAction(tr("Select all"), this, &PageView::selectAll);
    menu->addSeparator();
    menu->addActions(actions());
    menu->popup(event->globalPos());
}

} // namespace glasspost::ui
