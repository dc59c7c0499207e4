#include "ui/message/html/pageprocess.h"

#include "mail/base/worker.h"

#include <QFileInfo>

#include <utility>

namespace glasspost::ui {

QString PageProcess::standardProgram(mail::HtmlEngine engine)
{
    return ConfinedProcess::pathOf(engine == mail::HtmlEngine::WebEngine
            ? QStringLiteral("glasspost-page-webengine")
            : QStringLiteral("glasspost-page"));
}

bool PageProcess::isInstalled(mail::HtmlEngine engine)
{
    return QFileInfo::exists(standardProgram(engine));
}

PageProcess::PageProcess(const QString &program, QObject *parent) : QObject(parent), m_process(program)
{
    connect(&m_process, &ConfinedProcess::answered, this, &PageProcess::take);
    connect(&m_process, &ConfinedProcess::failed, this, &PageProcess::failed);
}

void PageProcess::setProgram(const QString &program)
{
    if (program == m_process.program())
        return;
    ++m_number;
    m_process.setProgram(program);
}

void PageProcess::layOut(const PageRequest &request)
{
    ++m_number;
    m_process.ask(written(request));
}

void PageProcess::giveUp()
{
    ++m_number;
    m_process.giveUp();
}

/// A large page takes its time to read.
void PageProcess::take(const QByteArray &answer)
{
    mail::runInPool([answer] {
        std::optional<Page> page = readPage(answer);
        return page ? std::make_shared<const Page>(std::move(*page)) : std::shared_ptr<const Page>();
    }).andThen(this, [this, number = m_number](const std::shared_ptr<const Page> &page) {
        if (number != m_number)
            return;
        if (page)
            Q_EMIT laidOut(page);
        else
            m_process.distrust();
    });
}

} // namespace glasspost::ui
