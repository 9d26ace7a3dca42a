#include "registry/rfc3339.h"

namespace assay::registry {

namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// Takes the text apart from its beginning; the first thing that does not fit spoils the rest.
class Scanner {
public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

  bool next_is(char character) const { return !rest_.empty() && rest_.front() == character; }

  void skip(std::string_view any_of) {
    if (rest_.empty() || !any_of.contains(rest_.front())) {
      good_ = false;
      return;
    }
    rest_.remove_prefix(1);
  }

  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t taken = 0; taken < digits; ++taken) {
      if (rest_.empty() || !is_digit(rest_.front())) {
        good_ = false;
        return 0;
      }
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  // One digit or more after the point, as milliseconds.
  std::chrono::milliseconds fraction() {
    int milliseconds = 0;
    int weight = 100;
    if (rest_.empty() || !is_digit(rest_.front())) good_ = false;
    while (!rest_.empty() && is_digit(rest_.front())) {
      milliseconds += weight * (rest_.front() - '0');
      weight /= 10;
      rest_.remove_prefix(1);
    }
    return std::chrono::milliseconds{milliseconds};
  }

private:
  std::string_view rest_;
  bool good_ = true;
};

std::optional<std::chrono::sys_days> scan_date(Scanner& scanner) {
  const int year = scanner.number(4);
  scanner.skip("-");
  const int month = scanner.number(2);
  scanner.skip("-");
  const int day = scanner.number(2);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!scanner.good() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

std::optional<std::chrono::milliseconds> scan_time_of_day(Scanner& scanner) {
  const int hour = scanner.number(2);
  scanner.skip(":");
  const int minute = scanner.number(2);
  scanner.skip(":");
  const int second = scanner.number(2);
  if (!scanner.good() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  std::chrono::milliseconds time =
      std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
  if (!scanner.next_is('.')) return time;
  scanner.skip(".");
  return time + scanner.fraction();
}

std::optional<std::chrono::minutes> scan_offset(Scanner& scanner) {
  if (scanner.next_is('Z') || scanner.next_is('z')) {
    scanner.skip("Zz");
    return std::chrono::minutes{0};
  }
  const int sign = scanner.next_is('-') ? -1 : 1;
  scanner.skip("+-");
  const int hours = scanner.number(2);
  scanner.skip(":");
  const int minutes = scanner.number(2);
  if (!scanner.good() || hours > 23 || minutes > 59) return std::nullopt;
  return sign * (std::chrono::hours{hours} + std::chrono::minutes{minutes});
}

} // namespace

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
  Scanner scanner(text);
  const auto day = scan_date(scanner);
  if (!day) return std::nullopt;
  scanner.skip("Tt");
  const auto time = scan_time_of_day(scanner);
  if (!time) return std::nullopt;
  const auto offset = scan_offset(scanner);
  if (!offset || !scanner.good() || !scanner.at_end()) return std::nullopt;

  const TimePoint point = *day + *time - *offset;
  constexpr TimePoint kFirst = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
  constexpr TimePoint kEnd = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
  if (point < kFirst || point >= kEnd) return std::nullopt;
  return point;
}

} // namespace assay::registry
