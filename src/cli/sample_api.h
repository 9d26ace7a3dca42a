// A protected API such as a user of Assay has: it asks the server what a token is worth (RFC 7662),
// and answers by RFC 6750. For the demo.
#pragma once

#include <memory>
#include <string>

namespace assay::cli {

struct SampleApiSettings {
  std::string introspection_url;
  std::string client_id; // with the right to introspect
  std::string client_secret;
  std::string scope; // what a caller needs
};

// Serves GET /invoices on a free port of 127.0.0.1, by a thread of its own.
class SampleApi {
public:
  explicit SampleApi(SampleApiSettings settings);
  ~SampleApi();
  SampleApi(const SampleApi&) = delete;
  SampleApi& operator=(const SampleApi&) = delete;

  // http://127.0.0.1:PORT/invoices
  std::string url() const;

private:
  class Service;
  std::unique_ptr<Service> service_;
};

} // namespace assay::cli
