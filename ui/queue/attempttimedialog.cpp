#include "ui/queue/attempttimedialog.h"

#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"

#include <QDateTimeEdit>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

QDateTime nextFullHour()
{
    const QDateTime later = QDateTime::currentDateTime().addSecs(3600);
    return {later.date(), QTime(later.time().hour(), 0)};
}

} // namespace

AttemptTimeDialog::AttemptTimeDialog(const QDateTime &proposed, int messages, QWidget *parent)
    : QDialog(parent), m_edit(new QDateTimeEdit)
{
    setWindowTitle(tr("Next attempt"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::two, space::two, space::two, space::two);
    column->setSpacing(space::one);
    QLabel *label = plainLabel(messages == 1 ? tr("&Try the message again at:")
                                             : tr("&Try %Ln messages again at:", nullptr, messages));
    label->setBuddy(m_edit);
    column->addWidget(label);
    m_edit->setDisplayFormat(QLocale().dateTimeFormat(QLocale::ShortFormat));
    m_edit->setMinimumDateTime(QDateTime::currentDateTime());
    m_edit->setDateTime(proposed > QDateTime::currentDateTime() ? proposed : nextFullHour());
    m_edit->setAccessibleName(tr("Time of the next attempt"));
    column->addWidget(m_edit);
    QLabel *hint = plainLabel(tr("No attempt is made before then. The retry schedule continues from there."));
    QPalette muted = hint->palette();
    muted.setColor(QPalette::WindowText, mutedText(muted));
    hint->setPalette(muted);
    column->addWidget(hint);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("&Set"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::accepted, this, [this] { Q_EMIT chosen(m_edit->dateTime()); });
    column->addWidget(buttons);
}

} // namespace glasspost::ui
