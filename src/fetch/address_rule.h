// Which addresses a URL that somebody else chose may lead to: public ones, so that nobody can have
// this server call what only it can reach (OWASP: server-side request forgery).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "fetch/address_range.h"

namespace assay::fetch {

// A value; thread-safe. It judges the address that a connection goes to. A name proves nothing: it
// can mean another address each time it is looked up.
class AddressRule {
public:
  // Those in `allowed` are fine whatever they are.
  explicit AddressRule(std::vector<AddressRange> allowed);

  // What kind of address it is, if it is refused: "loopback".
  std::optional<std::string_view> refused_as(const IpAddress& address) const;

private:
  std::vector<AddressRange> allowed_;
};

} // namespace assay::fetch
