#include "observe/metrics.h"

#include <map>
#include <sstream>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace assay::observe {
namespace {

using namespace std::chrono_literals;

// Series and its value, for every line that is no comment.
std::map<std::string, double> series(const Metrics& metrics) {
  std::map<std::string, double> values;
  std::istringstream text(metrics.text());
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with('#')) continue;
    const std::size_t space = line.rfind(' ');
    EXPECT_NE(space, line.npos) << line;
    values[line.substr(0, space)] = std::stod(line.substr(space + 1));
  }
  return values;
}

TEST(Metrics, CountsDecisionsByEventServiceAndOutcome) {
  Metrics metrics({"/api/oauth/token", "/partners"});
  metrics.count("token", "/partners", Outcome::granted, std::nullopt, 1ms);
  metrics.count("token", "/partners", Outcome::granted, std::nullopt, 1ms);
  metrics.count("introspection", "/partners", Outcome::error, std::nullopt, 1ms);

  const auto values = series(metrics);
  const auto decisions = [&values](std::string labels) {
    return values.at("assay_decisions_total{" + labels + "}");
  };
  EXPECT_EQ(decisions(R"(event="token",outcome="granted",service="/partners")"), 2);
  EXPECT_EQ(decisions(R"(event="introspection",outcome="error",service="/partners")"), 1);
  EXPECT_EQ(decisions(R"(event="token",outcome="granted",service="/api/oauth/token")"), 0);
}

TEST(Metrics, CountsRefusalsByReason) {
  Metrics metrics({"/api/oauth/token"});
  metrics.count("token", "/api/oauth/token", Outcome::refused, Reason::assertion_replayed, 1ms);
  const auto values = series(metrics);
  EXPECT_EQ(values.at(R"(assay_refusals_total{event="token",reason="assertion_replayed"})"), 1);
  EXPECT_EQ(values.at(R"(assay_refusals_total{event="token",reason="expired"})"), 0);
}

TEST(Metrics, SortsDurationsIntoBuckets) {
  Metrics metrics({"/api/oauth/token"});
  metrics.count("token", "/api/oauth/token", Outcome::granted, std::nullopt, 300us);
  metrics.count("token", "/api/oauth/token", Outcome::granted, std::nullopt, 30ms);
  const auto values = series(metrics);
  const std::string name = "assay_decision_duration_seconds";
  EXPECT_EQ(values.at(name + R"(_bucket{event="token",le="0.00025"})"), 0);
  EXPECT_EQ(values.at(name + R"(_bucket{event="token",le="0.0005"})"), 1);
  EXPECT_EQ(values.at(name + R"(_bucket{event="token",le="+Inf"})"), 2);
  EXPECT_EQ(values.at(name + R"(_count{event="token"})"), 2);
  EXPECT_NEAR(values.at(name + R"(_sum{event="token"})"), 0.0303, 1e-9);
}

// Whoever calls made-up paths must not make up label values.
TEST(Metrics, CountsUnknownEventsAndServicesAsOther) {
  Metrics metrics({"/api/oauth/token"});
  const std::size_t before = series(metrics).size();
  metrics.count("made up", "/made/up", Outcome::refused, Reason::expired, 1ms);
  const auto values = series(metrics);
  EXPECT_EQ(values.size(), before);
  EXPECT_EQ(values.at(R"(assay_decisions_total{event="other",outcome="refused",service="other"})"),
            1);
  EXPECT_EQ(values.at(R"(assay_refusals_total{event="other",reason="expired"})"), 1);
}

TEST(Metrics, ReadsAGaugeWhenAsked) {
  Metrics metrics({});
  double queue = 3;
  metrics.gauge("assay_queue_lines", "Lines that wait.", [&queue] { return queue; });
  EXPECT_EQ(series(metrics).at("assay_queue_lines"), 3);
  queue = 0.5;
  EXPECT_EQ(series(metrics).at("assay_queue_lines"), 0.5);
}

TEST(Metrics, TellsTheTypeAndTheMeaningOfEachFamily) {
  Metrics metrics({});
  metrics.gauge("assay_queue_lines", "Lines that wait.", [] { return 1.0; });
  const std::string text = metrics.text();
  for (const char* line :
       {"# TYPE assay_decisions_total counter\n", "# TYPE assay_refusals_total counter\n",
        "# TYPE assay_decision_duration_seconds histogram\n",
        "# HELP assay_queue_lines Lines that wait.\n", "# TYPE assay_queue_lines gauge\n"}) {
    EXPECT_NE(text.find(line), text.npos) << line;
  }
}

TEST(ConcurrentMetrics, LosesNoCount) {
  constexpr int kThreads = 4;
  constexpr int kCounts = 2'000;
  Metrics metrics({"/api/oauth/token"});
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&metrics] {
      for (int count = 0; count < kCounts; ++count) {
        metrics.count("token", "/api/oauth/token", Outcome::granted, std::nullopt, 1ms);
      }
    });
  }
  for (int scrape = 0; scrape < 10; ++scrape)
    EXPECT_FALSE(metrics.text().empty());
  threads.clear();
  EXPECT_EQ(series(metrics).at(R"(assay_decision_duration_seconds_count{event="token"})"),
            kThreads * kCounts);
}

} // namespace
} // namespace assay::observe
