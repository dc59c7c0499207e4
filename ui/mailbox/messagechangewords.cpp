// MessageChanges: what the bar says of it.
#include "ui/mailbox/messagechanges.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/foldertext.h"

#include <QLocale>
#include <QPushButton>

#include <algorithm>
#include <utility>

namespace glasspost::ui {

void MessageChanges::showProgress()
{
    Work &work = m_works.front();
    if (!work.isLong)
        return;
    const QString words = work.direction == Direction::Back
        ? tr("Undoing: %1 of %Ln message(s).", nullptr, work.total)
        : tr("%1 of %Ln message(s) done.", nullptr, work.total);
    const QString line = words.arg(QLocale().toString(work.done));
    if (!std::exchange(work.isShown, true)) {
        m_bar.say(InlineBar::Kind::Info, line);
        m_bar.addButton(tr("Stop"), [this] { stop(); });
    }
    m_bar.setWords(line);
    m_bar.setProgress(int(qint64(work.done) * 1000 / std::max(1, work.total)));
}

QString MessageChanges::undoneWords(const Work &work)
{
    return tr("Undone for %Ln message(s).", nullptr, work.done);
}

QString MessageChanges::endWords(const Work &work) const
{
    const QString ofOthers = work.others == 0
        ? QString()
        : tr("%Ln message(s) of other users stay where they are.", nullptr, work.others);
    if (work.total == 0)
        return ofOthers;
    QString words;
    switch (work.what.kind) {
    case Kind::Move:
        words = tr("%Ln message(s) moved to %1.", nullptr, work.done)
                    .arg(folderTitle({{}, work.what.toFolder}));
        break;
    case Kind::Remove:
        words = tr("%Ln message(s) deleted permanently.", nullptr, work.done);
        break;
    case Kind::SetTags:
        words = work.what.remove.isEmpty() ? tr("%Ln message(s) tagged “%1”.", nullptr, work.done)
                                           : tr("%Ln message(s) no longer tagged “%1”.", nullptr, work.done);
        words = words.arg((work.what.add + work.what.remove).join(u' '));
        break;
    case Kind::SetFlags:
        if (work.what.set.testFlag(mail::MessageFlag::Seen))
            words = tr("%Ln message(s) marked as read.", nullptr, work.done);
        else if (work.what.clear.testFlag(mail::MessageFlag::Seen))
            words = tr("%Ln message(s) marked as unread.", nullptr, work.done);
        else if (work.what.set)
            words = tr("%Ln message(s) flagged.", nullptr, work.done);
        else
            words = tr("%Ln message(s) no longer flagged.", nullptr, work.done);
        break;
    }
    if (work.isStopped && work.done < work.total)
        words += QLatin1Char(' ') + tr("The rest was stopped.");
    return ofOthers.isEmpty() ? words : words + QLatin1Char(' ') + ofOthers;
}

} // namespace glasspost::ui
