// Units V and S: the CPU time of one signature check, and of one ES256 signature, with the key
// parsed and the context initialised beforehand, and nothing else: no Assay code runs here, so that
// no slowness of ours can hide in the units that we measure ourselves in.
#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "base/strict_json.h"

namespace assay::bench {

namespace {

using Bytes = std::vector<unsigned char>;
using KeyPointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using ContextPointer = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

// The signing input of the assertions that bench/sign.cc makes is about this long.
constexpr std::size_t kMessageBytes = 250;
constexpr int kChecksBetweenClockReadings = 32;

struct Measured {
  std::string_view algorithm;
  std::function<bool()> check;
  std::vector<double> rounds_us = {};
};

void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(what);
}

Bytes message() { return Bytes(kMessageBytes, 'e'); }

Bytes signature_by(EVP_PKEY* key, const Bytes& text) {
  const ContextPointer context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1,
          "EVP_DigestSignInit failed");
  std::size_t size = 0;
  require(EVP_DigestSign(context.get(), nullptr, &size, text.data(), text.size()) == 1,
          "EVP_DigestSign failed");
  Bytes signature(size);
  require(EVP_DigestSign(context.get(), signature.data(), &size, text.data(), text.size()) == 1,
          "EVP_DigestSign failed");
  signature.resize(size);
  return signature;
}

// The fastest way that OpenSSL 3.0 has: each check works on a copy of an initialised context.
class OpensslCheck {
public:
  explicit OpensslCheck(EVP_PKEY* new_key)
      : key_(new_key, &EVP_PKEY_free), initialised_(EVP_MD_CTX_new(), &EVP_MD_CTX_free),
        working_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    require(key_ != nullptr, "key generation failed");
    signature_ = signature_by(key_.get(), message_);
    require(EVP_DigestVerifyInit(initialised_.get(), nullptr, EVP_sha256(), nullptr, key_.get()) ==
                1,
            "EVP_DigestVerifyInit failed");
    EVP_MD_CTX_set_flags(initialised_.get(), EVP_MD_CTX_FLAG_FINALISE);
  }

  bool passes() const {
    return EVP_MD_CTX_copy_ex(working_.get(), initialised_.get()) == 1 &&
           EVP_DigestVerify(working_.get(), signature_.data(), signature_.size(), message_.data(),
                            message_.size()) == 1;
  }

private:
  KeyPointer key_;
  ContextPointer initialised_;
  ContextPointer working_;
  Bytes message_ = message();
  Bytes signature_;
};

// In the same way.
class Es256Signature {
public:
  Es256Signature()
      : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free),
        initialised_(EVP_MD_CTX_new(), &EVP_MD_CTX_free),
        working_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    require(key_ != nullptr, "key generation failed");
    require(EVP_DigestSignInit(initialised_.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1,
            "EVP_DigestSignInit failed");
    EVP_MD_CTX_set_flags(initialised_.get(), EVP_MD_CTX_FLAG_FINALISE);
  }

  bool is_made() {
    std::size_t size = signature_.size();
    return EVP_MD_CTX_copy_ex(working_.get(), initialised_.get()) == 1 &&
           EVP_DigestSign(working_.get(), signature_.data(), &size, message_.data(),
                          message_.size()) == 1;
  }

private:
  KeyPointer key_;
  ContextPointer initialised_;
  ContextPointer working_;
  Bytes message_ = message();
  std::array<unsigned char, 80> signature_{}; // as DER, which is 72 bytes at most
};

// By libsodium, which takes half the time of OpenSSL 3.0 for it.
class Ed25519Check {
public:
  Ed25519Check() {
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> private_key{};
    crypto_sign_keypair(public_key_.data(), private_key.data());
    crypto_sign_detached(signature_.data(), nullptr, message_.data(), message_.size(),
                         private_key.data());
  }

  bool passes() const {
    return crypto_sign_verify_detached(signature_.data(), message_.data(), message_.size(),
                                       public_key_.data()) == 0;
  }

private:
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key_{};
  std::array<unsigned char, crypto_sign_BYTES> signature_{};
  Bytes message_ = message();
};

double thread_cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e6 + double(now.tv_nsec) / 1e3;
}

double us_per_check(const std::function<bool()>& check, std::chrono::milliseconds duration) {
  const double begin = thread_cpu_us();
  const double end = begin + double(duration.count()) * 1e3;
  int checks = 0;
  double now = begin;
  while (now < end) {
    for (int i = 0; i < kChecksBetweenClockReadings; ++i)
      require(check(), "a signature was not made, or a good one did not pass");
    checks += kChecksBetweenClockReadings;
    now = thread_cpu_us();
  }
  return (now - begin) / checks;
}

json::object summary_of(std::vector<double> rounds_us) {
  std::ranges::sort(rounds_us);
  return {{"us", rounds_us[rounds_us.size() / 2]},
          {"us_min", rounds_us.front()},
          {"us_max", rounds_us.back()}};
}

json::object measure(int rounds, std::chrono::milliseconds duration) {
  const OpensslCheck rs256(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  const OpensslCheck es256(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const Ed25519Check eddsa;
  Es256Signature signature;
  std::array<Measured, 4> all{{{"RS256", [&rs256] { return rs256.passes(); }},
                               {"ES256", [&es256] { return es256.passes(); }},
                               {"EdDSA", [&eddsa] { return eddsa.passes(); }},
                               {"signing ES256", [&signature] { return signature.is_made(); }}}};

  // In turn, so that a neighbour's burst meets all of them alike.
  for (int round = 0; round < rounds; ++round) {
    for (Measured& measured : all)
      measured.rounds_us.push_back(us_per_check(measured.check, duration));
  }

  json::object result;
  for (const Measured& measured : all)
    result[measured.algorithm] = summary_of(measured.rounds_us);
  return result;
}

} // namespace

} // namespace assay::bench

int main(int argument_count, char** arguments) try {
  CLI::App program("Measures units V and S: CPU microseconds of one signature check, or of one "
                   "signature.");
  int rounds = 5;
  int milliseconds = 200;
  program.add_option("--rounds", rounds)->check(CLI::Range(1, 99))->capture_default_str();
  program.add_option("--milliseconds", milliseconds, "CPU time of each algorithm in a round")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  CLI11_PARSE(program, argument_count, arguments);

  assay::bench::require(sodium_init() >= 0, "sodium_init failed");
  const auto result = assay::bench::measure(rounds, std::chrono::milliseconds(milliseconds));
  fmt::print("{}\n", assay::json::serialize(result));
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "verify: {}\n", error.what());
  return 1;
}
