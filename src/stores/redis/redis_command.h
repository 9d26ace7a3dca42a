// What a Redis is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stores/redis/redis_slots.h"

namespace assay::stores {

// A value: what to ask and whom.
struct RedisCommand {
  enum class Effect { reads, writes };
  // Of our script: its name is put before the arguments by who sends it.
  enum class Form { command, script };
  enum class Errors { thrown, answered };

  static RedisCommand read(std::string_view key, std::vector<std::string> arguments) {
    return {std::move(arguments), redis_slot(key), {}, Effect::reads};
  }
  static RedisCommand write(std::string_view key, std::vector<std::string> arguments) {
    return {std::move(arguments), redis_slot(key), {}, Effect::writes};
  }
  // To a node, whatever slots it has.
  static RedisCommand to(RedisEndpoint node, std::vector<std::string> arguments) {
    return {std::move(arguments), 0, std::move(node), Effect::reads};
  }

  std::vector<std::string> arguments;
  std::uint16_t slot = 0;
  std::optional<RedisEndpoint> node; // none: the master of the slot
  Effect effect = Effect::reads;
  Form form = Form::command;
  Errors errors = Errors::thrown;
};

// Appends a command as the wire has it: an array of bulk strings.
void append_redis_command(std::string& bytes, const std::vector<std::string_view>& arguments);

// What an error's first word means for the command that got it. All but `refused` say that it was
// not carried out.
struct RedisFault {
  enum class Kind {
    moved,       // its slot has another master, for good
    ask,         // this once another node has the key: its slot is under way
    not_now,     // the node or the cluster is about to change: try again a little later
    read_only,   // the node is a replica now
    script_gone, // it does not know our script
    refused,     // all others
  };
  Kind kind = Kind::refused;
  RedisEndpoint node; // of moved and ask

  // `asked` stands where the error names no host.
  static RedisFault of(std::string_view error, const RedisEndpoint& asked);
};

} // namespace assay::stores
