#ifndef BIOTOPE_TESTS_LAYERS_PAGE_CACHE_FILEMAP_REPLAY_H_
#define BIOTOPE_TESTS_LAYERS_PAGE_CACHE_FILEMAP_REPLAY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/layers/page_cache/block_map.h"
#include "tests/layers/page_cache/ext4_reads.h"

namespace biotope {

// A list of system calls on some files, and the machine that they ran on.
struct FilemapWorkload {
  struct File {
    uint64_t size = 0;
    std::optional<BlockMap> blocks;  // without it there are no bios
  };

  std::string name;
  uint64_t ra_pages = 0;
  uint64_t io_pages = 0;
  uint8_t max_folio_order = 0;
  std::map<std::string, File> files;
  // "pread 0 4096 8192": the call, a descriptor, and what the call takes; "@1 " before it: by
  // another process.
  std::vector<std::string> ops;
};

// A folio that was added to the page cache, and a bio that was submitted, by which of the calls.
struct AddedFolio {
  size_t op = 0;
  uint64_t index = 0;
  uint8_t order = 0;
  friend auto operator<=>(const AddedFolio&, const AddedFolio&) = default;
};
struct OpBio {
  size_t op = 0;
  Ext4Reads::Bio bio;
  friend auto operator<=>(const OpBio&, const OpBio&) = default;
};

// What was read, in order.
struct FilemapReads {
  std::vector<AddedFolio> folios;
  std::vector<OpBio> bios;
};

// Carries out a workload as Linux 6.18 does.
FilemapReads ReplayFilemap(const FilemapWorkload& workload);

// "2:4+8 2:12+4/2": call 2 has added 8 single pages from page 4 on, and one folio of four pages.
std::string ShowFolios(std::span<const AddedFolio> folios);

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_PAGE_CACHE_FILEMAP_REPLAY_H_
