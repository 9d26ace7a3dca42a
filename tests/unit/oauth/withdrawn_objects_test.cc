// Every object that a grant leans on, disabled, expired or deleted: no token, and nothing stored.
#include <functional>

#include <gtest/gtest.h>

#include "support/certificates.h"
#include "unit/oauth/grant_fixture.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;

struct Given {
  registry::Application& application;
  bool& is_registered;
};

struct Withdrawal {
  const char* name;
  std::function<void(const Given&)> withdraw;
  Reason reason;
};

void PrintTo(const Withdrawal& withdrawal, std::ostream* out) { *out << withdrawal.name; }

registry::RegisteredKey certified(std::chrono::seconds from, std::chrono::seconds to) {
  const auto now = std::chrono::floor<std::chrono::seconds>(kNow);
  return registered_text(testing::certificate_for(
      testing::ec_key(), {.not_before = now + from, .not_after = now + to}));
}

const std::vector<Withdrawal> kWithdrawals{
    {"application disabled", [](const Given& given) { given.application.enabled = false; },
     Reason::application_disabled},
    {"application deleted", [](const Given& given) { given.is_registered = false; },
     Reason::issuer_unknown},
    {"key disabled", [](const Given& given) { given.application.keys[0].enabled = false; },
     Reason::key_disabled},
    {"key expired by the record",
     [](const Given& given) { given.application.keys[0].not_after = kNow; }, Reason::key_expired},
    {"key deleted", [](const Given& given) { given.application.keys.clear(); },
     Reason::key_unknown},
    {"key replaced by another of its kid",
     [](const Given& given) {
       const auto& other = testing::key_of(jose::KeyType::ec_p256);
       given.application.keys = {registered_text(other.public_key().to_jwk(), "ec-1")};
     },
     Reason::signature_invalid},
    {"key replaced by one of another type",
     [](const Given& given) { given.application.keys = {registered(testing::rsa_key())}; },
     Reason::key_unknown},
    {"certificate not valid yet",
     [](const Given& given) { given.application.keys = {certified(1s, 1h)}; }, Reason::key_expired},
    {"certificate over", [](const Given& given) { given.application.keys = {certified(-1h, -1s)}; },
     Reason::key_expired},
    {"certificate disabled",
     [](const Given& given) {
       given.application.keys = {certified(-1h, 1h)};
       given.application.keys[0].enabled = false;
     },
     Reason::key_disabled},
    {"certificate ended by the record",
     [](const Given& given) {
       given.application.keys = {certified(-1h, 1h)};
       given.application.keys[0].not_after = kNow;
     },
     Reason::key_expired},
    {"algorithm deleted",
     [](const Given& given) { given.application.algorithms = {jose::Algorithm::rs256}; },
     Reason::algorithm_not_allowed},
    {"subject deleted", [](const Given& given) { given.application.subjects.clear(); },
     Reason::subject_not_allowed},
    {"grant deleted", [](const Given& given) { given.application.grants.clear(); },
     Reason::grant_not_allowed},
    {"scope deleted", [](const Given& given) { given.application.scopes.clear(); },
     Reason::scope_not_allowed},
    {"secret deleted", [](const Given& given) { given.application.secrets.clear(); },
     Reason::client_secret_wrong},
    {"secret expired", [](const Given& given) { given.application.secrets[0].not_after = kNow; },
     Reason::client_secret_expired},
};

class WithdrawnObjects : public GrantFixture, public ::testing::WithParamInterface<Withdrawal> {
protected:
  WithdrawnObjects() {
    application_.subjects = {"alice"};
    application_.secrets = {{crypto::sha256("right"), {}}};
  }

  // Leans on every object that there is. The secret is sent only where it is the one in question:
  // it is judged before the assertion.
  Result<MintedToken> present_all(bool with_secret) {
    json::object claims = claims_with("sub", "alice");
    claims["scope"] = "invoices.write";
    Sent more;
    if (with_secret) more = {{"client_id", "billing"}, {"client_secret", "right"}};
    return present(assertion_with(claims), more);
  }
};

TEST_F(WithdrawnObjects, GrantWhileAllAreThere) { EXPECT_TRUE(present_all(true)); }

TEST_F(WithdrawnObjects, GrantByACertificateWithinItsValidity) {
  application_.keys = {certified(-1h, 1h)};
  EXPECT_TRUE(present_all(true));
}

TEST_P(WithdrawnObjects, GrantNothing) {
  GetParam().withdraw({application_, is_registered_});
  const bool about_the_client = gate(GetParam().reason) == "client";
  EXPECT_EQ(reason_of(present_all(about_the_client)), GetParam().reason);
  EXPECT_TRUE(store_is_untouched());
}

INSTANTIATE_TEST_SUITE_P(Each, WithdrawnObjects, ::testing::ValuesIn(kWithdrawals));

} // namespace
} // namespace assay::oauth
