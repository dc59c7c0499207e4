#pragma once

#include "ui/transcript/transcripttext.h"

#include <functional>

class QWidget;

namespace glasspost::ui {

class InlineBar;

/// Asks where to, and as what: text, JSON lines or a web page, by the name's ending. Writes on a pool thread;
/// the bar says what came of it. Both outlive the question.
void askSaveTranscript(QWidget *parent, InlineBar *bar, const std::function<SavedTranscript()> &content);

} // namespace glasspost::ui
