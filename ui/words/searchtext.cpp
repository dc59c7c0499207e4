#include "ui/words/searchtext.h"

#include "mail/index/searchquery.h"
#include "ui/words/addresstext.h"

#include <QCoreApplication>
#include <QList>

namespace glasspost::ui {

namespace {

struct SearchWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::SearchText)
};

using Field = mail::SearchField;

struct Value
{
    QList<Field> fields;
    const char *value;
    const char *meaning;
};

const QList<Value> &values()
{
    static const QList<Field> days{Field::Date, Field::After, Field::Before},
        sizes{Field::Larger, Field::Smaller};
    static const QList<Value> all{
        {{Field::Is}, "unread", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "not read yet")},
        {{Field::Is}, "read", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "read")},
        {{Field::Is}, "flagged", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "with a flag")},
        {{Field::Is}, "answered", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "replied to")},
        {{Field::Is}, "forwarded", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "forwarded")},
        {{Field::Is}, "draft", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "not sent yet")},
        {{Field::Has}, "attachment", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "an attached file")},
        {days, "today", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "this day")},
        {days, "yesterday", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "the day before this one")},
        {days, "7d", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "the day a week ago")},
        {days, "1m", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "the day a month ago")},
        {days, "2026-01-31", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "a day; 2026-01 is a month")},
        {{Field::Date}, "7d..", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "since a week ago")},
        {{Field::Date}, "2026-01..2026-03",
            QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "from one month to another")},
        {sizes, "100k", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "100 kilobytes")},
        {sizes, "1M", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "1 megabyte")},
        {sizes, "10M", QT_TRANSLATE_NOOP("glasspost::ui::SearchText", "10 megabytes")},
    };
    return all;
}

QString textOf(const mail::SearchNotice &notice)
{
    switch (notice.kind) {
    case mail::SearchNotice::Kind::UnknownOperator:
        return SearchWords::tr("“%1:” is not an operator and was searched as words")
            .arg(safeLine(notice.text));
    case mail::SearchNotice::Kind::UnknownValue:
        return SearchWords::tr("“%1” was not understood and was searched as words")
            .arg(safeLine(notice.text));
    case mail::SearchNotice::Kind::TooLong:
        break;
    }
    return SearchWords::tr("Only the first %1 terms were searched").arg(mail::mostSearchTerms);
}

} // namespace

QStringList searchNotices(const QString &search)
{
    QStringList texts;
    for (const mail::SearchNotice &notice : mail::parseSearch(search).notices)
        texts += textOf(notice);
    return texts;
}

QString nothingFoundText(const QString &search)
{
    QStringList sentences{SearchWords::tr("No message matches “%1”.").arg(search)};
    for (const QString &notice : searchNotices(search))
        sentences += notice + u'.';
    sentences += SearchWords::tr("You can combine words, “phrases”, -word, OR and ( ) with from:, subject:, "
                                 "is:unread and others; Down in the search field shows them all.");
    return sentences.join(u' ');
}

QString searchOperatorMeaning(mail::SearchField field)
{
    switch (field) {
    case Field::Anywhere:
        break;
    case Field::From:
        return SearchWords::tr("sender");
    case Field::To:
        return SearchWords::tr("any recipient");
    case Field::Cc:
        return SearchWords::tr("copied to");
    case Field::Bcc:
        return SearchWords::tr("blind copied to");
    case Field::Subject:
        return SearchWords::tr("words of the subject");
    case Field::Body:
        return SearchWords::tr("words of the text");
    case Field::FileName:
        return SearchWords::tr("name of an attachment");
    case Field::List:
        return SearchWords::tr("mailing list");
    case Field::EnvelopeFrom:
        return SearchWords::tr("sender in the session (MAIL FROM)");
    case Field::EnvelopeTo:
        return SearchWords::tr("recipient in the session (RCPT TO)");
    case Field::Has:
        return SearchWords::tr("with attachments");
    case Field::Is:
        return SearchWords::tr("unread, flagged, answered …");
    case Field::In:
        return SearchWords::tr("folder or mailbox");
    case Field::Tag:
        return SearchWords::tr("with that tag");
    case Field::Id:
        return SearchWords::tr("Message-ID");
    case Field::Session:
        return SearchWords::tr("number of the session");
    case Field::Before:
        return SearchWords::tr("before a day");
    case Field::After:
        return SearchWords::tr("on a day or later");
    case Field::Date:
        return SearchWords::tr("on a day, in a month or a year");
    case Field::Larger:
        return SearchWords::tr("more than so much");
    case Field::Smaller:
        return SearchWords::tr("less than so much");
    }
    return {};
}

QStringList searchExamples(mail::SearchField field)
{
    QStringList examples;
    for (const Value &one : values()) {
        if (one.fields.contains(field))
            examples += QLatin1String(one.value);
    }
    return examples;
}

QString searchValueMeaning(mail::SearchField field, const QString &value)
{
    for (const Value &one : values()) {
        if (one.fields.contains(field) && value == QLatin1String(one.value))
            return SearchWords::tr(one.meaning);
    }
    return {};
}

} // namespace glasspost::ui
