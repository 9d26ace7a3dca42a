#include "stores/file/file_property_store.h"

#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/unavailable.h"
#include "stores/file/file_lock.h"

namespace assay::stores {

namespace {

// No file system's clock ticks more slowly than FAT's.
constexpr std::chrono::seconds kTickMax{2};

// A symbolic link stays one: what it points to is replaced.
std::filesystem::path target_of(const std::filesystem::path& path) {
  std::error_code error;
  auto target = std::filesystem::weakly_canonical(path, error);
  if (error) throw_unavailable("find", path, error.value());
  return target;
}

// Spelt as the next reading will find them, so that it finds nothing new.
std::vector<registry::PropertyWrite> canonical(std::span<const registry::PropertyWrite> writes) {
  std::vector<registry::PropertyWrite> copies(writes.begin(), writes.end());
  for (registry::PropertyWrite& write : copies) {
    if (write.value) write.value = canonical_json(*write.value);
  }
  return copies;
}

} // namespace

FilePropertyStore::FilePropertyStore(const std::filesystem::path& path) : path_(target_of(path)) {
  read();
}

std::optional<registry::Property> FilePropertyStore::find(std::string_view table,
                                                          std::string_view key) {
  const std::lock_guard lock(mutex_);
  read_if_changed();
  return table_named(table).find(key);
}

std::vector<registry::PropertyChange> FilePropertyStore::changes_since(std::string_view table,
                                                                       registry::Version version) {
  const std::lock_guard lock(mutex_);
  read_if_changed();
  return table_named(table).changes_since(version);
}

std::vector<std::string> FilePropertyStore::tables() {
  const std::lock_guard lock(mutex_);
  read_if_changed();
  std::vector<std::string> names;
  for (const auto& [name, rows] : texts())
    names.push_back(name);
  return names;
}

bool FilePropertyStore::apply(std::string_view table,
                              std::span<const registry::PropertyWrite> writes) {
  const std::lock_guard lock(mutex_);
  const FileLock among_processes(path_);
  read();
  VersionedTable changed = table_named(table);
  if (!changed.fits(writes)) return false;
  changed.apply(canonical(writes));

  PropertyTables tables = texts();
  tables[std::string(table)] = changed.texts();
  const std::string text = format_property_document(tables);
  if (text.size() > kPropertyFileBytesMax) throw_unavailable("write", path_, EFBIG);
  replace_file(path_, text);
  tables_[std::string(table)] = std::move(changed);
  return true;
}

void FilePropertyStore::read_if_changed() {
  // The stamp is proof only if the text was read when the tick of the stamp was over.
  const bool settled = read_at_ > stamp_first_seen_ + kTickMax;
  if (!settled || stamp_of(path_) != stamp_) read();
}

void FilePropertyStore::read() {
  const auto now = std::chrono::steady_clock::now();
  const auto content = read_file(path_, kPropertyFileBytesMax);
  if (!content && stamp_) throw Unavailable(fmt::format("{} is gone", path_.native()));
  if (!content) return;

  const auto tables = parse_property_document(content->text);
  if (!tables) throw Unavailable(fmt::format("{} {}", path_.native(), tables.error()));
  become(*tables);
  if (stamp_ != content->stamp) stamp_first_seen_ = now;
  stamp_ = content->stamp;
  read_at_ = now;
}

void FilePropertyStore::become(const PropertyTables& tables) {
  for (auto& [name, table] : tables_) {
    if (!tables.contains(name)) table.become({});
  }
  for (const auto& [name, texts] : tables)
    tables_[name].become(texts);
}

PropertyTables FilePropertyStore::texts() const {
  PropertyTables tables;
  for (const auto& [name, table] : tables_) {
    auto texts = table.texts();
    if (!texts.empty()) tables.emplace(name, std::move(texts));
  }
  return tables;
}

const VersionedTable& FilePropertyStore::table_named(std::string_view name) {
  const auto found = tables_.find(name);
  return found != tables_.end() ? found->second : tables_[std::string(name)];
}

} // namespace assay::stores
