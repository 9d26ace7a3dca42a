// The parameters of a request to an OAuth endpoint (RFC 6749 section 3.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace assay::oauth {

// No name occurs twice, and none is without a value: a parameter sent without one counts as absent.
class Parameters {
public:
  // Refuses a name that is sent twice, whether we know it or not: two readers of such a request
  // could see two different ones. Reason: parameter_repeated.
  static Result<Parameters> make(std::vector<std::pair<std::string, std::string>> sent);

  // Views are good as long as the parameters are, also after a move.
  std::optional<std::string_view> find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }

  // Reason: parameter_missing.
  Result<std::string_view> require(std::string_view name) const;

private:
  explicit Parameters(std::vector<std::pair<std::string, std::string>> entries)
      : entries_(std::move(entries)) {}

  std::vector<std::pair<std::string, std::string>> entries_;
};

} // namespace assay::oauth
