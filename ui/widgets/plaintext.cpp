#include "ui/widgets/plaintext.h"

#include <QFocusEvent>
#include <QLabel>
#include <QTextDocument>

namespace glasspost::ui {

namespace {

constexpr qsizetype toolTipShown = 2000;
constexpr qsizetype widestLine = 120;

/// Qt does not wrap plain tooltips: a line breaks at its last blank that has room, else where the room ends.
void appendWrapped(QString &result, QStringView line)
{
    while (line.size() > widestLine) {
        const qsizetype blank = line.first(widestLine).lastIndexOf(u' ');
        qsizetype end = blank > widestLine / 2 ? blank : widestLine;
        if (line[end - 1].isHighSurrogate())
            --end;
        result += line.first(end).toString() + u'\n';
        line = line.sliced(end);
        if (line.startsWith(u' '))
            line = line.sliced(1);
    }
    result += line;
}

/// A label of text follows the direction of its words unless it is given an absolute side.
class LeadingLabel : public QLabel
{
public:
    explicit LeadingLabel(const QString &text) : QLabel(text) { align(); }

protected:
    void changeEvent(QEvent *event) override
    {
        if (event->type() == QEvent::LayoutDirectionChange)
            align();
        QLabel::changeEvent(event);
    }

    /// Goes to the first link at once, or to the last one: the label itself would show no focus.
    void focusInEvent(QFocusEvent *event) override
    {
        QLabel::focusInEvent(event);
        const bool isForward = event->reason() == Qt::TabFocusReason;
        const bool hasLinks = textInteractionFlags().testFlag(Qt::LinksAccessibleByKeyboard);
        if (hasLinks && (isForward || event->reason() == Qt::BacktabFocusReason))
            focusNextPrevChild(isForward);
    }

private:
    void align()
    {
        setAlignment((alignment() & Qt::AlignVertical_Mask) | Qt::AlignAbsolute
            | (layoutDirection() == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft));
    }
};

} // namespace

QString shortened(const QString &text, qsizetype most)
{
    if (text.size() <= most)
        return text;
    qsizetype kept = most - 1;
    if (kept > 0 && text.at(kept - 1).isHighSurrogate())
        --kept;
    return text.left(kept) + u'\u2026';
}

QString plainToolTip(const QString &text)
{
    const QString shown = shortened(text, toolTipShown);
    QString wrapped;
    for (const QStringView line : QStringView(shown).split(u'\n')) {
        if (!wrapped.isNull())
            wrapped += u'\n';
        appendWrapped(wrapped, line);
    }
    // A word joiner is not seen, and neither a tag nor an entity begins with one.
    if (Qt::mightBeRichText(wrapped))
        wrapped.replace(u'<', QStringLiteral("<\u2060")).replace(u'&', QStringLiteral("&\u2060"));
    return wrapped;
}

QLabel *plainLabel(const QString &text)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QLabel *leadingLabel(const QString &text)
{
    auto *label = new LeadingLabel(text);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QString plainCaption(QString text)
{
    return text.replace(u'&', QStringLiteral("&&"));
}

} // namespace glasspost::ui
