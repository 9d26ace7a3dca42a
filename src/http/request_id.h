// The id under which a request is found in the answer and in every log.
#pragma once

#include <string>

namespace assay::http {

// Writes over `id`: 128 random bits as 32 lower-case hexadecimal digits. Never taken from the
// client, who could otherwise give two requests one id, or write into the log with it.
void renew_request_id(std::string& id);

} // namespace assay::http
