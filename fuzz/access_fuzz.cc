// Whatever a gateway's caller sends, the check's readers refuse it or give a token of RFC 6750's
// characters and a demand of well-formed scopes; what the caller adds never takes anything away.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "endpoints/access_query.h"
#include "oauth/presented_token.h"
#include "registry/scope_library.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);

  if (const auto token = oauth::read_presented_token(text))
    ASSAY_ASSERT(token->text.reveal().find_first_of(" \t\r\n\",") == std::string_view::npos,
                 "one token and nothing else");

  const auto query = endpoints::read_access_query(text, "urn:issuer");
  for (const std::string& scope : query.demand.scopes)
    ASSAY_ASSERT(registry::is_scope_token(scope), "scopes that can be quoted in a header");
  ASSAY_ASSERT(query.fault || !query.demand.audiences.empty(), "somebody it must be for");

  const std::string appended = "scope=admin&for=" + std::string(text);
  const auto fixed = endpoints::read_access_query(appended, "urn:issuer");
  ASSAY_ASSERT(!fixed.fault && fixed.demand.scopes.size() == 1, "for= ends the query");

  const auto callers = endpoints::read_callers_query(text, "urn:issuer");
  ASSAY_ASSERT(callers.demand.match == oauth::ScopeMatch::all &&
                   callers.demand.audiences.size() == 1,
               "a caller only demands more");
  return 0;
}
