#include "mail/base/deliverer.h"

#include <QCoreApplication>
#include <QEvent>
#include <QThread>

#include <utility>
#include <vector>

namespace glasspost::mail {

namespace {

struct Parcel
{
    QPointer<QObject> context;
    std::function<void()> work;
};

} // namespace

/// The results that wait for one thread. The bell is an object that lives there and empties the desk when
/// rung.
class Deliverer::Desk : public std::enable_shared_from_this<Deliverer::Desk>
{
public:
    class Bell : public QObject
    {
    public:
        explicit Bell(std::weak_ptr<Desk> desk) : m_desk(std::move(desk)) { }
        void customEvent(QEvent *) override
        {
            if (const std::shared_ptr<Desk> desk = m_desk.lock())
                desk->empty();
        }

    private:
        std::weak_ptr<Desk> m_desk;
    };

    void open(QThread *thread)
    {
        auto *bell = new Bell(weak_from_this());
        bell->moveToThread(thread);
        // A thread that ends takes its bell with it.
        QObject::connect(
            thread, &QThread::finished, bell,
            [weak = weak_from_this()] {
                if (const std::shared_ptr<Desk> desk = weak.lock())
                    desk->close();
            },
            Qt::DirectConnection);
        const MutexLock lock(m_mutex);
        m_bell = bell;
    }

    void close()
    {
        const MutexLock lock(m_mutex);
        if (m_bell)
            m_bell->deleteLater();
        m_bell = nullptr;
    }

    [[nodiscard]] bool isOpen()
    {
        const MutexLock lock(m_mutex);
        return m_bell != nullptr;
    }

    void put(Parcel parcel)
    {
        const MutexLock lock(m_mutex);
        if (!m_bell)
            return;
        m_parcels.push_back(std::move(parcel));
        if (!std::exchange(m_rung, true))
            QCoreApplication::postEvent(m_bell, new QEvent(QEvent::User));
    }

private:
    void empty()
    {
        std::vector<Parcel> parcels;
        {
            const MutexLock lock(m_mutex);
            parcels.swap(m_parcels);
            m_rung = false;
        }
        for (Parcel &parcel : parcels) {
            if (parcel.context)
                parcel.work();
        }
    }

    Mutex m_mutex;
    std::vector<Parcel> m_parcels GUARDED_BY(m_mutex);
    Bell *m_bell GUARDED_BY(m_mutex) = nullptr;
    bool m_rung GUARDED_BY(m_mutex) = false;
};

void Deliverer::Ticket::deliver(std::function<void()> work) const
{
    if (desk)
        desk->put({context, std::move(work)});
}

Deliverer::~Deliverer()
{
    for (const auto &entry : m_desks)
        entry.second->close();
}

Deliverer::Ticket Deliverer::ticket(QObject *context)
{
    if (!context)
        return {};
    const MutexLock lock(m_mutex);
    std::shared_ptr<Desk> &desk = m_desks[context->thread()];
    if (!desk || !desk->isOpen()) {
        desk = std::make_shared<Desk>();
        desk->open(context->thread());
    }
    return {desk, context};
}

} // namespace glasspost::mail
