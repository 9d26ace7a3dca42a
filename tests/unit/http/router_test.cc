#include "http/router.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/strict_json.h"

namespace assay::http {
namespace {

Request request_for(std::string method, std::string path) {
  Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  return request;
}

Router router() {
  Router router;
  router.add("/read", {"GET"},
             ImmediateHandler([](const Request&) { return json_response(200, "read"); }));
  router.add("/write", {"POST", "PUT"},
             ImmediateHandler([](const Request&) { return json_response(200, "write"); }));
  return router;
}

std::string field(const Response& response, std::string_view name) {
  const auto found = std::ranges::find(response.fields, name, &Field::name);
  return found == response.fields.end() ? "" : found->value;
}

std::string body_for(const std::string& method, const std::string& path) {
  const Router routes = router();
  const Request request = request_for(method, path);
  const auto found = routes.find(request);
  return std::get<ImmediateHandler>(*std::get<const Handler*>(found))(request).body;
}

Response refusal_for(const std::string& method, const std::string& path) {
  return std::get<Response>(router().find(request_for(method, path)));
}

TEST(Router, FindsTheHandlerByPathAndMethod) {
  EXPECT_EQ(body_for("GET", "/read"), "read");
  EXPECT_EQ(body_for("POST", "/write"), "write");
  EXPECT_EQ(body_for("PUT", "/write"), "write");
}

TEST(Router, TakesHeadWhereGetIsTaken) {
  EXPECT_EQ(body_for("HEAD", "/read"), "read");
  EXPECT_EQ(refusal_for("HEAD", "/write").status, 405U);
}

TEST(Router, Answers404ForAPathThatIsNotExactlyOneOfItsOwn) {
  for (const std::string path : {"/", "/read/", "/Read", "/rea", "/%72ead", "/./read"})
    EXPECT_EQ(refusal_for("GET", path).status, 404U) << path;
}

TEST(Router, Answers405WithTheMethodsThatAreAllowed) {
  EXPECT_EQ(refusal_for("POST", "/read").status, 405U);
  EXPECT_EQ(field(refusal_for("POST", "/read"), "Allow"), "GET, HEAD");
  EXPECT_EQ(field(refusal_for("GET", "/write"), "Allow"), "POST, PUT");
  EXPECT_EQ(refusal_for("get", "/read").status, 405U);
}

TEST(Router, RefusesInJsonThatIsNotToBeKept) {
  for (const Response& refusal : {refusal_for("GET", "/none"), refusal_for("GET", "/write")}) {
    EXPECT_EQ(field(refusal, "Content-Type"), "application/json");
    EXPECT_EQ(field(refusal, "Cache-Control"), "no-store");
    EXPECT_EQ(field(refusal, "Pragma"), "no-cache");
    const auto body = parse_strict_json(refusal.body);
    ASSERT_TRUE(body);
    EXPECT_EQ(body->at("error"), "invalid_request");
    EXPECT_TRUE(body->at("error_description").is_string());
  }
}

TEST(RouterDeathTest, EndsTheProcessIfAPathIsTakenTwice) {
  Router routes = router();
  const auto handler = ImmediateHandler([](const Request&) { return Response(); });
  EXPECT_DEATH(routes.add("/read", {"POST"}, handler), "one handler a path");
}

// What a gateway puts behind the path is its caller's, and no part of ours.
TEST(Router, FindsATreeByAnyMethodAndAnyPathBelow) {
  Router with_tree = router();
  with_tree.add_tree("/check",
                     ImmediateHandler([](const Request&) { return json_response(200, "check"); }));
  const auto finds = [&](const std::string& method, const std::string& path) {
    return std::holds_alternative<const Handler*>(with_tree.find(request_for(method, path)));
  };
  EXPECT_TRUE(finds("GET", "/check"));
  EXPECT_TRUE(finds("PROPFIND", "/check/a/b"));
  EXPECT_TRUE(finds("DELETE", "/check/"));
  EXPECT_FALSE(finds("GET", "/checks"));
  EXPECT_FALSE(finds("GET", "/chec"));
  EXPECT_TRUE(finds("GET", "/read"));
}

} // namespace
} // namespace assay::http
