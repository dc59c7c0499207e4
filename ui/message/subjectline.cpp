#include "ui/message/subjectline.h"

#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTextLayout>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr qsizetype subjectShown = 600; // characters, before the rest is asked for
constexpr qsizetype subjectWhole = 4000;
constexpr int longestWord = 60;

/// With places to break, which a label finds at blanks alone.
QString breakable(const QString &text)
{
    QString result;
    int run = 0;
    for (const QChar c : text) {
        run = c.isSpace() ? 0 : run + 1;
        if (run > longestWord && !c.isLowSurrogate()) {
            result += QChar(0x200B);
            run = 1;
        }
        result += c;
    }
    return result;
}

/// As much as two lines of the width hold, with "…" where that is not all.
QString inTwoLines(const QString &text, const QFont &font, int width)
{
    QTextLayout layout(text, font);
    layout.beginLayout();
    QTextLine line;
    for (int i = 0; i < 2; ++i) {
        line = layout.createLine();
        if (!line.isValid())
            return text;
        line.setLineWidth(width);
    }
    if (line.textStart() + line.textLength() >= text.size())
        return text;
    const QString second = text.mid(line.textStart());
    return text.left(line.textStart()) + QFontMetrics(font).elidedText(second, Qt::ElideRight, width);
}

} // namespace

SubjectLine::SubjectLine(QWidget *parent) : QWidget(parent), m_label(leadingLabel()), m_rest(new QToolButton)
{
    m_label->setFont(headingFont(font()));
    m_label->setWordWrap(true);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_rest->setCheckable(true);
    m_rest->setAutoRaise(true);
    connect(m_rest, &QToolButton::toggled, this, &SubjectLine::fit);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_label, 1);
    row->addWidget(m_rest, 0, Qt::AlignTop);
}

void SubjectLine::show(const QString &subject)
{
    m_words = breakable(shortened(safeLine(subject), subjectWhole));
    m_label->setToolTip(plainToolTip(subject.isEmpty() ? QString() : m_words));
    if (m_words.isEmpty())
        m_words = tr("(no subject)");
    m_rest->setChecked(false);
    fit();
}

void SubjectLine::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

void SubjectLine::fit()
{
    const bool isWhole = m_rest->isChecked();
    m_rest->setText(isWhole ? tr("Less") : tr("More"));
    m_rest->setToolTip(plainToolTip(isWhole ? tr("Show less of the subject") : tr("Show the whole subject")));
    m_rest->setAccessibleName(isWhole ? tr("Show less of the subject") : tr("Show the whole subject"));
    // Whether the button is there decides about the width, so it is judged by the width beside it.
    const int width = this->width() - m_rest->sizeHint().width() - layout()->spacing();
    const QString begun = inTwoLines(shortened(m_words, subjectShown), m_label->font(), width);
    m_rest->setVisible(begun != m_words);
    m_label->setText(isWhole ? m_words : begun);
}

} // namespace glasspost::ui
