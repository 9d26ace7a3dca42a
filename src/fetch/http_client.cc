#include "fetch/http_client.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <string_view>

#include <curl/curl.h>
#include <fmt/format.h>

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

struct Incoming {
  FetchAnswer answer;
  std::size_t bytes_max;
  bool too_large = false;
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* target) {
  auto& incoming = *static_cast<Incoming*>(target);
  incoming.too_large = incoming.answer.body.size() + count > incoming.bytes_max;
  if (incoming.too_large) return 0; // ends the transfer
  incoming.answer.body.append(bytes, count);
  return count;
}

std::size_t take_field(char* bytes, std::size_t, std::size_t count, void* target) {
  auto& incoming = *static_cast<Incoming*>(target);
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

} // namespace

std::expected<FetchAnswer, FetchFault> fetch(const FetchRequest& request, FetchLimits limits) {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  const EasyHandle easy(global == CURLE_OK ? curl_easy_init() : nullptr);
  if (!easy) return std::unexpected(FetchFault{"libcurl cannot be started"});

  FieldList fields;
  for (const std::string& field : request.fields)
    fields.reset(curl_slist_append(fields.release(), field.c_str()));

  Incoming incoming{.answer = {}, .bytes_max = limits.answer_bytes};
  CURL* handle = easy.get();
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(limits.wait.count()));
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &incoming);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_field);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &incoming);
  if (request.method != "GET") {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
  }

  const CURLcode outcome = curl_easy_perform(handle);
  if (incoming.too_large)
    return std::unexpected(
        FetchFault{fmt::format("the answer is longer than {} bytes", limits.answer_bytes)});
  if (outcome != CURLE_OK) return std::unexpected(FetchFault{curl_easy_strerror(outcome)});
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &incoming.answer.status);
  return std::move(incoming.answer);
}

} // namespace assay::fetch
