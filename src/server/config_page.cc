#include "server/config_page.h"

#include <string_view>

#include <fmt/format.h>

#include "server/config_environment.h"
#include "server/config_table.h"
#include "server/config_yaml.h"

namespace assay::server {

namespace {

constexpr std::string_view kBeginning = R"(# Settings

<!-- `assay config docs` prints this page. -->

All settings have defaults: an empty file, or none, is a good config. `assay serve --config FILE`
reads the file, which is YAML; `assay config sample` prints one with everything in it,
`assay config check` says what is wrong with one, `assay config show` which settings are in force
and where each of them comes from, and `assay config schema` prints a JSON Schema for editors.

**Environment.** Every setting has a variable that goes before the file: `ASSAY_` and the setting's
path in capitals, joined by `_`, list items by index, from 0. Its value is YAML. With `_FILE` behind
its name, it names a file that holds the value. A name that begins with `ASSAY_` and is no setting's
is refused.

```
ASSAY_LISTEN_PORT=0
ASSAY_TOKEN_SERVICES_0_AUDIENCE='[https://tokens.example/api/oauth/token]'
ASSAY_TOKEN_SERVICES_0_AUDIENCE_1=https://tokens.example
ASSAY_STORES_REGISTRY_FILE=/run/secrets/registry
```

**Values.** A duration is `500ms`, `30s`, `5m`, `2h`, `1d` or a plain number of seconds; a size is
`64KiB`, `1MiB` or a plain number of bytes. A text that ends with a colon needs quotes in the file:
`"memory:"`. Files are relative to the data folder. `${port}` in `issuer` and `audience` stands for
the port that the server really took.

**Changes.** On SIGHUP the server reads the config again. What says *reload* below counts from then
on; what says *start* needs a restart. A bad config is logged, and the old one stays in force.
)";

constexpr std::string_view kTableHead =
    "\n| Setting | Default | Allowed | Counts from | Meaning |\n"
    "| --- | --- | --- | --- | --- |\n";

// The first name of the path; none for a setting that is in no group.
std::string_view group_of(std::string_view path) {
  const std::size_t end = path.find('.');
  return end == std::string_view::npos ? std::string_view() : path.substr(0, end);
}

std::string heading_of(std::string_view group) {
  if (group.empty()) return "\n## The server\n";
  if (group.ends_with("[]"))
    return fmt::format("\n## `{}`\n\nA list with an entry for each token service, up to {}. Each "
                       "has its own:\n",
                       kServiceList, kServicesMax);
  return fmt::format("\n## `{}`\n", group);
}

std::string in_cell(std::string_view text) {
  std::string cell;
  for (const char character : text) {
    if (character == '|') cell += '\\';
    cell += character;
  }
  return cell;
}

std::string row_of(const Setting& setting) {
  std::string_view name = setting.path;
  if (setting.is_of_service()) name.remove_prefix(group_of(setting.path).size() + 1);
  return fmt::format("| `{}` | `{}` | {} | {} | {} |\n", name, to_yaml(setting.default_value()),
                     in_cell(setting.allowed),
                     setting.change == Change::at_start ? "start" : "reload",
                     in_cell(setting.help));
}

} // namespace

std::string settings_page() {
  std::string page(kBeginning);
  const Setting* before = nullptr;
  for (const Setting& setting : settings_table()) {
    const std::string_view group = group_of(setting.path);
    if (!before || group_of(before->path) != group)
      page.append(heading_of(group)).append(kTableHead);
    page += row_of(setting);
    before = &setting;
  }
  return page;
}

} // namespace assay::server
