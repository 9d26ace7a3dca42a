#include "crypto/memory_bio.h"

#include <limits>

#include "base/assert.h"

namespace assay::crypto {

BioHandle reading_bio(std::string_view text) {
  ASSAY_ASSERT(text.size() <= std::numeric_limits<int>::max(), "a text that OpenSSL can read");
  BioHandle bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  ASSAY_ASSERT(bio != nullptr, "memory");
  return bio;
}

BioHandle writing_bio() {
  BioHandle bio(BIO_new(BIO_s_secmem()));
  ASSAY_ASSERT(bio != nullptr, "memory");
  return bio;
}

std::string written_text(BIO& bio) {
  char* text = nullptr;
  const long bytes = BIO_get_mem_data(&bio, &text);
  return bytes > 0 ? std::string(text, static_cast<std::size_t>(bytes)) : std::string();
}

int no_pass_phrase(char*, int, int, void*) { return -1; }

} // namespace assay::crypto
