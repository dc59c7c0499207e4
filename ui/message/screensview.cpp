#include "ui/message/screensview.h"

#include "ui/message/screenwindow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/errortext.h"
#include "ui/words/format.h"

#include <QGridLayout>
#include <QLabel>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr int columnsOfScreens = 3;

QString kindOfScreen(int number)
{
    switch (number % columnsOfScreens) {
    case 0:
        return ScreensView::tr("Phone");
    case 1:
        return ScreensView::tr("Tablet");
    default:
        return ScreensView::tr("Desktop");
    }
}

QString failureOfScreen(PageFailure failure)
{
    switch (failure) {
    case PageFailure::NotStarted:
        return ScreensView::tr("Not drawn: glasspost-page is missing or does not start.");
    case PageFailure::TookTooLong:
        return ScreensView::tr("Not drawn: laying it out takes too long.");
    case PageFailure::TookTooMuch:
        return ScreensView::tr("Not drawn: it is too large to lay out.");
    case PageFailure::Stopped:
        break;
    }
    return ScreensView::tr("Not drawn: the program that lays out HTML stopped.");
}

/// What a reader on this screen would not like, and what the picture lacks; empty where all is well.
QString noteOfScreen(const DrawnScreen &drawn, const ReaderScreen &screen)
{
    if (drawn.failure)
        return failureOfScreen(*drawn.failure);
    QStringList notes;
    if (drawn.size.width() > screen.width)
        notes += ScreensView::tr("The message is %1 pixels wide and has to be scrolled sideways.")
                     .arg(countText(drawn.size.width()));
    if (drawn.size.height() > ScreenDrawer::tallest)
        notes += ScreensView::tr("The first %1 of %2 pixels of its height are shown.")
                     .arg(countText(ScreenDrawer::tallest), countText(drawn.size.height()));
    return notes.join(u' ');
}

} // namespace

QString screenText(const ReaderScreen &screen)
{
    const QString kind = kindOfScreen(int(readerScreens().indexOf(screen)));
    return screen.scheme == mail::ColorScheme::Dark
        ? ScreensView::tr("%1, %2 pixels wide, dark").arg(kind, countText(screen.width))
        : ScreensView::tr("%1, %2 pixels wide, light").arg(kind, countText(screen.width));
}

ScreensView::ScreensView(mail::Mailboxes &mailboxes, QWidget *parent)
    : QScrollArea(parent), m_mailboxes(mailboxes), m_summary(leadingLabel())
{
    build();
    connect(&m_drawer, &ScreenDrawer::read, this, &ScreensView::tellSchemes);
    connect(&m_drawer, &ScreenDrawer::drawn, this, &ScreensView::take);
    connect(&m_drawer, &ScreenDrawer::finished, this, [this] { m_isDone = true; });
    connect(&m_drawer, &ScreenDrawer::failed, this, [this](const mail::Error &error) {
        m_isBegun = false;
        m_summary->setText(errorText(error));
    });
}

void ScreensView::build()
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setAccessibleName(tr("The message on six screens"));
    m_summary->setWordWrap(true);
    m_summary->setAccessibleName(tr("How the screens are drawn"));
    auto *content = new QWidget;
    auto *grid = new QGridLayout(content);
    grid->setContentsMargins(space::two, space::one, space::two, space::two);
    grid->setHorizontalSpacing(space::two);
    grid->addWidget(m_summary, 0, 0, 1, columnsOfScreens + 1);
    for (int number = 0; number < readerScreens().size(); ++number) {
        m_cells += makeCell(number);
        const Cell &cell = m_cells.constLast();
        const int row = 1 + number / columnsOfScreens * 3;
        const int column = number % columnsOfScreens;
        const int width = readerScreens().at(number).width / ScreenDrawer::reduction + space::two;
        auto *heading = plainLabel(screenText(readerScreens().at(number)));
        for (QLabel *label : {heading, cell.note}) {
            label->setWordWrap(true);
            label->setMaximumWidth(width);
        }
        grid->addWidget(heading, row, column, Qt::AlignBottom);
        grid->addWidget(cell.picture, row + 1, column, Qt::AlignLeading | Qt::AlignTop);
        grid->addWidget(cell.note, row + 2, column, Qt::AlignTop);
        grid->setColumnMinimumWidth(column, width);
    }
    grid->setColumnStretch(columnsOfScreens, 1);
    grid->setRowStretch(grid->rowCount(), 1);
    setWidget(content);
}

ScreensView::Cell ScreensView::makeCell(int number)
{
    auto *picture = new QToolButton;
    picture->setAccessibleName(screenText(readerScreens().at(number)));
    picture->setToolTip(tr("Open it at full size"));
    picture->setAutoRaise(true);
    picture->setEnabled(false);
    picture->setFocusPolicy(Qt::StrongFocus);
    connect(picture, &QToolButton::clicked, this, [this, number] { open(number); });
    return {picture, leadingLabel()};
}

void ScreensView::show(const mail::MessageId &message)
{
    if (m_message == message)
        return;
    m_message = message;
    clear();
    if (isVisible() && !message.isNull())
        draw();
}

void ScreensView::clear()
{
    m_drawer.giveUp();
    m_isBegun = m_isDone = false;
    m_summary->setText(QString());
    for (const Cell &cell : std::as_const(m_cells)) {
        cell.picture->setIcon(QIcon());
        cell.picture->setEnabled(false);
        cell.picture->setAccessibleDescription(QString());
        cell.note->setText(QString());
    }
}

void ScreensView::showEvent(QShowEvent *event)
{
    QScrollArea::showEvent(event);
    if (!event->spontaneous() && !m_isBegun && !m_message.isNull())
        draw();
}

void ScreensView::hideEvent(QHideEvent *event)
{
    QScrollArea::hideEvent(event);
    if (!event->spontaneous() && !m_isDone)
        clear();
}

void ScreensView::draw()
{
    m_isBegun = true;
    m_summary->setText(tr("The message is being drawn …"));
    m_mailboxes.octets(m_message).then(
        this, [this, message = m_message](const mail::Result<mail::MessageOctets> &octets) {
            if (m_message != message || !m_isBegun)
                return;
            if (octets) {
                m_drawer.draw(*octets, devicePixelRatioF());
                return;
            }
            m_isBegun = false;
            m_summary->setText(errorText(octets.error()));
        });
}

void ScreensView::tellSchemes()
{
    const SchemePages &pages = m_drawer.pages();
    if (!pages.light) {
        m_summary->setText(tr("The message has no HTML."));
        return;
    }
    const QString dark = pages.followsScheme
        ? tr("Dark is drawn by the message's own rules (prefers-color-scheme).")
        : tr("The message has no rules for dark screens (prefers-color-scheme): its colors are darkened, as "
             "by View, HTML page, Dark.");
    const QString cut = pages.isWhole ? QString() : u' ' + tr("The message is long: this is its first page.");
    m_summary->setText(tr("Drawn by litehtml, at a third of its size. Pictures of servers are not loaded.")
        + u' ' + dark + cut);
}

void ScreensView::take(int number, const DrawnScreen &drawn)
{
    const Cell &cell = m_cells.at(number);
    const QString note = noteOfScreen(drawn, readerScreens().at(number));
    cell.note->setText(note);
    cell.picture->setAccessibleDescription(note);
    if (drawn.picture.isNull())
        return;
    const QPixmap pixmap = QPixmap::fromImage(drawn.picture);
    cell.picture->setIconSize(pixmap.deviceIndependentSize().toSize());
    cell.picture->setIcon(pixmap);
    cell.picture->setEnabled(true);
}

void ScreensView::open(int number)
{
    const ReaderScreen &screen = readerScreens().at(number);
    auto *window = new ScreenWindow(m_drawer.pages().of(screen.scheme), screen, this);
    window->setVisible(true);
}

} // namespace glasspost::ui
