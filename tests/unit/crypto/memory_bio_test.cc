#include "crypto/memory_bio.h"

#include <array>

#include <gtest/gtest.h>

namespace assay::crypto {
namespace {

TEST(MemoryBio, IsReadAsTheTextThatItWasGiven) {
  const BioHandle bio = reading_bio("some text");
  std::array<char, 32> buffer{};
  EXPECT_EQ(BIO_read(bio.get(), buffer.data(), buffer.size()), 9);
  EXPECT_STREQ(buffer.data(), "some text");
}

TEST(MemoryBio, GivesWhatWasWritten) {
  const BioHandle bio = writing_bio();
  EXPECT_EQ(written_text(*bio), "");
  BIO_write(bio.get(), "some ", 5);
  BIO_write(bio.get(), "text", 4);
  EXPECT_EQ(written_text(*bio), "some text");
}

TEST(MemoryBio, HasNoPassPhrase) {
  std::array<char, 8> buffer{};
  EXPECT_EQ(no_pass_phrase(buffer.data(), buffer.size(), 0, nullptr), -1);
}

TEST(ErrorQueue, IsEmptyAfterTheCleaner) {
  {
    const ErrorQueueCleaner cleaner;
    EXPECT_EQ(EVP_PKEY_CTX_new_from_name(nullptr, "no such type", nullptr), nullptr);
    EXPECT_NE(ERR_peek_error(), 0U);
  }
  EXPECT_EQ(ERR_peek_error(), 0U);
}

} // namespace
} // namespace assay::crypto
