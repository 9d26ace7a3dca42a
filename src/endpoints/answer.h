// The shapes that an answer can take: `format` of the request chooses one, also for errors.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/strict_json.h"
#include "http/message.h"

namespace assay::endpoints {

enum class AnswerFormat { json, urlencoded, xml };

// None if there is no format of that name.
std::optional<AnswerFormat> answer_format_named(std::string_view name);

// The members in their order, with Cache-Control: no-store and Pragma: no-cache (RFC 6749
// section 5.1). XML is <oauth> with an element a member.
http::Response answer(AnswerFormat format, unsigned status, const json::object& members);

// The OAuth error that public_face() shows for the refusal (RFC 6749 section 5.2). A 401 names the
// scheme that can be used: always, as RFC 9110 section 15.5.2 wants it.
http::Response error_answer(AnswerFormat format, Reason reason);

} // namespace assay::endpoints
