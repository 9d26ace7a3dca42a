#include "fetch/http_client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <optional>
#include <string_view>

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>

namespace assay::fetch {

namespace {

struct EasyCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using EasyHandle = std::unique_ptr<CURL, EasyCleanup>;
using FieldList = std::unique_ptr<curl_slist, ListCleanup>;

// More than any server has to say about a page; libcurl's own limit is for one line.
constexpr std::size_t kFieldBytesMax = 64 * 1024;

struct Incoming {
  FetchAnswer answer;
  std::size_t body_bytes_max;
  std::size_t field_bytes = 0;
  std::string refused; // why the transfer was ended here
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* target) {
  auto& incoming = *static_cast<Incoming*>(target);
  if (incoming.answer.body.size() + count > incoming.body_bytes_max) {
    incoming.refused = fmt::format("the answer is longer than {} bytes", incoming.body_bytes_max);
    return 0; // ends the transfer
  }
  incoming.answer.body.append(bytes, count);
  return count;
}

std::size_t take_field(char* bytes, std::size_t, std::size_t count, void* target) {
  auto& incoming = *static_cast<Incoming*>(target);
  incoming.field_bytes += count;
  if (incoming.field_bytes > kFieldBytesMax) {
    incoming.refused = fmt::format("the answer's header is longer than {} bytes", kFieldBytesMax);
    return 0;
  }
  std::string_view line(bytes, count);
  while (line.ends_with('\n') || line.ends_with('\r'))
    line.remove_suffix(1);
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return count;
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  line.remove_prefix(colon + 1);
  while (line.starts_with(' '))
    line.remove_prefix(1);
  incoming.answer.fields.emplace_back(std::move(name), line);
  return count;
}

struct Guarded {
  const AddressRule& rule;
  Incoming& incoming;
};

// Called with each address that the name stands for, just before the connection to it: no later
// look-up of the name can lead elsewhere.
curl_socket_t open_socket(void* target, curlsocktype, curl_sockaddr* peer) {
  auto& guarded = *static_cast<Guarded*>(target);
  const auto address = IpAddress::of(peer->addr);
  const auto kind = address ? guarded.rule.refused_as(*address) : "no internet address";
  if (!kind) return ::socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
  guarded.incoming.refused = fmt::format("an address that is {} is refused here: {}", *kind,
                                         address ? address->text() : "");
  return CURL_SOCKET_BAD;
}

void set_guard(CURL* handle, Guarded& guarded) {
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(handle, CURLOPT_PROXY, ""); // whatever the environment says
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &guarded);
}

void set_ca(CURL* handle, const std::string& pem) {
  curl_blob blob{.data = const_cast<char*>(pem.data()), .len = pem.size(), .flags = CURL_BLOB_COPY};
  curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &blob);
  // It takes the place of the system's file, but not of the system's folder.
  curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
}

void set_request(CURL* handle, const FetchRequest& request, FetchLimits limits) {
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.wait.count()));
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (!request.ca.empty()) set_ca(handle, request.ca);
  if (request.method == "GET") return;
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
}

} // namespace

FetchResult fetch(const FetchRequest& request, FetchLimits limits) {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  const EasyHandle easy(global == CURLE_OK ? curl_easy_init() : nullptr);
  if (!easy) return std::unexpected(FetchFault{"libcurl cannot be started"});

  FieldList fields;
  for (const std::string& field : request.fields)
    fields.reset(curl_slist_append(fields.release(), field.c_str()));
  Incoming incoming{.answer = {}, .body_bytes_max = limits.answer_bytes, .refused = {}};
  std::array<char, CURL_ERROR_SIZE> error{};

  CURL* handle = easy.get();
  set_request(handle, request, limits);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error.data());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &incoming);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_field);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &incoming);
  std::optional<Guarded> guarded;
  if (request.guard) set_guard(handle, guarded.emplace(*request.guard, incoming));

  const CURLcode outcome = curl_easy_perform(handle);
  if (outcome == CURLE_OK) {
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &incoming.answer.status);
    return std::move(incoming.answer);
  }
  if (!incoming.refused.empty()) return std::unexpected(FetchFault{std::move(incoming.refused)});
  return std::unexpected(FetchFault{error.front() ? error.data() : curl_easy_strerror(outcome)});
}

} // namespace assay::fetch
