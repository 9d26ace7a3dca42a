#include "stores/postgres/postgres_parameters.h"

#include <gtest/gtest.h>

namespace assay::stores {
namespace {

using namespace std::string_literals;

TEST(PostgresParameters, AreBinaryWithTheHighestByteFirst) {
  PostgresParameters parameters;
  parameters.add(-2).add_text("caf\xC3\xA9").add_bytes("a\0b"s);
  ASSERT_EQ(parameters.count(), 3);
  EXPECT_EQ(parameters.lengths(), (std::vector<int>{8, 5, 3}));
  EXPECT_EQ(parameters.formats(), (std::vector<int>{1, 1, 1}));
  EXPECT_EQ(std::string(parameters.values()[0], 8), "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE");
  EXPECT_EQ(parameters.types()[0], 20U);
  EXPECT_EQ(parameters.types()[1], 25U);
  EXPECT_EQ(parameters.types()[2], 17U);
}

TEST(PostgresArray, HasItsElementsWithTheirLengths) {
  PostgresArray array(PostgresType::bytes);
  array.add(std::string_view("ab"));
  array.add_null();
  EXPECT_EQ(array.encoded(), "\0\0\0\1"s   // one dimension
                             "\0\0\0\1"s   // some are null
                             "\0\0\0\x11"s // bytea
                             "\0\0\0\2\0\0\0\1"s
                             "\0\0\0\2"
                             "ab"s
                             "\xFF\xFF\xFF\xFF"s);
}

TEST(PostgresArray, HasNoDimensionWithoutElements) {
  EXPECT_EQ(PostgresArray(PostgresType::number).encoded(), "\0\0\0\0\0\0\0\0\0\0\0\x14"s);
}

} // namespace
} // namespace assay::stores
