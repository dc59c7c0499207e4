#pragma once

#include "ui/transcript/transcripttext.h"

#include <functional>

class QObject;
class QWidget;

namespace glasspost::ui {

class InlineBar;

/// Asks where to, and as what: text, JSON lines or a web page, by the name's ending. Writes on a pool thread;
/// the bar says what came of it. Both outlive the question.
void askSaveTranscript(QWidget *parent, InlineBar *bar, const std::function<SavedTranscript()> &content);

/// To the clipboard, as plain text. Of many lines it is made on a pool thread, while the context lives.
void copyTranscript(const SavedTranscript &transcript, QObject *context);

} // namespace glasspost::ui
