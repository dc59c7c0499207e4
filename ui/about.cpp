#include "ui/about.h"

#include "ui/theme/icons.h"

#include <QApplication>
#include <QMessageBox>

namespace glasspost::ui {

namespace {

struct AboutWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::About)
};

} // namespace

void openAbout(const QString &dataFolder, QWidget *parent)
{
    auto *box = new QMessageBox(
        QMessageBox::NoIcon, AboutWords::tr("About Glasspost"), QString(), QMessageBox::Close, parent);
    box->setTextFormat(Qt::PlainText);
    box->setText(AboutWords::tr("Glasspost %1\n\nMail you can see through: written, sent and received, "
                                "with every line of SMTP beside it.\n\nYour mail is stored in %2")
                     .arg(QApplication::applicationVersion(), dataFolder));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIconPixmap(applicationIcon().pixmap(64));
    box->open();
}

} // namespace glasspost::ui
