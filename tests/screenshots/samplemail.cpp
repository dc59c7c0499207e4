#include "samplemail.h"

#include "mail/message/trace.h"

#include <QDateTime>

#include <array>

namespace {

struct Line
{
    const char *name;
    const char *address;
    const char *subject;
    const char *text;
};

constexpr std::array lines = {
    Line{"Maren Olsen", "maren@nordlys.example", "Re: Agenda for Thursday: storage migration, who is on call",
        "Fine with me.\n\nI would move the storage migration to the front: it is the one that other people\n"
        "wait for.\n\nMaren"},
    Line{"Build server", "ci@build.example", "[glasspost] build 1842 failed: tests/smtp/pipelining",
        "1 of 412 tests failed on debian-12 (gcc 12, asan).\n\n  smtp/pipelining  line 88: expected 354, got "
        "503\n\n"
        "https://build.example/glasspost/1842"},
    Line{"Δημήτρης Παπαδόπουλος", "dimitris@athina.example", "Πρόσκληση για το σεμινάριο της Παρασκευής",
        "Καλημέρα,\n\nτο σεμινάριο αρχίζει στις 11:00 στην αίθουσα Β.\n\nΔημήτρης"},
    Line{"Ирина Соколова", "irina@pochta.example", "Отчёт за третий квартал и вопросы к встрече",
        "Добрый день,\n\nотчёт готов. Посмотрите, пожалуйста, таблицу на второй странице.\n\nИрина"},
    Line{"山田 花子", "hanako@mail.example", "来週の打ち合わせについて(会議室の変更があります)",
        "お世話になっております。\n\n来週の打ち合わせは第二会議室に変更になりました。\n\n山田"},
    Line{"ليلى حداد", "layla@bareed.example", "موعد الاجتماع القادم وجدول الأعمال",
        "مرحبا،\n\nالاجتماع يوم الأحد في الساعة العاشرة صباحا.\n\nليلى"},
    Line{"נועה כהן", "noa@doar.example", "סיכום הפגישה ומשימות להמשך",
        "שלום,\n\nמצורף סיכום הפגישה. נשמח להערות עד יום חמישי.\n\nנועה"},
    Line{"王小明", "xiaoming@youjian.example", "关于邮件服务器升级的通知",
        "各位好:\n\n邮件服务器将在周六升级。\n\n小明"},
    Line{"김민준", "minjun@pyeonji.example", "회의록 공유드립니다",
        "안녕하세요,\n\n회의록을 공유드립니다.\n\n민준"},
    Line{"Zoë Brandt", "zoe@werkstatt.example", "🎉 Release party on Friday, bring cake",
        "We shipped! Friday at five, in the workshop. There will be cake 🍰 and a short demo.\n\nZoë"},
    Line{"Order desk", "orders@shop.example", "Order 10394 confirmed: 2 items, delivery on Tuesday",
        "Thank you for your order.\n\n  1  Screwdriver set   19.90\n  2  Cable, 2 m         9.80\n\nTotal "
        "29.70"},
    Line{"no-reply", "no-reply@app.example", "Reset your password",
        "Somebody asked for a new password for your account.\n\nhttps://app.example/reset?token=f3a91c\n\n"
        "The link is good for one hour."},
    Line{"Jonas Weiß", "jonas@weiss.example",
        "Fwd: Re: Fwd: The very long story of why the invoice from last month was sent three times to four "
        "different people, none of whom had ordered anything",
        "See below. I think it is the retry without a record of the first attempt.\n\nJonas"},
    Line{"Monitoring", "alerts@monitor.example", "RESOLVED: queue length on mx2 back below 100",
        "State: OK\nHost: mx2\nService: mail queue\nSince: 14 min"},
    Line{"สมชาย ใจดี", "somchai@mail.example", "ยืนยันการประชุมวันศุกร์",
        "สวัสดีครับ\n\nประชุมวันศุกร์เวลา 10.00 น.\n\nสมชาย"},
    Line{"Postmaster at mx.example", "postmaster@mx.example", "DMARC report for example.test, 2 sources",
        "Two sources sent mail as example.test in the last 24 hours; both aligned."},
    Line{"Åsa Lindqvist", "asa@brev.example", "Re: Smörgåsbord på fredag?", "Ja! Jag tar med sill.\n\nÅsa"},
    Line{"Test suite", "tests@localhost.example", "Test 27: subject with \"quotes\", <angles> & a tab",
        "Sent by test_subject_characters."},
};

QByteArray encoded(const char *text)
{
    bool ascii = true;
    for (const char *c = text; *c != 0; ++c)
        ascii = ascii && static_cast<unsigned char>(*c) < 0x80;
    if (ascii)
        return text;
    // RFC 2047, one word for each 30 octets at a character's border.
    QByteArray words;
    QString rest = QString::fromUtf8(text);
    while (!rest.isEmpty()) {
        QString piece = rest.left(10);
        if (piece.back().isHighSurrogate())
            piece = rest.left(11);
        rest = rest.mid(piece.size());
        words += (words.isEmpty() ? "=?UTF-8?B?" : "\n =?UTF-8?B?") + piece.toUtf8().toBase64() + "?=";
    }
    return words;
}

QByteArray header(const char *name, const QByteArray &address, const char *subject, qint64 date)
{
    return "From: " + (encoded(name) == name ? '"' + QByteArray(name) + '"' : encoded(name)) + " <" + address
        + ">\nTo: Alice Example <alice@example.test>\nSubject: " + encoded(subject)
        + "\nDate: " + glasspost::mail::dateTime(QDateTime::fromSecsSinceEpoch(date)) + "\nMessage-ID: <"
        + glasspost::mail::newMessageId("example.test") + ">\nMIME-Version: 1.0\n";
}

QByteArray textPart(const QByteArray &text)
{
    return "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text + "\n";
}

SampleMail withAttachment(const Line &line, qint64 date)
{
    return {line.address,
        header(line.name, line.address, line.subject, date)
            + "Content-Type: multipart/mixed; boundary=b1\n\n--b1\n" + textPart(line.text)
            + "--b1\nContent-Type: application/pdf; name=report.pdf\nContent-Disposition: attachment; "
              "filename=report.pdf\nContent-Transfer-Encoding: base64\n\n"
            + QByteArray(30000, 'x').toBase64() + "\n--b1--\n"};
}

} // namespace

SampleMail samplePlain(const char *from, const char *subject, qint64 date)
{
    return {from,
        header("Maren Olsen", from, subject, date)
            + textPart(
                "Good morning Alice,\n\n"
                "> Could we move the migration to the front of the agenda?\n"
                ">> It blocks the new mailboxes.\n\n"
                "Yes. I have put it first, and asked Jonas to bring the numbers from last week. The plan is\n"
                "at https://wiki.nordlys.example/migration if you want to read ahead.\n\n"
                "Two things are still open:\n\n"
                "  1. who is on call during the night, and\n"
                "  2. whether mx2 stays in the list while its disk is copied.\n\n"
                "See you on Thursday\nMaren\n\n-- \nMaren Olsen, Nordlys Hosting\n+47 000 00 000")};
}

SampleMail sampleNewsletter(qint64 date)
{
    const QByteArray html
        = "<html><body><table width='100%' cellpadding='12'><tr><td bgcolor='#17324d'>"
          "<font color='#ffffff'><h2>The Field Notes</h2>Letters about mail, number 41</font></td></tr>"
          "<tr><td><h3>Why a queue is a promise</h3><p>A server that says <b>250</b> has taken a duty over. "
          "This "
          "month we look at what four programs do between the dot and the reply, and how long it takes "
          "them.</p>"
          "<ul><li>one file for each message, one sync for each file</li><li>a journal, and one sync for "
          "many</li>"
          "<li>hope</li></ul><p><a href='https://fieldnotes.example/41'>Read the whole letter</a></p>"
          "<img src='https://tracker.example/pixel.gif' width='1' height='1'></td></tr>"
          "<tr><td bgcolor='#eef2f6'><small>You get this because you asked for it. "
          "<a href='https://fieldnotes.example/leave'>Leave</a></small></td></tr></table></body></html>";
    return {"letters@fieldnotes.example",
        header("The Field Notes", "letters@fieldnotes.example", "Why a queue is a promise (letter 41)", date)
            + "List-Unsubscribe: <https://fieldnotes.example/leave>\n"
              "Content-Type: multipart/alternative; boundary=b2\n\n--b2\n"
            + textPart("Why a queue is a promise\n\nA server that says 250 has taken a duty over.\n\n"
                       "https://fieldnotes.example/41")
            + "--b2\nContent-Type: text/html; charset=utf-8\n\n" + html + "\n--b2--\n"};
}

SampleMail sampleWithAttachments(qint64 date)
{
    return {"jonas@weiss.example",
        header("Jonas Weiß", "jonas@weiss.example", "Numbers for Thursday, with the raw data", date)
            + "Cc: Bob Example <bob@example.test>, Maren Olsen <maren@nordlys.example>\n"
              "Content-Type: multipart/mixed; boundary=b3\n\n--b3\n"
            + textPart(
                "Hello,\n\nhere are the numbers: the summary as PDF, the raw data as CSV, and a picture of "
                "the graph.\n\nThe script that made them is there too; read it before you run it.\n\nJonas")
            + "--b3\nContent-Type: application/pdf; name=summary.pdf\nContent-Disposition: attachment; "
              "filename=summary.pdf\nContent-Transfer-Encoding: base64\n\n"
            + QByteArray(184000, 'p').toBase64()
            + "\n--b3\nContent-Type: text/csv; name=\"raw data.csv\"\nContent-Disposition: attachment; "
              "filename=\"raw data.csv\"\n\ntime,queue\n1,20\n2,31\n"
              "--b3\nContent-Type: image/png; name=graph.png\nContent-Disposition: attachment; "
              "filename=graph.png\n"
              "Content-Transfer-Encoding: base64\n\n"
            + QByteArray(48000, 'g').toBase64()
            + "\n--b3\nContent-Type: text/x-shellscript; name=numbers.sh\nContent-Disposition: attachment; "
              "filename=numbers.sh\n\n#!/bin/sh\necho numbers\n--b3--\n"};
}

SampleMail sampleLong(qint64 date)
{
    constexpr int deliveries = 1200;
    QByteArray rows;
    for (int i = 0; i < deliveries; ++i) {
        const QByteArray number = QByteArray::number(i + 1);
        rows += "<tr><td>" + number + "</td><td>mx" + QByteArray::number(i % 3 + 1)
            + ".example.org</td><td>member" + number + "@example.org</td><td>"
            + (i % 17 == 5 ? "450 4.2.1 The mailbox is busy" : "250 2.0.0 Queued") + "</td></tr>\n";
    }
    return {"reports@nordlys.example",
        header("Nordlys Hosting", "reports@nordlys.example", "Every delivery of the autumn letter", date)
            + "Content-Type: text/html; charset=utf-8\n\n<html><body><h2>The autumn letter</h2>"
              "<table border='1' cellpadding='4'><tr><th>No.</th><th>Server</th><th>Recipient</th>"
              "<th>Reply</th></tr>\n"
            + rows + "</table></body></html>\n"};
}

QList<SampleMail> sampleMail(int count, qint64 now)
{
    QList<SampleMail> all;
    qint64 date = now - 240;
    for (int i = 0; i < count; ++i) {
        const Line &line = lines[size_t(i) % lines.size()];
        if (i % 41 == 3)
            all.append(sampleNewsletter(date));
        else if (i % 37 == 5)
            all.append(sampleWithAttachments(date));
        else if (i % 11 == 4)
            all.append(withAttachment(line, date));
        else
            all.append(
                {line.address, header(line.name, line.address, line.subject, date) + textPart(line.text)});
        date -= i < 12 ? 2300 : 5 * 3600 + i * 311;
    }
    return all;
}
