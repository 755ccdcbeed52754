#ifndef BIOTOPE_LAYERS_EXT2_SYNTHESIZE_H_
#define BIOTOPE_LAYERS_EXT2_SYNTHESIZE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "layers/ext2/image.h"
#include "sim/core/units.h"

namespace biotope {

// A fresh ext2 file system and the files in it, in the order in which they are written.
struct SynthesizeSpec {
  struct File {
    std::string path;  // from the root, such as "dir/a"; missing directories are made
    Bytes size;
  };
  Bytes size;
  uint32_t block_size = 4096;
  std::vector<File> files;
};

// Makes the image in memory (only its metadata takes any). The blocks of each file lie where ext2
// puts them when the files are written one after the other on an empty disk: in order, each
// indirect block directly before the first block that needs it (fs/ext2/inode.c ext2_alloc_branch).
// The same specification gives the same bytes. Throws ScenarioError if it cannot be met, such as
// for files that are too large.
Image SynthesizeImage(const SynthesizeSpec& spec);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_EXT2_SYNTHESIZE_H_
