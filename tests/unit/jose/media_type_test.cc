#include "jose/media_type.h"

#include <gtest/gtest.h>

namespace assay::jose {
namespace {

// RFC 7515 section 4.1.9.
TEST(MediaType, IsTheSameWithoutItsPrefixAndInAnyCase) {
  for (const char* sent : {"dpop+jwt", "DPoP+JWT", "application/dpop+jwt", "Application/DPOP+jwt"})
    EXPECT_TRUE(same_media_type(sent, "dpop+jwt")) << sent;
  for (const char* sent : {"", "jwt", "application/", "application/jwt", "text/dpop+jwt",
                           "application/application/dpop+jwt", "dpop+jwt "})
    EXPECT_FALSE(same_media_type(sent, "dpop+jwt")) << sent;
}

} // namespace
} // namespace assay::jose
