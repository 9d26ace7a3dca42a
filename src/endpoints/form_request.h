// What the OAuth endpoints have in common at their door: a form, read into parameters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "endpoints/answer.h"
#include "http/message.h"
#include "oauth/parameters.h"

namespace assay::endpoints {

// A form and the answer's shape that it asks for, which is known even if the parameters are
// refused; JSON if it asks for none, or for none that can be told.
struct FormRequest {
  AnswerFormat format = AnswerFormat::json;
  Result<oauth::Parameters> parameters;
};

// Reasons: content_type_unsupported, form_malformed, format_unknown, parameter_repeated.
FormRequest read_form_request(const http::Request& request, oauth::RepeatableNames repeatable = {});

// The Authorization header. Two of them are refused: each end could believe another one.
Result<std::optional<std::string_view>> authorization_of(const http::Request& request);

} // namespace assay::endpoints
