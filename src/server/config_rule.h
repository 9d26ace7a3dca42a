// What a text must be to be an issuer, an audience, a path: the rules behind the table's rows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::server {

// An absolute http or https URL with neither query nor fragment (RFC 8414 section 2). `${port}` may
// stand for the port.
bool is_issuer(std::string_view text);

// Any text; a `${...}` in it must be `${port}`.
bool is_audience(std::string_view text);

// What a request's path can be without any escape, so that there is one spelling of it (RFC 3986
// section 3.3): `/`, then segments none of which is empty, `.` or `..`.
bool is_service_path(std::string_view text);

// A path that an endpoint has whose place is fixed, or may have one day.
bool is_reserved_path(std::string_view path);

// An IPv4 or IPv6 address, as the listener takes it.
bool is_ip_address(std::string_view text);

// A token type by its name (RFC 6749 appendix A.13).
bool is_token_type(std::string_view text);

// Letters, digits, `_`, `-` and `.`, the first one a letter or `_`.
bool is_name(std::string_view text);

// Why a token's parameter cannot have this name; none if it can. Names stand in answers beside the
// members that standards define, also as elements of XML.
std::optional<std::string> fault_in_parameter_name(std::string_view name);

} // namespace assay::server
