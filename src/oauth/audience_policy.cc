#include "oauth/audience_policy.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/url.h"
#include "oauth/audience_list.h"
#include "oauth/quotation.h"

namespace assay::oauth {

namespace {

using Resources = std::vector<std::string_view>;

bool has(const Resources& resources, std::string_view resource) {
  return std::ranges::find(resources, resource) != resources.end();
}

std::string joined(const Resources& resources) {
  return fmt::format("{}", fmt::join(resources, " "));
}

Resources default_of(const AudiencePolicy& policy) {
  if (policy.resources.empty()) return {policy.issuer};
  return {policy.resources.begin(), policy.resources.end()};
}

Resources ceiling_of(const registry::Application& application, const AudiencePolicy& policy) {
  if (application.resources.empty()) return default_of(policy);
  return {application.resources.begin(), application.resources.end()};
}

Result<Resources> read(const std::vector<std::string>& asked) {
  if (asked.size() > kResourcesAskedMax)
    return refuse(Reason::resource_malformed,
                  fmt::format("more than {} resources", kResourcesAskedMax));
  Resources resources;
  for (const std::string& resource : asked) {
    if (!is_absolute_uri(resource))
      return refuse(Reason::resource_malformed,
                    fmt::format("expected an absolute URI without a fragment; found {}",
                                quote_unless_secret(resource)));
    if (!has(resources, resource)) resources.push_back(resource);
  }
  return resources;
}

// What is asked for, if all of it is allowed. Of `unasked`, which takes its place when there is
// none, what is allowed.
Result<std::string> decide(const std::vector<std::string>& asked, const Resources& unasked,
                           const Resources& allowed) {
  const auto wanted = read(asked);
  if (!wanted) return std::unexpected(wanted.error());
  for (const std::string_view resource : *wanted)
    if (!has(allowed, resource))
      return refuse(Reason::resource_not_allowed,
                    fmt::format("expected within {}; found {}", quote(joined(allowed)),
                                quote_unless_secret(resource)));
  if (!wanted->empty()) return joined(*wanted);

  Resources left;
  std::ranges::copy_if(unasked, std::back_inserter(left),
                       [&](std::string_view resource) { return has(allowed, resource); });
  // An empty audience would be a token for nobody.
  if (left.empty())
    return refuse(Reason::resource_not_allowed,
                  fmt::format("expected one within {}; found none asked for, and {} without",
                              quote(joined(allowed)), quote(joined(unasked))));
  return joined(left);
}

} // namespace

Result<std::string> grant_audience(const std::vector<std::string>& asked,
                                   const registry::Application& application,
                                   const AudiencePolicy& policy) {
  return decide(asked, default_of(policy), ceiling_of(application, policy));
}

Result<std::string> refresh_audience(const std::vector<std::string>& asked,
                                     std::string_view granted,
                                     const registry::Application& application,
                                     const AudiencePolicy& policy) {
  Resources allowed = split_audience(granted);
  const Resources ceiling = ceiling_of(application, policy);
  std::erase_if(allowed, [&](std::string_view resource) { return !has(ceiling, resource); });
  return decide(asked, split_audience(granted), allowed);
}

std::string worth_noting(const std::string& audience, const AudiencePolicy& policy) {
  return audience == policy.issuer ? std::string() : audience;
}

} // namespace assay::oauth
