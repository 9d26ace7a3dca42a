#include "endpoints/authorization.h"

#include "endpoints/answer.h"

namespace assay::endpoints {

http::Response no_authorization() {
  return answer(AnswerFormat::json, 400,
                {{"error", "unsupported_response_type"},
                 {"error_description",
                  "No response type is supported: tokens are for machines, which ask for them at "
                  "the token endpoint."}});
}

} // namespace assay::endpoints
