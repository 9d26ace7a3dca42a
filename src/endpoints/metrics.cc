#include "endpoints/metrics.h"

namespace assay::endpoints {

http::Response metrics(const observe::Metrics& metrics) {
  http::Response response;
  response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
      .with("Cache-Control", "no-store")
      .body = metrics.text();
  return response;
}

} // namespace assay::endpoints
