// The types of JWTs, as the header `typ` has them (RFC 7515 section 4.1.9).
#pragma once

#include <string_view>

namespace assay::jose {

// Whether `sent` is the media type `application/<wanted>`: "application/" may be left out, and
// letter case does not count.
bool same_media_type(std::string_view sent, std::string_view wanted);

} // namespace assay::jose
