#include "server/lifecycle.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.h"
#include "base/unavailable.h"
#include "crypto/tls_context.h"
#include "server/assembly.h"
#include "server/certificate_files.h"
#include "server/config.h"
#include "server/foundation.h"
#include "server/periodic.h"
#include "server/port_file.h"
#include "server/service_notice.h"
#include "server/workers.h"

namespace assay::server {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;

// A change of the registry takes effect within a second, whoever made it.
constexpr auto kRefreshEvery = 250ms;
constexpr auto kFetchKeysEvery = 250ms;
constexpr auto kMaintainSigningKeysEvery = 1000ms;
constexpr auto kCheckEvery = 1000ms;
constexpr auto kFlushUsageEvery = 10'000ms;
constexpr auto kRenewTlsEvery = 1h;

// Whoever renews certificates has done so long before.
constexpr auto kExpiresSoon = std::chrono::days(14);
constexpr auto kDrainPause = 5ms;

std::string url_of(std::string_view scheme, const std::string& address, std::uint16_t port) {
  const bool is_ipv6 = address.contains(':');
  return fmt::format("{}://{}{}{}:{}", scheme, is_ipv6 ? "[" : "", address, is_ipv6 ? "]" : "",
                     port);
}

http::ServiceParts service_parts(const Settings& settings, observe::Log& log) {
  return {.limits = http_limits(settings.limits),
          .faults = fault_answers(),
          .report = [&log](const std::string& request_id, const std::string& what) {
            log.error(fmt::format("request {}: {}", request_id, what));
          }};
}

// Keeps the assembly alive as long as a connection is served by its router.
std::shared_ptr<const http::Router> assemble(const Settings& settings, Foundation& foundation) {
  auto assembly = std::make_shared<const Assembly>(settings, foundation);
  return {assembly, &assembly->router()};
}

class Server {
public:
  Server(const Settings& settings, const std::filesystem::path& folder, observe::Log& log,
         const ReadSettings& read_again)
      : settings_(settings), log_(log), read_again_(read_again), foundation_(settings, folder, log),
        parts_(service_parts(settings, log)), workers_(settings.listen.threads),
        service_(workers_.contexts(), settings.listen.address, settings.listen.port, parts_),
        manager_({workers_.contexts().front()}, settings.manager.address, settings.manager.port,
                 parts_),
        port_file_(folder, service_.port()), signals_(control_, SIGTERM, SIGINT, SIGHUP),
        pause_(control_) {
    foundation_.show_open_connections(
        [this] { return static_cast<double>(service_.open_connections()); });
  }

  void run() {
    service_.start(assemble(with_port(settings_, service_.port()), foundation_), tls());
    manager_.start(std::make_shared<const http::Router>(manager_router(foundation_)));
    {
      const Jobs jobs(*this);
      workers_.start();
      announce();
      await_signal();
      control_.run();
      workers_.stop();
    }
    foundation_.close();
  }

private:
  // What goes on beside the requests.
  class Jobs {
  public:
    explicit Jobs(Server& server)
        : refresh_(
              kRefreshEvery, [&] { server.foundation_.refresh_applications(); },
              server.reporting("reading the registry")),
          fetch_keys_(
              kFetchKeysEvery, [&] { server.foundation_.fetch_due_keys(); },
              server.reporting("fetching keys")),
          signing_keys_(
              kMaintainSigningKeysEvery, [&] { server.foundation_.maintain_signing_keys(); },
              server.reporting("rotating the signing keys")),
          check_(
              kCheckEvery, [&] { server.foundation_.check_tokens(); },
              server.reporting("checking the token store")),
          purge_(
              server.settings_.stores.purge_every, [&] { server.foundation_.purge_tokens(); },
              server.reporting("purging the token store")),
          usage_(
              kFlushUsageEvery, [&] { server.foundation_.flush_usage(); },
              server.reporting("writing the usage")),
          renew_tls_(
              kRenewTlsEvery, [&] { server.renew_tls(); },
              server.reporting("reading the TLS certificate")) {}

  private:
    Periodic refresh_, fetch_keys_, signing_keys_, check_, purge_, usage_, renew_tls_;
  };

  std::shared_ptr<const crypto::TlsContext> tls() const {
    auto context = read_tls(foundation_.folder(), settings_.listen.tls);
    if (context && context->expires_at() < system_now() + kExpiresSoon)
      log_.warning(fmt::format("the certificate in {} is good until {}",
                               settings_.listen.tls.certificate, rfc3339(context->expires_at())));
    return context;
  }

  // With the files, what protects the tickets of resumed sessions is new as well: who steals it
  // learns what was said in an hour and not in a year.
  void renew_tls() {
    if (const auto context = tls()) service_.replace_tls(context);
  }

  Periodic::FaultReport reporting(std::string job) {
    return [this, job = std::move(job)](const std::string& what) {
      log_.error(fmt::format("{} failed: {}", job, what));
    };
  }

  void announce() {
    fmt::print("ready {} manager {}\n",
               url_of(settings_.listen.tls.certificate.empty() ? "http" : "https",
                      settings_.listen.address, service_.port()),
               url_of("http", settings_.manager.address, manager_.port()));
    std::fflush(stdout);
    notify_service_manager("READY=1");
  }

  void await_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      if (signal == SIGHUP)
        reload();
      else
        drain();
      await_signal();
    });
  }

  void reload() {
    const auto wanted = read_again_();
    if (!wanted) return;
    const auto fixed = fixed_while_running(settings_, *wanted);
    if (!fixed.empty())
      log_.warning(
          fmt::format("these settings change only with a restart: {}", fmt::join(fixed, ", ")));
    try {
      const auto router = assemble(with_port(*wanted, service_.port()), foundation_);
      renew_tls();
      service_.replace_router(router);
    } catch (const Unavailable& fault) {
      log_.error(fmt::format("the old settings stay in force: {}", fault.what()));
      return;
    }
    log_.set_level(wanted->log.level);
    log_.info("the settings were read again");
  }

  void drain() {
    if (draining_) {
      control_.stop();
      return;
    }
    draining_ = true;
    notify_service_manager("STOPPING=1");
    drain_until_ = std::chrono::steady_clock::now() + settings_.limits.drain_wait;
    service_.drain();
    manager_.drain();
    await_last_answer();
  }

  void await_last_answer() {
    const bool served = service_.open_connections() + manager_.open_connections() == 0;
    if (served || std::chrono::steady_clock::now() >= drain_until_) {
      control_.stop();
      return;
    }
    pause_.expires_after(kDrainPause);
    pause_.async_wait([this](const boost::system::error_code&) { await_last_answer(); });
  }

  const Settings& settings_;
  observe::Log& log_;
  const ReadSettings& read_again_;
  Foundation foundation_;
  http::ServiceParts parts_;
  Workers workers_;
  http::Listener service_;
  http::Listener manager_;
  PortFile port_file_;
  asio::io_context control_{1};
  asio::signal_set signals_;
  asio::steady_timer pause_;
  bool draining_ = false;
  std::chrono::steady_clock::time_point drain_until_;
};

} // namespace

void serve(const Settings& settings, const std::filesystem::path& folder, observe::Log& log,
           const ReadSettings& read_again) {
  // A peer that hangs up, or a reader of standard output that ends, is an error of that write; by
  // default it would end the process.
  std::signal(SIGPIPE, SIG_IGN);
  Server(settings, folder, log, read_again).run();
}

} // namespace assay::server
