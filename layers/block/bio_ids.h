#ifndef BIOTOPE_LAYERS_BLOCK_BIO_IDS_H_
#define BIOTOPE_LAYERS_BLOCK_BIO_IDS_H_

#include <cstdint>

namespace biotope {

// Numbers the bios of a run, from 1, in the order in which their owners allocate them (bio_alloc).
class BioIds {
 public:
  uint64_t Next() { return ++last_; }

 private:
  uint64_t last_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_BLOCK_BIO_IDS_H_
