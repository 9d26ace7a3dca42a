// GET /metrics on the manager port: for Prometheus.
#pragma once

#include "http/message.h"
#include "observe/metrics.h"

namespace assay::endpoints {

http::Response metrics(const observe::Metrics& metrics);

} // namespace assay::endpoints
