#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "registry/application_registry.h"
#include "stores/memory/memory_property_store.h"

namespace assay::registry {
namespace {

constexpr int kApplications = 100;
constexpr int kGenerations = 200;

std::string id_of(int number) { return "app" + std::to_string(number); }

void write_generation(PropertyStore& store, int generation) {
  std::vector<PropertyWrite> writes;
  const std::string text = R"({"longest_assertion_life": )" + std::to_string(generation + 1) + "}";
  for (int number = 0; number < kApplications; ++number)
    writes.push_back({id_of(number), text, std::nullopt});
  store.apply(kDefaultApplicationTable, writes);
}

TEST(ConcurrentApplicationRegistry, FindsEveryApplicationWhileItIsRefreshed) {
  stores::MemoryPropertyStore store;
  write_generation(store, 0);
  ApplicationRegistry applications(store, std::string(kDefaultApplicationTable), {});

  std::atomic<bool> done = false;
  std::atomic<int> missing = 0;
  std::atomic<int> went_back = 0;
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&, number = reader] {
      std::chrono::seconds last{0};
      while (!done) {
        const auto application = applications.find(id_of(number));
        if (!application) {
          ++missing;
          continue;
        }
        if (*application->longest_assertion_life < last) ++went_back;
        last = *application->longest_assertion_life;
      }
    });
  }
  for (int generation = 1; generation < kGenerations; ++generation) {
    write_generation(store, generation);
    applications.refresh();
  }
  done = true;
  readers.clear();
  EXPECT_EQ(missing, 0);
  EXPECT_EQ(went_back, 0);
  EXPECT_EQ(applications.find(id_of(0))->longest_assertion_life->count(), kGenerations);
}

} // namespace
} // namespace assay::registry
