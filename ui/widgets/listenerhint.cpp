#include "ui/widgets/listenerhint.h"

#include "smtp/syntax/hostport.h"
#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr int widthWanted = 520;

QString reachableHost(const QHostAddress &address)
{
    if (address == QHostAddress::Any || address == QHostAddress::AnyIPv4)
        return QStringLiteral("127.0.0.1");
    if (address == QHostAddress::AnyIPv6)
        return QStringLiteral("::1");
    return address.toString();
}

} // namespace

QString listenerSnippet(SnippetKind kind, const QString &host, quint16 port)
{
    switch (kind) {
    case SnippetKind::Curl:
        return QStringLiteral("printf 'Subject: Hello\\r\\n\\r\\nFrom curl.\\r\\n' |\n"
                              "curl smtp://%1:%2 --mail-from me@example.org \\\n"
                              "     --mail-rcpt you@example.org -T -")
            .arg(smtp::hostInUrl(host))
            .arg(port);
    case SnippetKind::Python:
        return QStringLiteral("import smtplib\n"
                              "with smtplib.SMTP(\"%1\", %2) as server:\n"
                              "    server.sendmail(\"me@example.org\", \"you@example.org\",\n"
                              "                    \"Subject: Hello\\n\\nFrom Python.\")")
            .arg(host)
            .arg(port);
    case SnippetKind::Swaks:
        return QStringLiteral("swaks --server %1 --port %2 \\\n"
                              "      --from me@example.org --to you@example.org \\\n"
                              "      --header 'Subject: Hello' --body 'From swaks.'")
            .arg(smtp::hostInUrl(host))
            .arg(port);
    }
    return {};
}

ListenerHint::ListenerHint(QWidget *parent)
    : QWidget(parent), m_address(plainLabel()), m_tabs(new QTabBar), m_text(new QPlainTextEdit),
      m_copy(new QToolButton)
{
    m_address->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_address->setTextFormat(Qt::RichText);
    m_address->setWordWrap(true);
    m_address->setAlignment(Qt::AlignCenter);
    for (const QString &title : {QStringLiteral("curl"), QStringLiteral("Python"), QStringLiteral("swaks")})
        m_tabs->addTab(title);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Program to send from"));
    m_text->setReadOnly(true);
    m_text->setFont(monospaceFont(font()));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFixedHeight(QFontMetrics(m_text->font()).lineSpacing() * 4 + space::three);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Commands to copy"));
    m_copy->setIcon(icon(IconName::Copy));
    m_copy->setText(tr("Copy"));
    m_copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copy->setAutoRaise(true);
    m_copy->setToolTip(tr("Copy these lines"));

    auto *top = new QHBoxLayout;
    top->addWidget(m_tabs);
    top->addStretch();
    top->addWidget(m_copy);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, space::one, 0, 0);
    column->setSpacing(space::half);
    column->addWidget(m_address);
    column->addSpacing(space::half);
    column->addLayout(top);
    column->addWidget(m_text);
    setFixedWidth(widthWanted);
    connect(m_tabs, &QTabBar::currentChanged, this, &ListenerHint::showSnippet);
    connect(m_copy, &QToolButton::clicked, this, [this] { copy(m_text->toPlainText()); });
    setBindings({});
}

void ListenerHint::setBindings(const QList<mail::ListenerBinding> &bindings)
{
    const bool listening = !bindings.isEmpty();
    m_host = listening ? reachableHost(bindings.first().address) : QString();
    m_port = listening ? bindings.first().port : quint16(0);
    m_address->setText(listening
            ? tr("Or point a program at <b>%1</b>, port <b>%2</b>: no sign-in, no TLS needed.")
                  .arg(m_host.toHtmlEscaped(), QString::number(m_port).toHtmlEscaped())
            : tr("The listener is off. Start it from the status bar to receive mail."));
    for (QWidget *widget :
        {static_cast<QWidget *>(m_tabs), static_cast<QWidget *>(m_text), static_cast<QWidget *>(m_copy)})
        widget->setVisible(listening);
    showSnippet();
}

QString ListenerHint::snippet() const
{
    return m_text->toPlainText();
}

void ListenerHint::showSnippet()
{
    if (m_port != 0)
        m_text->setPlainText(listenerSnippet(SnippetKind(m_tabs->currentIndex()), m_host, m_port));
}

void ListenerHint::copy(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
    m_copy->setText(tr("Copied"));
    Q_EMIT copied(text);
}

} // namespace glasspost::ui
