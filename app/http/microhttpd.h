#pragma once

#include <microhttpd.h>

namespace glasspost::app {

/// The functions of libmicrohttpd, which is loaded when an interface is first switched on: with GnuTLS behind
/// it, it would take 2.4 MB of every start, and few starts ask for it.
struct MicroHttpd
{
    decltype(&MHD_start_daemon) startDaemon;
    decltype(&MHD_stop_daemon) stopDaemon;
    decltype(&MHD_get_daemon_info) daemonInfo;
    decltype(&MHD_run) run;
    decltype(&MHD_get_timeout) timeout;
    decltype(&MHD_get_connection_info) connectionInfo;
    decltype(&MHD_lookup_connection_value) connectionValue;
    decltype(&MHD_suspend_connection) suspendConnection;
    decltype(&MHD_resume_connection) resumeConnection;
    decltype(&MHD_create_response_from_buffer) responseFromBuffer;
    decltype(&MHD_create_response_from_callback) responseFromCallback;
    decltype(&MHD_create_response_from_fd64) responseFromFile;
    decltype(&MHD_add_response_header) addResponseHeader;
    decltype(&MHD_queue_response) queueResponse;
    decltype(&MHD_destroy_response) destroyResponse;
    decltype(&MHD_create_response_for_upgrade) responseForUpgrade;
    decltype(&MHD_upgrade_action) upgradeAction;
};

/// Loads the library the first time, and keeps it; false where it is missing. On any thread.
[[nodiscard]] bool loadMicroHttpd();
/// To be called only after loadMicroHttpd() said true.
[[nodiscard]] const MicroHttpd &microHttpd();

} // namespace glasspost::app
