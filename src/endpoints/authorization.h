// /api/oauth/authorize: where other servers ask people. Here there are none to ask, so every
// request is refused; but the metadata must name the endpoint, as clients that check it against a
// schema (the Model Context Protocol's) accept none without it.
#pragma once

#include "http/message.h"

namespace assay::endpoints {

// RFC 6749 section 4.1.2.1, shown instead of sent by redirect: no redirection URI is known.
http::Response no_authorization();

} // namespace assay::endpoints
