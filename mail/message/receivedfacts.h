#pragma once

#include "mail/message/messagereader.h"

#include <QByteArray>
#include <QByteArrayView>

namespace glasspost::mail {

/// The id in the topmost Received field: the session that brought the message. Empty when there is none.
QByteArray sessionIdOf(QByteArrayView source);
/// Who the envelope named, as the fields on top of the message tell (Return-Path, Delivered-To). Recipients
/// that no field of the sender's names join the bcc, and a message without From has a sender.
void addEnvelope(IndexFields &fields, const QByteArray &source);
} // namespace glasspost::mail
