// The driver without libFuzzer, so that every build tests the targets: the corpus of a target, then inputs
// that are made from it by chance for some seconds. "replay CORPUSFOLDER SECONDS TARGET".
#include "tests/fuzz/target.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>

#include <csignal>

using namespace glasspost::fuzz;

namespace {

constexpr qsizetype longest = 4096;

/// What runs, for the finding's last words.
QByteArray current;

void run(const Target &target, const QByteArray &input)
{
    current = input;
    target.run(current);
}

void showInput(int)
{
    std::fprintf(stderr, "INPUT, as hexadecimal: %s\n", current.toHex().constData());
}

QList<QByteArray> readCorpus(const QString &folder)
{
    QList<QByteArray> inputs = {QByteArray()};
    const QDir dir(folder);
    for (const QString &name : dir.entryList(QDir::Files)) {
        QFile file(dir.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            inputs += file.readAll();
    }
    return inputs;
}

/// A few changes: octets set, cut out, doubled, words put in, another input joined on.
QByteArray changed(const QList<QByteArray> &corpus, QRandomGenerator &dice)
{
    static const QByteArray words[] = {"\r\n", "\n", "\r", ".", "\r\n.\r\n", "<", ">", "@", "\"", "\\", " ",
        QByteArray(1, '\0'), "\xff", "\xc3\xa9", "250 ", "354 ", "[", "=?utf-8?q?", "--", ":", ";", "+41"};
    const auto below
        = [&dice](qsizetype limit) { return qsizetype(dice.bounded(quint32(qMax(limit, qsizetype(1))))); };
    QByteArray input = corpus.at(below(corpus.size()));
    for (qsizetype times = 1 + below(4); times > 0; --times) {
        const qsizetype at = below(input.size() + 1);
        switch (below(5)) {
        case 0:
            if (at < input.size())
                input[at] = char(below(256));
            break;
        case 1:
            input.remove(at, below(16));
            break;
        case 2:
            input.insert(at, input.mid(below(input.size()), below(64)));
            break;
        case 3:
            input.insert(at, words[below(std::size(words))]);
            break;
        default:
            input = input.left(at) + corpus.at(below(corpus.size()));
        }
    }
    return input.left(longest);
}

const Target *find(const char *name)
{
    for (const Target &target : targets()) {
        if (qstrcmp(target.name, name) == 0)
            return &target;
    }
    return nullptr;
}

} // namespace

int main(int argc, char *argv[])
{
    const Target *target = argc == 4 ? find(argv[3]) : nullptr;
    if (!target) {
        std::fprintf(stderr, "usage: replay CORPUSFOLDER SECONDS TARGET\n");
        return 64;
    }
    const QList<QByteArray> corpus = readCorpus(QString::fromLocal8Bit(argv[1]));
    std::signal(SIGABRT, showInput); // then the process ends all the same
    for (const QByteArray &input : corpus)
        run(*target, input);
    bool isReached = true;
    for (const QByteArray &state : target->wanted) {
        if (reachedStates().contains(state))
            continue;
        std::fprintf(stderr, "the corpus never reaches: %s\n", state.constData());
        isReached = false;
    }
    if (!isReached)
        return 1;
    QRandomGenerator dice(4711); // the same inputs each time: what fails once fails again
    QElapsedTimer timer;
    timer.start();
    qint64 count = 0;
    for (; timer.elapsed() < QByteArray(argv[2]).toInt() * 1000; ++count)
        run(*target, changed(corpus, dice));
    std::printf("%s: %d inputs of the corpus with %d states, %lld made from them\n", target->name,
        int(corpus.size()), int(reachedStates().size()), count);
    return 0;
}
