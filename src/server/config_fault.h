// What is wrong with a config, and where it stands.
#pragma once

#include <string>
#include <vector>

namespace assay::server {

struct ConfigFault {
  std::string where;   // the file, or "environment ASSAY_LISTEN_PORT"
  int line = 0;        // from 1; 0 where there are no lines
  int column = 0;      // likewise
  std::string setting; // "token_services[0].scope_match"; empty: the text as a whole
  std::string what;
};

using ConfigFaults = std::vector<ConfigFault>;

// One line: `assay.yaml:7:15: token_services[0].scope_match: "some" is not one of any, all`.
std::string to_text(const ConfigFault& fault);

// One a line, without a line end behind the last.
std::string to_text(const ConfigFaults& faults);

} // namespace assay::server
