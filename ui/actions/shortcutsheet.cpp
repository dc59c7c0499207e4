#include "ui/actions/shortcutsheet.h"

#include "ui/actions/actions.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>

namespace glasspost::ui {

namespace {

constexpr int sheetColumns = 3;

/// The sheet itself: a rounded panel with three columns of actions and keys.
class Sheet : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(hairline(palette()));
        painter.setBrush(palette().color(QPalette::Base));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    }
};

struct Entry
{
    QString text;
    QString keys;
};

QList<Entry> entries()
{
    QList<Entry> list;
    for (const ActionSpec &spec : actionTable()) {
        if (!spec.keys.isEmpty() && !spec.keys.first().isEmpty())
            list.append({QString(spec.text).remove(QLatin1Char('&')).remove(QStringLiteral(" …")),
                spec.keys.first().toString(QKeySequence::NativeText)});
    }
    list.append({ShortcutSheet::tr("Add or remove a tag"), QStringLiteral("1 … 9")});
    list.append({ShortcutSheet::tr("Unfold or fold a conversation"), QStringLiteral("→ ←")});
    list.append({ShortcutSheet::tr("Go to a folder or view"), QStringLiteral("Ctrl+1 … 9")});
    list.append({ShortcutSheet::tr("Next error (in the transcript)"), QStringLiteral("F8")});
    list.append({ShortcutSheet::tr("Send (in the composer)"), QStringLiteral("Ctrl+Enter")});
    return list;
}

} // namespace

ShortcutSheet::ShortcutSheet(QWidget *window) : QWidget(window), m_sheet(new Sheet(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Keyboard shortcuts"));
    setVisible(false);
    window->installEventFilter(this);
    auto *grid = new QGridLayout(m_sheet);
    grid->setContentsMargins(space::three, space::two, space::three, space::three);
    grid->setHorizontalSpacing(space::two);
    grid->setVerticalSpacing(space::one);
    QLabel *title = plainLabel(tr("Keyboard shortcuts"));
    title->setFont(headingFont(font()));
    grid->addWidget(title, 0, 0, 1, 3 * sheetColumns - 1);
    const QList<Entry> all = entries();
    const int rows = int(all.size() + sheetColumns - 1) / sheetColumns;
    for (int i = 0; i < all.size(); ++i) {
        const int column = i / rows * 3;
        QLabel *keys = plainLabel(all[i].keys);
        keys->setFont(monospaceFont(font()));
        keys->setForegroundRole(QPalette::Link);
        grid->addWidget(plainLabel(all[i].text), 1 + i % rows, column);
        grid->addWidget(keys, 1 + i % rows, column + 1);
    }
    for (int column = 1; column < sheetColumns; ++column)
        grid->setColumnMinimumWidth(3 * column - 1, space::three);
}

void ShortcutSheet::open()
{
    place();
    setVisible(true);
    raise();
    setFocus();
}

void ShortcutSheet::place()
{
    setGeometry(parentWidget()->rect());
    m_sheet->adjustSize();
    m_sheet->move((width() - m_sheet->width()) / 2, (height() - m_sheet->height()) / 2);
}

void ShortcutSheet::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), QColor(0, 0, 0, 110));
}

void ShortcutSheet::keyPressEvent(QKeyEvent *)
{
    setVisible(false);
}

void ShortcutSheet::mousePressEvent(QMouseEvent *)
{
    setVisible(false);
}

bool ShortcutSheet::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    return QWidget::eventFilter(watched, event);
}

} // namespace glasspost::ui
