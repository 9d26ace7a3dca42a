// Many clients at once, over two threads.
#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "unit/http/loopback.h"

namespace assay::http {
namespace {

constexpr int kClients = 32;
constexpr int kRequests = 25;

TEST(ConcurrentListener, GivesEachClientItsOwnAnswers) {
  LoopbackService service(2);
  service.release();
  service.start();
  std::mutex mutex;
  std::set<std::string> ids;

  std::vector<std::jthread> clients;
  for (int number = 0; number < kClients; ++number) {
    clients.emplace_back([&, number] {
      LoopbackClient client(service.port());
      for (int count = 0; count < kRequests; ++count) {
        const std::string body = fmt::format("{}.{}", number, count);
        const std::string path = count % 2 == 0 ? "/echo" : "/waiting";
        client.send(post(path, body));
        const Answer answer = client.read_answer();
        EXPECT_EQ(answer.body, fmt::format("POST {}? {}", path, body));
        const std::scoped_lock lock(mutex);
        ids.insert(answer.field("X-Correlation-ID").value_or(""));
      }
    });
  }
  clients.clear();
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kClients * kRequests));
}

// Sends requests until the server closes; every answer that begins must be whole. A request that
// crosses the server's close on its way has none: HTTP/1.1 lets the client repeat it.
void request_until_closed(LoopbackClient& client, std::atomic<int>& answered) {
  for (bool open = true; open; ++answered) {
    try {
      client.send(get("/waiting"));
      if (!client.has_more()) return;
    } catch (const std::system_error&) {
      return; // It was idle when the service was drained, and closed before this arrived.
    }
    const Answer answer = client.read_answer();
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.body, "GET /waiting? ");
    open = answer.field("Connection") != "close";
  }
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(ConcurrentListener, CutsNoAnswerInTwoWhenItIsDrained) {
  LoopbackService service(2);
  service.release();
  service.start();
  std::vector<std::unique_ptr<LoopbackClient>> clients;
  for (int number = 0; number < kClients; ++number)
    clients.push_back(std::make_unique<LoopbackClient>(service.port()));

  std::atomic<int> answered = 0;
  std::vector<std::jthread> threads;
  for (const auto& client : clients)
    threads.emplace_back([&client, &answered] { request_until_closed(*client, answered); });
  while (answered < 4 * kClients)
    std::this_thread::yield();
  service.listener().drain();
  threads.clear();
  EXPECT_EQ(service.waiting(), 0U);
}

} // namespace
} // namespace assay::http
