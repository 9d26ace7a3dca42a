#include "registry/client_registrar.h"

#include <utility>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "registry/application_registry.h"
#include "stores/memory/memory_property_store.h"
#include "unit/registry/records.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kTokenTable = "InitialAccessTokens";

// Has somebody else come first, just before a write to a table.
class RacedStore final : public PropertyStore {
public:
  std::optional<Property> find(std::string_view table, std::string_view key) override {
    return store_.find(table, key);
  }
  std::vector<PropertyChange> changes_since(std::string_view table, Version version) override {
    return store_.changes_since(table, version);
  }
  std::vector<std::string> tables() override { return store_.tables(); }
  bool apply(std::string_view table, std::span<const PropertyWrite> writes) override {
    if (before_write && table == raced_table) {
      if (auto other = again ? before_write : std::exchange(before_write, {})) other();
    }
    return store_.apply(table, writes);
  }

  PropertyStore& unraced() { return store_; }

  std::string raced_table;
  std::function<void()> before_write;
  bool again = false;

private:
  stores::MemoryPropertyStore store_;
};

class ClientRegistrarTest : public ::testing::Test {
protected:
  ClientRegistrarTest() {
    wanted_.created_at = now_;
    wanted_.expires_at = now_ + 1h;
    wanted_.uses_left = 2;
    wanted_.registry = "Applications";
    wanted_.ceiling = {
        .scopes = {{"read", true}, {"write", false}},
        .grants = {GrantType::jwt_bearer, GrantType::client_credentials},
        .auth_methods = {AuthMethod::private_key_jwt, AuthMethod::client_secret_basic},
        .resources = {"https://api.example"}};
    token_ = add_token();
  }

  Secret add_token() {
    auto made = make_initial_access_token(wanted_, crypto::secure_random);
    EXPECT_TRUE(tokens_.add(made.token));
    id_ = made.token.id;
    return std::move(made.text);
  }

  static json::object metadata() {
    return {{"token_endpoint_auth_method", "private_key_jwt"},
            {"jwks", {{"keys", json::array{public_jwk(testing::ec_key())}}}}};
  }

  static json::object with(json::object metadata, std::string_view member, json::value value) {
    metadata[member] = std::move(value);
    return metadata;
  }

  json::object update_of(const Registered& client) const {
    return with(metadata(), "client_id", json::string(client.application.id));
  }

  Registered registered(const json::object& sent) {
    return std::move(*registrar_.create(token_, sent));
  }

  void edit(const std::string& client_id, std::string_view member, json::value value) {
    ApplicationEditor editor(store_.unraced(), "Applications", crypto::secure_random, clock_);
    EXPECT_TRUE(editor.update(client_id, [&](json::object& record) { record[member] = value; }));
  }

  template <class T> static Reason reason(const Result<T>& result) {
    EXPECT_FALSE(result);
    return result ? Reason::body_too_large : result.error().reason;
  }

  TimePoint now_{std::chrono::seconds(1'800'000'000)};
  Clock clock_ = [this] { return now_; };
  int published_ = 0;
  RacedStore store_;
  InitialAccessTokens tokens_{store_.unraced()};
  InitialAccessToken wanted_;
  Secret token_;
  std::string id_;
  ClientRegistrar registrar_{{.store = store_,
                              .tables = {"Others", "Applications"},
                              .introspection_algorithm = jose::Algorithm::es256,
                              .random = crypto::secure_random,
                              .clock = clock_,
                              .publish = [this] { ++published_; }}};
};

TEST_F(ClientRegistrarTest, RegistersAnApplicationWithinWhatTheTokenSays) {
  const auto made = registrar_.create(token_, metadata());
  ASSERT_TRUE(made);
  const auto application = registrar_.show(made->application.id, made->registration_access_token);
  ASSERT_TRUE(application);
  EXPECT_EQ(application->registered_by, id_);
  EXPECT_EQ(application->resources, std::vector<std::string>{"https://api.example"});
  EXPECT_EQ(application->registration_token_sha256,
            crypto::sha256(made->registration_access_token.reveal()));
  EXPECT_TRUE(made->client_secret.empty());
  EXPECT_TRUE(application->secrets.empty());
  EXPECT_EQ(published_, 1);
}

TEST_F(ClientRegistrarTest, MakesASecretForAMethodThatNeedsOne) {
  const auto made = registrar_.create(token_, {});
  ASSERT_TRUE(made);
  ASSERT_EQ(made->application.secrets.size(), 1U);
  EXPECT_EQ(std::get<crypto::Digest>(made->application.secrets.front().kept),
            crypto::sha256(made->client_secret.reveal()));
  EXPECT_NE(made->client_secret.reveal(), made->registration_access_token.reveal());
}

TEST_F(ClientRegistrarTest, RefusesATokenThatIsNotThere) {
  std::string other(token_.reveal());
  other.back() = other.back() == 'a' ? 'b' : 'a';
  EXPECT_EQ(reason(registrar_.create(Secret(other), metadata())),
            Reason::registration_token_unknown);
  EXPECT_EQ(reason(registrar_.create(Secret("nonsense"), metadata())),
            Reason::registration_token_unknown);
  ASSERT_TRUE(tokens_.revoke(id_));
  EXPECT_EQ(reason(registrar_.create(token_, metadata())), Reason::registration_token_unknown);
  EXPECT_EQ(published_, 0);
}

TEST_F(ClientRegistrarTest, RefusesATokenThatIsOver) {
  now_ += 1h;
  EXPECT_EQ(reason(registrar_.create(token_, metadata())), Reason::registration_token_expired);
}

TEST_F(ClientRegistrarTest, RefusesATokenThatIsUsedUp) {
  registered(metadata());
  registered(metadata());
  EXPECT_EQ(reason(registrar_.create(token_, metadata())), Reason::registration_token_used_up);
}

TEST_F(ClientRegistrarTest, UsesNothingUpForBadMetadata) {
  EXPECT_EQ(reason(registrar_.create(token_, {{"scope", "admin"}})),
            Reason::client_metadata_invalid);
  // This one the record finds out.
  const auto refused = registrar_.create(token_, with(metadata(), "client_uri", "nowhere"));
  EXPECT_EQ(reason(refused), Reason::client_metadata_invalid);
  EXPECT_NE(refused.error().detail.find("client_uri"), std::string::npos);
  EXPECT_EQ(reason(registrar_.create(token_, with(metadata(), "redirect_uris", json::array{"x"}))),
            Reason::redirect_uri_unsupported);
  EXPECT_EQ(reason(registrar_.create(token_, with(metadata(), "software_statement", "a.b.c"))),
            Reason::software_statement_unapproved);
  EXPECT_EQ(tokens_.find(id_)->uses_left, 2);
}

TEST_F(ClientRegistrarTest, LetsOneOfTwoHaveTheLastUse) {
  wanted_.uses_left = 1;
  token_ = add_token();
  store_.raced_table = kTokenTable;
  store_.before_write = [&] { ASSERT_TRUE(tokens_.take_use(*tokens_.find(id_))); };
  EXPECT_EQ(reason(registrar_.create(token_, metadata())), Reason::registration_token_used_up);
  EXPECT_EQ(published_, 0);
}

TEST_F(ClientRegistrarTest, LetsBothHaveAUseIfThereAreTwo) {
  store_.raced_table = kTokenTable;
  store_.before_write = [&] { ASSERT_TRUE(tokens_.take_use(*tokens_.find(id_))); };
  EXPECT_TRUE(registrar_.create(token_, metadata()));
  EXPECT_EQ(tokens_.find(id_)->uses_left, 0);
}

TEST_F(ClientRegistrarTest, RegistersNothingByATokenThatIsRevokedAtThatMoment) {
  store_.raced_table = kTokenTable;
  store_.before_write = [&] { tokens_.revoke(id_); };
  EXPECT_EQ(reason(registrar_.create(token_, metadata())), Reason::registration_token_unknown);
}

TEST_F(ClientRegistrarTest, ShowsARegistrationToItsOwnTokenAlone) {
  const Registered first = registered(metadata());
  const Registered second = registered(metadata());
  EXPECT_TRUE(registrar_.show(first.application.id, first.registration_access_token));
  for (const Secret& other : {second.registration_access_token, token_, Secret()})
    EXPECT_EQ(reason(registrar_.show(first.application.id, other)),
              Reason::registration_token_foreign);
  EXPECT_EQ(reason(registrar_.show("nobody", first.registration_access_token)),
            Reason::registration_client_unknown);
}

// Its record has no digest that any token could fit.
TEST_F(ClientRegistrarTest, ShowsNoApplicationThatAnOperatorMade) {
  ApplicationEditor editor(store_, "Applications", crypto::secure_random, clock_);
  ASSERT_TRUE(editor.create(billing_record()));
  EXPECT_EQ(reason(registrar_.show("billing", Secret())), Reason::registration_token_foreign);
}

TEST_F(ClientRegistrarTest, ShowsNothingOfADisabledApplication) {
  const Registered client = registered(metadata());
  edit(client.application.id, "enabled", false);
  const auto& [id, token] = std::pair(client.application.id, client.registration_access_token);
  EXPECT_EQ(reason(registrar_.show(id, token)), Reason::registration_client_disabled);
  EXPECT_EQ(reason(registrar_.replace(id, token, update_of(client))),
            Reason::registration_client_disabled);
  EXPECT_EQ(reason(registrar_.remove(id, token)), Reason::registration_client_disabled);
  // To strangers it looks as any other.
  EXPECT_EQ(reason(registrar_.show(id, token_)), Reason::registration_token_foreign);
}

TEST_F(ClientRegistrarTest, ReplacesWhatIsTheClientsAndKeepsTheRest) {
  const Registered client = registered(with(metadata(), "client_name", "Billing"));
  edit(client.application.id, "serves", json::array{"https://served.example"});
  edit(client.application.id, "jwks_ca", "-----BEGIN CERTIFICATE-----\n");
  const auto replaced =
      registrar_.replace(client.application.id, client.registration_access_token,
                         with(update_of(client), "client_uri", "https://billing.example"));
  ASSERT_TRUE(replaced);
  EXPECT_EQ(replaced->application.name, "");
  EXPECT_EQ(replaced->application.website, "https://billing.example");
  EXPECT_EQ(replaced->application.serves, std::vector<std::string>{"https://served.example"});
  EXPECT_EQ(replaced->application.jwks_ca, "-----BEGIN CERTIFICATE-----\n");
  EXPECT_EQ(replaced->application.registered_by, id_);
  EXPECT_EQ(replaced->application.registration_token_sha256,
            client.application.registration_token_sha256);
  EXPECT_EQ(published_, 2);
}

// RFC 7592 section 2.2.
TEST_F(ClientRegistrarTest, RefusesAnUpdateThatIsNotOne) {
  const Registered client = registered(metadata());
  const auto refused = [&](const json::object& sent) {
    const auto result =
        registrar_.replace(client.application.id, client.registration_access_token, sent);
    EXPECT_EQ(reason(result), Reason::client_metadata_invalid);
    return result ? "" : result.error().detail;
  };
  EXPECT_NE(refused(metadata()).find("client_id"), std::string::npos);
  EXPECT_NE(refused(with(metadata(), "client_id", "another")).find("client_id"), std::string::npos);
  for (const std::string_view member :
       {"registration_access_token", "registration_client_uri", "client_secret_expires_at",
        "client_id_issued_at", "client_secret"})
    EXPECT_NE(refused(with(update_of(client), member, "x")).find(member), std::string::npos);
  EXPECT_EQ(published_, 1);
}

TEST_F(ClientRegistrarTest, HasTheCeilingOfTheTokenForAnUpdate) {
  const Registered client = registered(with(metadata(), "scope", "read"));
  const auto& token = client.registration_access_token;
  const std::string& id = client.application.id;
  const json::object wider = with(update_of(client), "scope", "read write");
  EXPECT_EQ(reason(registrar_.replace(id, token, with(update_of(client), "scope", "admin"))),
            Reason::client_metadata_invalid);
  ASSERT_TRUE(tokens_.revoke(id_));
  // It is gone: what the record has is the ceiling.
  EXPECT_EQ(reason(registrar_.replace(id, token, wider)), Reason::client_metadata_invalid);
  EXPECT_TRUE(registrar_.replace(id, token, with(update_of(client), "scope", "read")));
}

TEST_F(ClientRegistrarTest, KeepsASecretMakesOneOrTakesItAway) {
  const Registered client = registered({});
  const auto& token = client.registration_access_token;
  const std::string& id = client.application.id;
  const json::object by_secret{{"client_id", json::string(id)}};
  const auto kept = registrar_.replace(
      id, token, with(by_secret, "client_secret", json::string(client.client_secret.reveal())));
  ASSERT_TRUE(kept);
  EXPECT_TRUE(kept->client_secret.empty());
  EXPECT_EQ(kept->application.secrets.size(), 1U);

  const auto by_key = registrar_.replace(id, token, update_of(client));
  ASSERT_TRUE(by_key);
  EXPECT_TRUE(by_key->application.secrets.empty());

  const auto made = registrar_.replace(id, token, by_secret);
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->client_secret.empty());
  EXPECT_NE(made->client_secret.reveal(), client.client_secret.reveal());
}

TEST_F(ClientRegistrarTest, DoesNotBringADisabledKeyBack) {
  const Registered client = registered(metadata());
  json::object key = to_record(client.application.keys.front());
  key["enabled"] = false;
  edit(client.application.id, "keys", json::array{key});
  const auto refused = registrar_.replace(client.application.id, client.registration_access_token,
                                          update_of(client));
  EXPECT_EQ(reason(refused), Reason::client_metadata_invalid);
  EXPECT_NE(refused.error().detail.find("jwks.keys[0]"), std::string::npos);
}

// The operator's command must not be lost because the client was being updated at that moment.
TEST_F(ClientRegistrarTest, DoesNotUndoWhatAnOperatorDoesAtThatMoment) {
  const Registered client = registered(metadata());
  store_.raced_table = "Applications";
  store_.before_write = [&] { edit(client.application.id, "enabled", false); };
  EXPECT_EQ(reason(registrar_.replace(client.application.id, client.registration_access_token,
                                      update_of(client))),
            Reason::registration_client_disabled);
}

TEST_F(ClientRegistrarTest, GivesUpWhenOthersAreAlwaysFaster) {
  const Registered client = registered(metadata());
  store_.raced_table = "Applications";
  store_.again = true;
  store_.before_write = [&, count = 0]() mutable {
    edit(client.application.id, "description", json::string(std::to_string(++count)));
  };
  EXPECT_THROW(registrar_.replace(client.application.id, client.registration_access_token,
                                  update_of(client)),
               Unavailable);
}

TEST_F(ClientRegistrarTest, RemovesARegistration) {
  const Registered client = registered(metadata());
  const auto& token = client.registration_access_token;
  ASSERT_TRUE(registrar_.remove(client.application.id, token));
  EXPECT_EQ(published_, 2);
  EXPECT_EQ(reason(registrar_.show(client.application.id, token)),
            Reason::registration_client_unknown);
  EXPECT_EQ(reason(registrar_.remove(client.application.id, token)),
            Reason::registration_client_unknown);
}

} // namespace
} // namespace assay::registry
