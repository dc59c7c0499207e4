#pragma once

#include <QTranslator>

namespace glasspost::ui {

/// The program's texts are English as they are, but for their plurals: "%n message(s)" becomes "1 message"
/// and "2 messages", "%n match(es)" likewise. A translation into another language that is installed later
/// goes before it.
class EnglishPlurals : public QTranslator
{
    Q_OBJECT
public:
    using QTranslator::QTranslator;

    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(
        const char *context, const char *source, const char *disambiguation, int n) const override;
};

} // namespace glasspost::ui
