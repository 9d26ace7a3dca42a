// Tells systemd how the service is doing (sd_notify(3)), if it asked for that.
#pragma once

#include <string_view>

namespace assay::server {

// Sends `state` ("READY=1", "STOPPING=1") to $NOTIFY_SOCKET. Does nothing where that is not set; a
// failure to send is nobody's business but systemd's.
void notify_service_manager(std::string_view state);

} // namespace assay::server
