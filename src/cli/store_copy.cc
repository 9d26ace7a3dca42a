#include "cli/store_copy.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/copy_mark.h"
#include "base/strict_json.h"
#include "cli/copy_display.h"
#include "cli/workplace.h"
#include "oauth/token_copy.h"
#include "registry/registry_copy.h"
#include "stores/open.h"
#include "stores/store_contents.h"

namespace assay::cli {

namespace {

// Each ends in a pass that finds nothing to do. Whoever still writes to FROM keeps that from
// coming.
constexpr int kLastPassesMax = 5;

struct CopyOptions {
  WorkplaceOptions workplace;
  std::string from;
  std::string to;
  bool registry_only = false;
  bool tokens_only = false;
  bool finishes = false;
  bool as_json = false;
};

// What one of the two is copied by.
struct Copying {
  std::string_view name;
  std::function<std::optional<std::string>()> mark_of_source;
  std::function<std::optional<std::string>()> mark;
  std::function<void(const std::optional<std::string>& text)> set_mark;
  std::function<bool()> is_empty; // where it is copied to
  std::function<CopyTally(const CopyMark& mark)> pass;
};

struct Names {
  std::string from;
  std::string to;
};

struct Report {
  std::string_view name;
  CopyTally tally;
  bool is_finished = false;
};

[[noreturn]] void throw_usage(const std::string& sentence) {
  throw CommandFault(sentence, kWrongUsage);
}

void check_url(std::string_view name, const std::string& url) {
  if (stores::lives_in_memory(url))
    throw_usage(fmt::format("{} is in memory: only the running server holds it", name));
  const auto fault = stores::token_store_url_fault(url);
  if (fault && stores::property_store_url_fault(url))
    throw_usage(fmt::format("{} {}", name, *fault));
}

// What FROM holds and TO has room for, or what the options say.
stores::StoreContents contents_to_copy(const CopyOptions& options,
                                       const std::filesystem::path& folder) {
  const auto there = stores::contents_of(options.from, folder);
  const auto room = stores::room_of(options.to);
  stores::StoreContents wanted{.registry = options.registry_only, .tokens = options.tokens_only};
  if (!wanted.registry && !wanted.tokens)
    wanted = {.registry = there.registry && room.registry, .tokens = there.tokens && room.tokens};
  if ((wanted.registry && !there.registry) || (wanted.tokens && !there.tokens))
    throw CommandFault(fmt::format("FROM holds no {}", wanted.tokens ? "tokens" : "registry"));
  if ((wanted.registry && !room.registry) || (wanted.tokens && !room.tokens))
    throw_usage(fmt::format("TO cannot hold {}", wanted.registry ? "a registry" : "tokens"));
  if (!wanted.registry && !wanted.tokens)
    throw CommandFault("FROM holds nothing that TO could hold");
  if (wanted.registry && wanted.tokens && options.to.starts_with("sqlite:"))
    throw_usage("FROM holds a registry and tokens, and a file has room for one of them: say "
                "--registry or --tokens");
  return wanted;
}

bool has_no_tokens(oauth::TokenTransfer& store) {
  const auto reader = store.read();
  while (const auto page = reader->next(oauth::TokenCopy::kPageSize, system_now()))
    if (!page->tokens.empty() || !page->claims.empty()) return false;
  return true;
}

Copying token_copying(oauth::TokenTransfer& from, oauth::TokenTransfer& to, CopyDisplay& display) {
  return {.name = "tokens",
          .mark_of_source = [&] { return from.mark(); },
          .mark = [&] { return to.mark(); },
          .set_mark = [&](const auto& text) { to.set_mark(text); },
          .is_empty = [&] { return has_no_tokens(to); },
          .pass =
              [&](const CopyMark& mark) {
                const auto note = [&](TimePoint now) {
                  to.set_mark(CopyMark{.from = mark.from, .copied_until = now}.text());
                };
                return oauth::TokenCopy({.from = from,
                                         .to = to,
                                         .clock = system_now,
                                         .progress = std::bind_front(&CopyDisplay::show, &display),
                                         .note = note,
                                         .copied_until = mark.copied_until})
                    .pass();
              }};
}

std::optional<std::string> registry_mark(registry::PropertyStore& store) {
  auto row = store.find(registry::kCopyTable, registry::kCopyKey);
  if (!row) return std::nullopt;
  return std::move(row->value);
}

Copying registry_copying(registry::PropertyStore& from, registry::PropertyStore& to,
                         CopyDisplay& display) {
  return {.name = "registry",
          .mark_of_source = [&] { return registry_mark(from); },
          .mark = [&] { return registry_mark(to); },
          .set_mark =
              [&](const auto& text) {
                const registry::PropertyWrite write{std::string(registry::kCopyKey), text,
                                                    std::nullopt};
                to.apply(registry::kCopyTable, {&write, 1});
              },
          .is_empty = [&] { return registry::is_empty(to); },
          .pass =
              [&](const CopyMark&) {
                return registry::copy_registry(from, to,
                                               std::bind_front(&CopyDisplay::show, &display));
              }};
}

// The mark of an earlier run, or a new one in a store that is empty.
CopyMark begun(const Copying& copying, const Names& names) {
  if (copying.mark_of_source())
    throw CommandFault(fmt::format("the {} in {} are themselves a copy that is not finished",
                                   copying.name, names.from));
  const auto text = copying.mark();
  if (!text) {
    if (!copying.is_empty())
      throw CommandFault(fmt::format("there is a registry, or there are tokens, in {} already, and "
                                     "no copy from {} is under way: copy into an empty store",
                                     names.to, names.from));
    return {.from = names.from, .copied_until = system_now()};
  }
  auto mark = CopyMark::parse(*text);
  if (!mark || mark->from != names.from)
    throw CommandFault(fmt::format("a copy of the {} from {} into {} is not finished: go on with "
                                   "that one, or empty TO",
                                   copying.name, mark ? mark->from : "elsewhere", names.to));
  return *std::move(mark);
}

bool is_quiet(const CopyTally& tally) {
  return tally.copied == 0 && tally.removed == 0 && tally.newer == 0;
}

CopyTally added(const CopyTally& sum, const CopyTally& last) {
  CopyTally tally = last;
  tally.copied += sum.copied;
  tally.removed += sum.removed;
  return tally;
}

Report copy_one(const Copying& copying, const Names& names, bool finishes) {
  const CopyMark mark = begun(copying, names);
  copying.set_mark(mark.text());
  CopyTally last = copying.pass(mark);
  Report report{.name = copying.name, .tally = last};
  for (int pass = 1; finishes && last.is_good() && !is_quiet(last) && pass < kLastPassesMax;
       ++pass) {
    last = copying.pass(*CopyMark::parse(*copying.mark()));
    report.tally = added(report.tally, last);
  }
  if (finishes && last.is_good() && is_quiet(last)) {
    copying.set_mark(std::nullopt);
    report.is_finished = true;
  }
  return report;
}

json::object to_json(const Report& report) {
  const CopyTally& tally = report.tally;
  return {
      {"store", report.name},       {"copied", tally.copied},   {"removed", tally.removed},
      {"verified", tally.verified}, {"newer", tally.newer},     {"different", tally.different},
      {"foreign", tally.foreign},   {"stopped", tally.stopped}, {"finished", report.is_finished}};
}

void print(const Report& report) {
  const CopyTally& tally = report.tally;
  fmt::print("{:<9} copied {}, removed {}, verified {}, different {}\n", report.name, tally.copied,
             tally.removed, tally.verified, tally.different);
  if (tally.newer > 0)
    fmt::print("          newer {}: the next pass copies what changed meanwhile\n", tally.newer);
  if (tally.foreign > 0)
    fmt::print(
        "          foreign {}: issued in TO, so a node serves there; stop it, and empty TO\n",
        tally.foreign);
}

std::string_view advice(const Report& report, bool finishes) {
  if (report.tally.stopped) return "stopped; the same command goes on from there";
  if (!report.tally.is_good()) return "TO is not the same as FROM: copy once more";
  if (report.is_finished) return "finished: nodes can be started on TO";
  if (finishes) return "not finished, as FROM still changes: stop all nodes on FROM first";
  return "verified; repeat it, then stop all nodes on FROM and add --finish";
}

int report_all(const std::vector<Report>& reports, const CopyOptions& options) {
  bool is_good = true;
  json::array entries;
  for (const Report& report : reports) {
    is_good = is_good && report.tally.is_good() && (report.is_finished || !options.finishes);
    if (options.as_json) {
      entries.push_back(to_json(report));
      continue;
    }
    print(report);
    fmt::print("          {}\n", advice(report, options.finishes));
  }
  if (options.as_json)
    fmt::print("{}\n", json::serialize(json::object{{"stores", std::move(entries)}}));
  return is_good ? kDone : kRefused;
}

int copy(const CopyOptions& options) {
  check_url("FROM", options.from);
  check_url("TO", options.to);
  const Workplace workplace(options.workplace);
  const std::filesystem::path& folder = workplace.folder();
  const Names names{stores::store_name(options.from, folder),
                    stores::store_name(options.to, folder)};
  if (names.from == names.to) throw_usage("FROM and TO are the same store");
  const auto wanted = contents_to_copy(options, folder);

  std::vector<Report> reports;
  {
    CopyDisplay display;
    if (wanted.registry) {
      display.name("registry");
      const auto from = stores::open_property_store(options.from, folder);
      const auto to = stores::open_property_store(options.to, folder);
      reports.push_back(copy_one(registry_copying(*from, *to, display), names, options.finishes));
    }
    const bool is_stopped = !reports.empty() && reports.back().tally.stopped;
    if (wanted.tokens && !is_stopped) {
      display.name("tokens");
      const auto from = stores::open_token_transfer(options.from, folder);
      const auto to = stores::open_token_transfer(options.to, folder);
      reports.push_back(copy_one(token_copying(*from, *to, display), names, options.finishes));
    }
  }
  return report_all(reports, options);
}

} // namespace

void add_store_copy(CLI::App& group, Chosen& chosen) {
  const auto options = std::make_shared<CopyOptions>();
  CLI::App* command =
      group
          .add_subcommand("copy", "Copy the registry and the live tokens of a store into another "
                                  "one, while nodes serve on the first; verify the copy")
          ->callback(choose(chosen, options, copy));
  add_workplace_options(*command, options->workplace);
  command->add_option("FROM", options->from, "The store's URL, as stores.registry has it")
      ->required();
  command
      ->add_option("TO", options->to,
                   "Likewise; empty at first. No node starts on it until --finish is done")
      ->required();
  CLI::Option* registry =
      command->add_flag("--registry", options->registry_only, "The registry alone");
  command->add_flag("--tokens", options->tokens_only, "Tokens and used assertions alone")
      ->excludes(registry);
  command->add_flag("--finish", options->finishes,
                    "The last pass, once all nodes on FROM are stopped");
  command->add_flag("--json", options->as_json, "Print JSON");
}

} // namespace assay::cli
