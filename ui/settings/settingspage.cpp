#include "ui/settings/settingspage.h"

#include "ui/compose/fieldnote.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"

#include <QFormLayout>
#include <QLabel>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace glasspost::ui {

SettingsPage::SettingsPage(const QString &title, QWidget *parent)
    : QWidget(parent), m_title(title), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(space::three, space::two, space::three, space::two);
    m_column->setSpacing(space::one);
}

QStringList SettingsPage::listOf(const QString &text)
{
    static const QRegularExpression between(QStringLiteral("[,;\\s]+"));
    return text.split(between, Qt::SkipEmptyParts);
}

QLabel *SettingsPage::hint(const QString &text)
{
    QLabel *label = plainLabel(text);
    label->setWordWrap(true);
    QPalette muted = label->palette();
    muted.setColor(QPalette::WindowText, mutedText(muted));
    label->setPalette(muted);
    return label;
}

void SettingsPage::addHeading(const QString &text, const QString &sentence)
{
    if (m_column->count() > 0)
        m_column->addSpacing(space::two);
    QLabel *label = plainLabel(text);
    label->setFont(boldFont(label->font()));
    m_column->addWidget(label);
    if (!sentence.isEmpty())
        m_column->addWidget(hint(sentence));
}

QFormLayout *SettingsPage::addForm()
{
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(space::two);
    form->setVerticalSpacing(space::one);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setLabelAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
    m_column->addLayout(form);
    m_forms.append(form);
    return form;
}

// The fields of all forms of a page are aligned, though each form knows only its own labels.
void SettingsPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    QList<QWidget *> labels;
    int widest = 0;
    for (const QFormLayout *form : std::as_const(m_forms)) {
        for (int row = 0; row < form->rowCount(); ++row) {
            const QLayoutItem *item = form->itemAt(row, QFormLayout::LabelRole);
            if (item == nullptr || item->widget() == nullptr)
                continue;
            labels.append(item->widget());
            widest = std::max(widest, item->widget()->sizeHint().width());
        }
    }
    for (QWidget *label : std::as_const(labels))
        label->setMinimumWidth(widest);
}

FieldNote *SettingsPage::addNote(SettingsField field)
{
    auto *note = new FieldNote;
    m_notes.insert(int(field), note);
    m_column->addWidget(note);
    return note;
}

int SettingsPage::showProblems(const QList<SettingsProblem> &problems)
{
    int count = 0;
    for (auto note = m_notes.cbegin(); note != m_notes.cend(); ++note) {
        QStringList words;
        for (const SettingsProblem &problem : problems) {
            if (int(problem.field) == note.key())
                words << problem.words;
        }
        count += int(words.size());
        (*note)->say(words.join(QLatin1Char('\n')));
    }
    return count;
}

} // namespace glasspost::ui
