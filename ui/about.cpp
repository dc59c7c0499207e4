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
    auto *box = new QMessageBox(QMessageBox::NoIcon, AboutWords::tr("About Glasspost"),
        AboutWords::tr("<h3>Glasspost %1</h3><p>A post one can see through: mail written, sent and received, "
                       "with every line of SMTP beside it.</p><p>Your mail lies in %2</p>")
            .arg(QApplication::applicationVersion(), dataFolder.toHtmlEscaped()),
        QMessageBox::Close, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIconPixmap(applicationIcon().pixmap(64));
    box->open();
}

} // namespace glasspost::ui
