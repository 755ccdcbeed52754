#ifndef BIOTOPE_LAYERS_PAGE_CACHE_PAGE_CACHE_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_PAGE_CACHE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "layers/block/bio_ids.h"
#include "layers/block/messages.h"
#include "layers/page_cache/address_space.h"
#include "layers/page_cache/messages.h"
#include "layers/page_cache/page.h"
#include "layers/page_cache/page_reclaim.h"
#include "layers/page_cache/readahead.h"
#include "layers/page_cache/zone.h"
#include "sim/cpu/cost_table.h"
#include "sim/cpu/layer_actor.h"

namespace biotope {

// Models: mm/filemap.c find_get_page, add_to_page_cache, __lock_page, unlock_page; mm/readahead.c
// __do_page_cache_readahead, force_page_cache_readahead; fs/mpage.c mpage_readpage(s),
// do_mpage_readpage; fs/buffer.c block_read_full_page (Linux 2.6.11).
// Left out on purpose: dirty pages, mapped pages.
//
// The pages of all files. A page that is being read is locked; the end of its bio sets it up to
// date, unlocks it and wakes whoever waits.
class PageCache : public LayerActor {
 public:
  struct Parameters {
    uint32_t block_size = 4096;    // of the file system
    uint32_t max_bio_vecs = 0;     // bio_get_nr_vecs of the queue
    uint32_t max_bio_sectors = 0;  // q->max_sectors
    uint64_t memory_pages = 0;     // that pages of files may take
    uint32_t cpus = 1;
  };

  PageCache(Engine& engine, const CostTable& costs, const Parameters& parameters,
            const Readahead& readahead, BioIds& bio_ids);

  PageCachePorts ports();
  void Connect(const BlockPorts& block, const Port<MapBlock>& map_block) {
    block_ = block;
    map_block_ = map_block;
  }

 private:
  struct Costs {
    explicit Costs(const CostTable& costs);
    FunctionCost page_cache_readahead, find_get_page, add_to_page_cache, mpage_readpages,
        do_mpage_readpage, submit_bio, mpage_end_io, unlock_page;
  };
  // A bio that reads pages. Either whole pages (mpage), or the part of one page that has its own
  // bio because the page is not contiguous on the disk (a buffer).
  struct PageBio : Bio {
    Page* first = nullptr;  // chained by next_in_bio
    Page* last = nullptr;
    bool is_buffer = false;
  };
  struct Waiter : PageWaiter {
    Context* context = nullptr;
  };
  // The bio that do_mpage_readpage fills, from page to page.
  struct MpageState {
    PageBio* bio = nullptr;
    uint32_t vecs_max = 0;  // of this bio
    BlockNr last_block;     // last_block_in_bio
  };
  // What is known about the blocks of one page.
  struct PageBlocks {
    std::array<BlockNr, 8> block{};  // physical; 0: hole
    uint32_t mapped = 0;             // blocks before the first hole
    bool hole = false;
    bool confused = false;  // not one contiguous run
    bool boundary = false;
    int error = 0;
  };

  Handler OnFindGetPage(FindGetPage& call);
  Handler OnWaitOnPage(WaitOnPage& call);
  Handler OnReadPage(ReadPage& call);
  Handler OnForceReadahead(ForceReadahead& call);
  Handler OnFindFaultPage(FindFaultPage& call);
  void OnMapPageFrame(MapPageFrame& call);
  void OnPutPage(PutPage& call);
  void OnInvalidate(InvalidatePages& call);
  Handler OnPageBioEnd(EndBio& call);

  // mm/readahead.c
  Co<uint64_t> PageCacheReadahead(Context& context, AddressSpace& mapping, FileRaState& ra,
                                  ReadaheadCall call);
  Co<SubmitResult> DoPageCacheReadahead(Context& context, AddressSpace& mapping,
                                        ReadaheadSubmission wanted);
  uint64_t CollectMissing(const Context& context, AddressSpace& mapping,
                          const ReadaheadSubmission& wanted, Page** pool);

  // mm/filemap.c and mm/page_alloc.c
  Page* AllocPage(const Context& context);
  void Reclaim(PageReclaim::Kind kind, uint32_t cpu);
  void UnlockPage(Page& page, uint64_t bio);

  // fs/mpage.c and fs/buffer.c (mpage.cc)
  Co<> MpageReadpages(Context& context, AddressSpace& mapping, Page* pool, uint64_t count);
  Co<> MpageReadpage(Context& context, AddressSpace& mapping, Page& page);
  Co<> DoMpageReadpage(Context& context, AddressSpace& mapping, Page& page, uint64_t pages_left,
                       MpageState* state);
  Co<> MapPage(Context& context, AddressSpace& mapping, const Page& page, PageBlocks* blocks);
  Co<> BlockReadFullPage(Context& context, AddressSpace& mapping, Page& page);
  Co<> MpageBioSubmit(Context& context, MpageState* state);
  PageBio& NewBio(const Context& context, BlockNr block);

  Sector SectorOf(BlockNr block) const {
    return Sector(block.value() * (parameters_.block_size / kSectorSize));
  }

  const Costs costs_;
  const Parameters parameters_;
  const Readahead& readahead_;
  BioIds& bio_ids_;
  BlockPorts block_;
  Port<MapBlock> map_block_;
  const Port<EndBio> page_bio_end_;

  Zone zone_;
  std::vector<std::unique_ptr<PageBio>> bios_;  // all ever made
  std::vector<PageBio*> free_bios_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_PAGE_CACHE_H_
