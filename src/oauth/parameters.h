// The parameters of a request to an OAuth endpoint (RFC 6749 section 3.2).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace assay::oauth {

// Names that a request may have more than once.
using RepeatableNames = std::span<const std::string_view>;

// At a token endpoint: RFC 8707 section 2.
inline constexpr std::array<std::string_view, 1> kRepeatableAtTokenEndpoint{"resource"};

// No name but a repeatable one occurs twice, and none is without a value: a parameter sent without
// one counts as absent.
class Parameters {
public:
  // Refuses any other name that is sent twice, whether we know it or not: two readers of such a
  // request could see two different ones. Reason: parameter_repeated.
  static Result<Parameters> make(std::vector<std::pair<std::string, std::string>> sent,
                                 RepeatableNames repeatable = {});

  // Views are good as long as the parameters are, also after a move.
  std::optional<std::string_view> find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }

  // All values of a repeatable name, in the order in which they were sent.
  std::vector<std::string> find_all(std::string_view name) const;

  // Reason: parameter_missing.
  Result<std::string_view> require(std::string_view name) const;

private:
  explicit Parameters(std::vector<std::pair<std::string, std::string>> entries)
      : entries_(std::move(entries)) {}

  std::vector<std::pair<std::string, std::string>> entries_;
};

} // namespace assay::oauth
