#pragma once

#include <QStringView>
#include <QTextBlock>

class QPlainTextEdit;

namespace glasspost::ui {

enum class Folding { Open, Folded };

// Quotes of a text that TextMarks has marked. One is a run of quoted lines; three lines and more of it can be
// folded down to the first. Of a run 10,000 lines are folded at most.

/// Whether a quote that can be folded begins there.
[[nodiscard]] bool isFoldStart(const QTextBlock &block);
[[nodiscard]] bool isFolded(const QTextBlock &start);
void fold(QPlainTextEdit &view, const QTextBlock &start, Folding folding);
void foldAll(QPlainTextEdit &view, Folding folding);
/// Opens what hides a line.
void reveal(QPlainTextEdit &view, const QTextBlock &block);

} // namespace glasspost::ui
