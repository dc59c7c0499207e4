#include "app/http/microhttpd.h"

#include <QLibrary>

#include <optional>

namespace glasspost::app {

namespace {

constexpr int abiVersion = 12; // libmicrohttpd 0.9.x since 2015

template <class Function> bool resolve(QLibrary &library, const char *name, Function &function)
{
    function = reinterpret_cast<Function>(library.resolve(name));
    return function != nullptr;
}

std::optional<MicroHttpd> resolved()
{
    QLibrary library(QStringLiteral("microhttpd"), abiVersion);
    MicroHttpd all{};
    const bool isWhole = library.load() && resolve(library, "MHD_start_daemon", all.startDaemon)
        && resolve(library, "MHD_stop_daemon", all.stopDaemon)
        && resolve(library, "MHD_get_daemon_info", all.daemonInfo) && resolve(library, "MHD_run", all.run)
        && resolve(library, "MHD_get_timeout", all.timeout)
        && resolve(library, "MHD_get_connection_info", all.connectionInfo)
        && resolve(library, "MHD_lookup_connection_value", all.connectionValue)
        && resolve(library, "MHD_suspend_connection", all.suspendConnection)
        && resolve(library, "MHD_resume_connection", all.resumeConnection)
        && resolve(library, "MHD_create_response_from_buffer", all.responseFromBuffer)
        && resolve(library, "MHD_create_response_from_callback", all.responseFromCallback)
        && resolve(library, "MHD_create_response_from_fd64", all.responseFromFile)
        && resolve(library, "MHD_add_response_header", all.addResponseHeader)
        && resolve(library, "MHD_queue_response", all.queueResponse)
        && resolve(library, "MHD_destroy_response", all.destroyResponse)
        && resolve(library, "MHD_create_response_for_upgrade", all.responseForUpgrade)
        && resolve(library, "MHD_upgrade_action", all.upgradeAction);
    return isWhole ? std::optional(all) : std::nullopt;
}

const std::optional<MicroHttpd> &library()
{
    static const std::optional<MicroHttpd> found = resolved();
    return found;
}

} // namespace

bool loadMicroHttpd()
{
    return library().has_value();
}

const MicroHttpd &microHttpd()
{
    return *library();
}

} // namespace glasspost::app
