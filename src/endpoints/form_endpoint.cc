#include "endpoints/form_endpoint.h"

#include <utility>

#include "endpoints/answer.h"
#include "endpoints/form_request.h"

namespace assay::endpoints {

Task<http::Response> answer_form(const Books& books, const Matter& matter,
                                 const http::Request& request, Decide decide,
                                 oauth::RepeatableNames repeatable) {
  Decision decision = co_await Decision::begin(books, matter, request);
  FormRequest form = read_form_request(request, repeatable);
  if (!form.parameters) {
    decision.refused(form.parameters.error());
    co_return error_answer(form.format, form.parameters.error().reason);
  }
  const auto members = co_await decide(std::move(*form.parameters), decision);
  if (!members) {
    decision.refused(members.error());
    co_return error_answer(form.format, members.error().reason);
  }
  decision.granted();
  co_return answer(form.format, 200, *members);
}

} // namespace assay::endpoints
