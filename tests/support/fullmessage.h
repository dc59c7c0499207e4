#pragma once

#include <QByteArray>

namespace glasspost::test {

/// A message that has some of everything: HTML with a remote picture, an invitation, a person, nine files of
/// which one is a message and one could run, a list that can be left, a receipt that is asked for, a route.
/// further: HTML below that.
inline QByteArray fullMessage(
    const QByteArray &picture = "https://pictures.nordlys.example/a.png", const QByteArray &further = {})
{
    const auto part = [](const QByteArray &header, const QByteArray &body) -> QByteArray {
        return "--b\n" + header + "\n\n" + body + '\n';
    };
    const auto file
        = [&part](const QByteArray &name, const QByteArray &type, const QByteArray &body) -> QByteArray {
        return part(
            "Content-Type: " + type + "\nContent-Disposition: attachment; filename=\"" + name + '"', body);
    };
    QByteArray message
        = "Return-Path: <maren@nordlys.example>\n"
          "Authentication-Results: mx.nordlys.example; spf=pass smtp.mailfrom=nordlys.example\n"
          "Received: from a.nordlys.example by mx.nordlys.example; Sat, 29 Nov 2025 07:00:05 +0000\n"
          "From: Maren Olsen <maren@nordlys.example>\n"
          "To: Info <alice@example.test>, Info <bob@example.test>\n"
          "Subject: Everything\n"
          "Message-ID: <everything@nordlys.example>\n"
          "List-Id: News <news.nordlys.example>\n"
          "List-Unsubscribe: <https://nordlys.example/leave>, <mailto:leave@nordlys.example>\n"
          "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
          "Disposition-Notification-To: maren@nordlys.example\n"
          "MIME-Version: 1.0\n"
          "Content-Type: multipart/mixed; boundary=b\n\n";
    message += part("Content-Type: multipart/alternative; boundary=a",
        "--a\nContent-Type: text/plain\n\nRead https://nordlys.example/one or\nwrite to "
        "mailto:two@nordlys.example.\n"
        "--a\nContent-Type: text/html\n\n<p>Read <a href='https://nordlys.example/one'>more</a>.</p><img "
        "src='"
            + picture + "' width=20 height=20>" + further + "\n--a--");
    message += part("Content-Type: text/calendar; method=REQUEST",
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Lunch\nDTSTART:20251201T090000Z\nEND:VEVENT\n"
        "END:VCALENDAR");
    for (const QByteArray name : {"Ann Bee", "Ben Cee"})
        message += part("Content-Type: text/vcard",
            "BEGIN:VCARD\nFN:" + name + "\nEMAIL:" + name.left(3).toLower() + "@nordlys.example\nEND:VCARD");
    message
        += file("inner.eml", "message/rfc822", "From: Ann <ann@nordlys.example>\nSubject: Inner\n\nwithin\n");
    for (const QByteArray number : {"1", "2", "3", "4"})
        message += file("notes " + number + ".txt", "text/plain", "note " + number);
    message += file("setup.exe", "application/octet-stream", "MZ");
    for (const QByteArray number : {"5", "6", "7"})
        message += file("notes " + number + ".txt", "text/plain", "note " + number);
    return message + "--b--\n";
}

} // namespace glasspost::test
