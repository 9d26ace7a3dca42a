// What every OAuth endpoint is: a form goes in, members or a refusal come out, one decision is
// written down.
#pragma once

#include <functional>

#include "base/result.h"
#include "base/strict_json.h"
#include "base/task.h"
#include "endpoints/decision.h"
#include "http/message.h"
#include "oauth/parameters.h"

namespace assay::endpoints {

// Decides on the parameters of one request; what it finds out goes to the decision.
using Decide = std::function<Task<Result<json::object>>(oauth::Parameters, Decision&)>;

// Reads the form, has it decided on, and answers in the shape that the form asked for. All
// references outlive the task.
Task<http::Response> answer_form(const Books& books, const Matter& matter,
                                 const http::Request& request, Decide decide,
                                 oauth::RepeatableNames repeatable = {});

} // namespace assay::endpoints
