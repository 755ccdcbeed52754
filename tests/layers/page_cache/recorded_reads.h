#ifndef BIOTOPE_TESTS_LAYERS_PAGE_CACHE_RECORDED_READS_H_
#define BIOTOPE_TESTS_LAYERS_PAGE_CACHE_RECORDED_READS_H_

#include <filesystem>
#include <optional>
#include <vector>

#include "tests/layers/page_cache/filemap_replay.h"

namespace biotope {

// What Linux 6.18 did for a list of system calls: a folder of the recordings.
struct RecordedReads {
  FilemapWorkload workload;
  FilemapReads reads;  // bios: those of calls other than open
};

// Nothing if the case does something else than reading files through the page cache.
std::optional<RecordedReads> LoadRecordedReads(const std::filesystem::path& folder);

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_PAGE_CACHE_RECORDED_READS_H_
