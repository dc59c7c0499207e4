// A server whose certificate does not fit, over a real socket: it is shown whole, the person decides, and the
// queue goes on by the decision.
#include "mail/queue/certificateapprovals.h"
#include "mail/settings/settingsfile.h"
#include "tests/support/awaited.h"
#include "tests/support/certificates.h"
#include "tests/support/memoryserver.h"
#include "tests/support/runningmail.h"
#include "ui/queue/certificatebar.h"
#include "ui/queue/certificatefacts.h"
#include "ui/queue/certificatewindow.h"
#include "ui/queue/queuedetail.h"
#include "ui/queue/queueview.h"

#include <QApplication>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace glasspost;
using namespace glasspost::test;

namespace {

QPushButton *button(const QWidget &of, const QString &text)
{
    for (QPushButton *one : of.findChildren<QPushButton *>()) {
        if (QString(one->text()).remove(QLatin1Char('&')) == text && !one->isHidden())
            return one;
    }
    return nullptr;
}

QStringList labels(const QWidget &of)
{
    QStringList texts;
    for (const QLabel *one : of.findChildren<QLabel *>())
        texts << one->text();
    return texts;
}

smtp::Envelope envelopeTo(const QByteArray &name)
{
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "a.example"};
    envelope.recipients.append(smtp::EnvelopeRecipient{{name, "b.example"}, {}, {}});
    return envelope;
}

} // namespace

class TestCertificate : public QObject
{
    Q_OBJECT

    Certified m_authority = makeCertificate({"Our authority", CertificateWish::Use::Authority});
    Certified m_identity = makeCertificate({"other.example.test"}, &m_authority);
    std::unique_ptr<House> m_house;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
    std::unique_ptr<ui::QueueView> m_view;

    void submit(const QByteArray &name)
    {
        QVERIFY(test::awaited(
            m_system->outbox().submitMessage(envelopeTo(name), "Subject: " + name + "\n\ntext\n")));
    }
    [[nodiscard]] ui::CertificateBar *bar() const { return m_view->findChild<ui::CertificateBar *>(); }
    [[nodiscard]] ui::CertificateWindow *openWindow() const
    {
        const auto show = [this] { return button(*bar(), QStringLiteral("Show certificate …")); };
        if (QTest::qWaitFor([&show] { return show() != nullptr; }))
            QTest::mouseClick(show(), Qt::LeftButton);
        return bar()->findChild<ui::CertificateWindow *>();
    }
    void decide(const char *words)
    {
        QTRY_VERIFY(bar()->isVisible());
        const QPointer<ui::CertificateWindow> window = openWindow();
        QVERIFY(window);
        QTest::mouseClick(button(*window, QString::fromUtf8(words)), Qt::LeftButton);
        QTRY_VERIFY(!window);
    }

    void start()
    {
        m_view.reset();
        m_system.reset();
        m_system = std::make_unique<mail::MailSystem>(m_folder->path());
        m_view = std::make_unique<ui::QueueView>(
            m_system->outbox(), m_system->certificates(), m_system->settings());
        m_view->resize(1000, 600);
        m_view->show();
        QVERIFY(test::start(*m_system));
        mail::Settings settings = m_system->settings().value();
        settings.route.kind = mail::OutgoingRoute::Kind::Smarthost;
        settings.route.host = QStringLiteral("127.0.0.1");
        settings.route.port = m_house->bound.port;
        settings.route.tls = smtp::TlsMode::Required;
        settings.route.verifyCertificate = true;
        QVERIFY(test::awaited(m_system->settings().set(settings)));
    }

private Q_SLOTS:
    void init()
    {
        m_house = std::make_unique<House>([this](smtp::ServerSettings &settings) {
            settings.identity = {{m_identity.certificate, m_authority.certificate}, m_identity.key};
        });
        m_folder = std::make_unique<QTemporaryDir>();
        start();
    }
    void cleanup()
    {
        m_view.reset();
        m_system.reset();
        m_folder.reset();
        m_house.reset();
    }

    void isShownWhole()
    {
        submit("bob");
        QTRY_VERIFY(bar()->isVisible());
        QVERIFY2(bar()->words().contains(QStringLiteral("127.0.0.1")), qUtf8Printable(bar()->words()));
        ui::CertificateWindow *window = openWindow();
        QVERIFY(window);
        QVERIFY(window->isVisible() && !window->isModal());
        const QString all = labels(*window).join(u'\n');
        for (const char *part : {"The certificate of 127.0.0.1 could not be verified",
                 "CN=other.example.test", "CN=Our authority", "Issued by", "Names", "Valid", "SHA-256"})
            QVERIFY2(all.contains(QLatin1String(part)), part);
        const QByteArray octets = m_identity.certificate.digest(QCryptographicHash::Sha256).toHex(':');
        QVERIFY(QString(all).remove(u'\n').contains(QString::fromLatin1(octets.toUpper())));
        const auto *chain = window->findChild<QListWidget *>();
        QCOMPARE(chain->count(), 2);
        QCOMPARE(chain->item(1)->text(), QStringLiteral("Our authority, self-signed"));
        window->findChild<QListWidget *>()->setCurrentRow(1);
        const QByteArray issuer = m_authority.certificate.digest(QCryptographicHash::Sha256).toHex(':');
        QVERIFY(
            labels(*window).join(QString()).remove(u'\n').contains(QString::fromLatin1(issuer.toUpper())));
        // Nothing was sent, and the queue says why.
        QCOMPARE(m_house->mail.messages.size(), 0);
        m_view->list()->setCurrentIndex(m_view->list()->model()->index(0, 0));
        const QString detail = labels(*m_view).join(u'\n');
        QVERIFY2(detail.contains(QStringLiteral("Waits for your decision: the certificate of 127.0.0.1")),
            qUtf8Printable(detail));
        QVERIFY(button(*m_view->findChild<ui::QueueDetail *>(), QStringLiteral("Show certificate …")));
    }

    void acceptedOnce()
    {
        submit("bob");
        decide("Accept once");
        QTRY_COMPARE(m_house->mail.messages.size(), 1);
        QTRY_COMPARE(m_view->list()->model()->rowCount(), 0);
        QTRY_VERIFY(!bar()->isVisible());
        submit("carol"); // once is not twice
        QTRY_VERIFY(bar()->isVisible());
        QCOMPARE(m_house->mail.messages.size(), 1);
        QVERIFY(m_system->settings().value().acceptedCertificates.isEmpty());
    }

    void acceptedForGood()
    {
        submit("bob");
        decide("Accept permanently");
        QTRY_COMPARE(m_house->mail.messages.size(), 1);
        submit("carol");
        QTRY_COMPARE(m_house->mail.messages.size(), 2);
        QVERIFY(!bar()->isVisible());
        start(); // the settings keep it
        QCOMPARE(m_system->settings().value().acceptedCertificates.size(), 1);
        submit("dave");
        QTRY_COMPARE(m_house->mail.messages.size(), 3);
    }

    void anotherCertificateIsAskedAbout()
    {
        mail::Settings settings = m_system->settings().value();
        settings.acceptedCertificates = {{QStringLiteral("127.0.0.1"), QStringLiteral("00").repeated(32)}};
        m_system->settings().set(settings);
        submit("bob");
        QTRY_VERIFY(bar()->isVisible());
        QCOMPARE(m_house->mail.messages.size(), 0);
    }

    void refused()
    {
        submit("bob");
        decide("Refuse");
        QTRY_VERIFY(!bar()->isVisible());
        QSignalSpy changed(&m_system->outbox(), &mail::Outbox::changed);
        m_view->act(mail::QueueAction::TryNow);
        const auto isDeferredTwice = [&changed] {
            const auto entry = changed.last().at(0).value<QList<mail::QueueEntry>>().constFirst();
            return entry.stateOf(entry.recipients.constFirst()) == mail::RecipientState::Deferred
                && entry.attemptSessionIds.size() == 2;
        };
        QTRY_VERIFY(!changed.isEmpty() && isDeferredTwice());
        QVERIFY(!bar()->isVisible());
        QCOMPARE(m_house->mail.messages.size(), 0);
        m_view->list()->setCurrentIndex(m_view->list()->model()->index(0, 0));
        QVERIFY(labels(*m_view).join(u'\n').contains(QStringLiteral("You refused the certificate")));
    }

    /// RFC 8461 5: what the domain asks for is not a person's to waive.
    void aPolicyOffersNoWay()
    {
        mail::CertificateQuestion question;
        question.facts.host = "mx.example.net";
        question.facts.chain = {m_identity.certificate};
        question.facts.errors = {"The host name did not match"};
        question.facts.fault = "the certificate could not be verified: The host name did not match";
        question.ground = mail::CertificateQuestion::Ground::Policy;
        const ui::CertificateWindow window(question);
        QVERIFY(!button(window, QStringLiteral("Accept once")));
        QVERIFY(!button(window, QStringLiteral("Accept permanently")));
        QVERIFY(button(window, QStringLiteral("Refuse")));
        QCOMPARE(ui::certificateFaults(question), QStringList{QStringLiteral("The host name did not match")});
        question.facts.fault = "the certificate is not the pinned one";
        QCOMPARE(ui::certificateFaults(question).constFirst(), QString::fromUtf8(question.facts.fault));
    }

    /// What a stranger wrote into a certificate cannot change how the window reads (F25).
    void escapesWhatStrangersWrote()
    {
        const Certified tricky = makeCertificate({"pay\xE2\x80\xAEmoc.example"});
        const auto rows = ui::certificateRows(tricky.certificate, QDateTime::currentDateTime());
        QVERIFY2(rows.constFirst().second.contains(QStringLiteral("\\u202E")),
            qUtf8Printable(rows.constFirst().second));
    }
};

QTEST_MAIN(TestCertificate)
#include "tst_certificate.moc"
