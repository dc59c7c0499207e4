#include "ui/words/policytext.h"

#include <QCoreApplication>

namespace glasspost::ui {

namespace {

struct PolicyWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::PolicyText)
};

} // namespace

QString policyText(mail::RecipientPolicy policy)
{
    switch (policy) {
    case mail::RecipientPolicy::CatchAll:
        return PolicyWords::tr("catch-all");
    case mail::RecipientPolicy::Mailboxes:
        return PolicyWords::tr("mailboxes");
    }
    return {};
}

QString policyChoiceText(mail::RecipientPolicy policy)
{
    switch (policy) {
    case mail::RecipientPolicy::CatchAll:
        return PolicyWords::tr("&Catch-all: accept everything, relay nothing");
    case mail::RecipientPolicy::Mailboxes:
        return PolicyWords::tr("&Mailboxes: accept known local names only");
    }
    return {};
}

} // namespace glasspost::ui
