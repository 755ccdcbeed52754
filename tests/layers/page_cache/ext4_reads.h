#ifndef BIOTOPE_TESTS_LAYERS_PAGE_CACHE_EXT4_READS_H_
#define BIOTOPE_TESTS_LAYERS_PAGE_CACHE_EXT4_READS_H_

#include <compare>
#include <cstdint>
#include <functional>
#include <set>
#include <span>

#include "layers/page_cache/folio_mpage.h"
#include "tests/layers/page_cache/block_map.h"
#include "tests/layers/page_cache/filemap_driver.h"
#include "tests/layers/page_cache/folio_cache.h"

namespace biotope {

// The bios for the folios of one file with indirect blocks, as the ext4 driver makes them.
// Models: fs/ext4/readpage.c ext4_mpage_readpages, fs/ext4/indirect.c ext4_ind_map_blocks, the
// extent status cache as far as reads use it, fs/buffer.c block_read_full_folio (Linux 6.18). Left
// out on purpose: the limit of 256 segments (neighbouring pages may share one).
class Ext4Reads : public FolioReads {
 public:
  struct Bio {
    bool readahead = false;  // REQ_RAHEAD
    uint64_t sector = 0;
    uint64_t nr_sectors = 0;
    friend auto operator<=>(const Bio&, const Bio&) = default;
  };
  using Submit = std::function<void(const Bio&)>;

  Ext4Reads(const BlockMap& blocks, uint64_t file_size, Submit submit)
      : blocks_(blocks), file_size_(file_size), submit_(std::move(submit)) {}

  void ReadFolios(std::span<const FolioCache::Folio> folios, bool readahead) override;

 private:
  FolioMpage::Mapping MapBlocks(uint64_t logical, uint64_t count);
  void ReadFolio(FolioMpage& mpage, const FolioCache::Folio& folio, uint64_t end_block,
                 bool readahead);
  void ReadFullFolio(const FolioCache::Folio& folio);
  void Send();

  uint64_t per_page() const { return 4096 / blocks_.block_size(); }
  uint64_t sectors_per_block() const { return blocks_.block_size() / 512; }
  uint64_t blocks_in_file() const {
    return (file_size_ + blocks_.block_size() - 1) / blocks_.block_size();
  }

  const BlockMap& blocks_;
  const uint64_t file_size_;
  const Submit submit_;
  std::set<uint64_t> buffers_;  // indirect blocks that have been read
  std::set<uint64_t> known_;    // extent status: logical blocks
  Bio bio_;                     // nr_sectors 0: there is none
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_PAGE_CACHE_EXT4_READS_H_
