// GET /health/live and /health/ready: for whoever starts, stops and balances servers.
#pragma once

#include "http/message.h"
#include "observe/readiness.h"

namespace assay::endpoints {

// 200 as long as the process can answer at all.
http::Response live();

// 200 if every probe is content, else 503; names each probe.
http::Response ready(const observe::Readiness& readiness);

} // namespace assay::endpoints
