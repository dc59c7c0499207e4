#include "ui/settings/appearancepage.h"

#include "ui/widgets/plaintext.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QVBoxLayout>

namespace glasspost::ui {

AppearancePage::AppearancePage(bool hasWebEngine, QWidget *parent)
    : SettingsPage(tr("Appearance"), parent), m_choices(new QButtonGroup(this)),
      m_engines(new QButtonGroup(this)),
      m_allPictures(new QCheckBox(tr("Load the &pictures of every message"))), m_senders(new QPlainTextEdit)
{
    addHeading(tr("Colors"), tr("Follow the desktop, or always use light or dark."));
    using mail::Appearance;
    for (const auto &[appearance, words] : {std::pair(Appearance::System, tr("Same as the &system")),
             std::pair(Appearance::Light, tr("&Light")), std::pair(Appearance::Dark, tr("&Dark"))}) {
        auto *button = new QRadioButton(words);
        m_choices->addButton(button, int(appearance));
        column()->addWidget(button);
    }
    addEngines(hasWebEngine);
    addPictures();
    column()->addStretch(1);
    connect(m_choices, &QButtonGroup::idClicked, this, &SettingsPage::changed);
}

void AppearancePage::addEngines(bool hasWebEngine)
{
    addHeading(tr("HTML engine"),
        tr("Both run apart from this window, without scripts and without network. Qt WebEngine shows the "
           "newest designs as a browser does, and takes 200 MB of memory. Debian gives it no security "
           "support: a message may exploit a flaw that its engine still has."));
    using mail::HtmlEngine;
    for (const auto &[engine, words] : {std::pair(HtmlEngine::Litehtml, tr("lite&html")),
             std::pair(HtmlEngine::WebEngine, tr("Qt &WebEngine"))}) {
        auto *button = new QRadioButton(words);
        m_engines->addButton(button, int(engine));
        column()->addWidget(button);
    }
    if (!hasWebEngine) {
        m_engines->button(int(HtmlEngine::WebEngine))->setEnabled(false);
        column()->addWidget(hint(tr("Qt WebEngine is not installed: this Glasspost was built without it.")));
    }
    connect(m_engines, &QButtonGroup::idClicked, this, &SettingsPage::changed);
}

void AppearancePage::addPictures()
{
    addHeading(tr("Remote pictures"),
        tr("Pictures that a message only refers to are loaded from their servers, which notice that it is "
           "read."));
    auto *label = plainLabel(tr("Without asking, those of these s&enders (an address per line):"));
    label->setBuddy(m_senders);
    label->setWordWrap(true);
    m_senders->setTabChangesFocus(true);
    m_senders->setMaximumHeight(120);
    m_senders->setAccessibleName(tr("Senders whose pictures are loaded"));
    column()->addWidget(m_allPictures);
    column()->addWidget(label);
    column()->addWidget(m_senders);
    connect(m_allPictures, &QCheckBox::toggled, this, &SettingsPage::changed);
    connect(m_senders, &QPlainTextEdit::textChanged, this, &SettingsPage::changed);
}

void AppearancePage::load(const mail::Settings &settings)
{
    m_choices->button(int(settings.appearance))->setChecked(true);
    m_engines->button(int(settings.htmlEngine))->setChecked(true);
    m_allPictures->setChecked(settings.remotePictures == mail::PictureLoading::Always);
    m_senders->setPlainText(settings.picturesFrom.join(u'\n'));
}

void AppearancePage::store(mail::Settings &settings) const
{
    settings.appearance = mail::Appearance(m_choices->checkedId());
    settings.htmlEngine = mail::HtmlEngine(m_engines->checkedId());
    settings.remotePictures
        = m_allPictures->isChecked() ? mail::PictureLoading::Always : mail::PictureLoading::Ask;
    settings.picturesFrom.clear();
    const QStringList lines = m_senders->toPlainText().split(u'\n');
    for (const QString &line : lines)
        if (!line.trimmed().isEmpty())
            settings.picturesFrom.append(line.trimmed());
}

} // namespace glasspost::ui
