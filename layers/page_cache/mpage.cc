// From pages to bios: fs/mpage.c and block_read_full_page of fs/buffer.c, Linux 2.6.11.

#include <algorithm>

#include "layers/page_cache/page_cache.h"

namespace biotope {

// mpage_readpages: `pool` is a chain of new pages in ascending order.
Co<> PageCache::MpageReadpages(Context& context, AddressSpace& mapping, Page* pool,
                               uint64_t count) {
  co_await Execute(context, costs_.mpage_readpages);
  MpageState state;
  Pagevec pagevec;
  while (pool != nullptr) {
    Page& page = *pool;
    pool = page.next_in_bio;
    page.next_in_bio = nullptr;
    co_await Execute(context, costs_.add_to_page_cache);
    if (mapping.AddToPageCache(page, page.index) == 0) {
      co_await DoMpageReadpage(context, mapping, page, count, &state);
      zone_.lru().PagevecAdd(pagevec, page);
    } else {
      zone_.lru().Release(page);  // another task was faster
    }
    --count;
  }
  zone_.lru().PagevecFlush(pagevec);
  co_await MpageBioSubmit(context, &state);
}

// mpage_readpage.
Co<> PageCache::MpageReadpage(Context& context, AddressSpace& mapping, Page& page) {
  MpageState state;
  co_await DoMpageReadpage(context, mapping, page, 1, &state);
  co_await MpageBioSubmit(context, &state);
}

// do_mpage_readpage: adds one page to the running bio if it continues it on the disk.
Co<> PageCache::DoMpageReadpage(Context& context, AddressSpace& mapping, Page& page,
                                uint64_t pages_left, MpageState* state) {
  co_await Execute(context, costs_.do_mpage_readpage);
  PageBlocks blocks;
  co_await MapPage(context, mapping, page, &blocks);
  if (blocks.confused) {
    co_await MpageBioSubmit(context, state);
    co_await BlockReadFullPage(context, mapping, page);
    co_return;
  }
  if (blocks.mapped == 0) {  // nothing but a hole: zeros
    page.uptodate = true;
    UnlockPage(page, 0);
    co_return;
  }
  if (state->bio != nullptr && state->last_block + BlockNr(1) != blocks.block[0]) {
    co_await MpageBioSubmit(context, state);
  }
  const uint32_t sectors = blocks.mapped * (parameters_.block_size / kSectorSize);
  if (state->bio != nullptr && (state->bio->nr_segments == state->vecs_max ||
                                state->bio->nr_sectors + sectors > parameters_.max_bio_sectors)) {
    co_await MpageBioSubmit(context, state);
  }
  if (state->bio == nullptr) {
    state->bio = &NewBio(context, blocks.block[0]);
    state->vecs_max =
        static_cast<uint32_t>(std::min<uint64_t>(pages_left, parameters_.max_bio_vecs));
  }
  PageBio& bio = *state->bio;
  (bio.last != nullptr ? bio.last->next_in_bio : bio.first) = &page;
  bio.last = &page;
  bio.nr_sectors += sectors;
  ++bio.nr_segments;
  state->last_block = blocks.block[blocks.mapped - 1];
  if (blocks.boundary || blocks.hole) co_await MpageBioSubmit(context, state);
}

// Asks the file system where the blocks of the page lie.
Co<> PageCache::MapPage(Context& context, AddressSpace& mapping, const Page& page,
                        PageBlocks* blocks) {
  const uint32_t per_page = kPageSize / parameters_.block_size;
  const uint64_t blocks_in_file =
      (mapping.size().value() + parameters_.block_size - 1) / parameters_.block_size;
  for (uint32_t i = 0; i < per_page; ++i) {
    const uint64_t logical = page.index.value() * per_page + i;
    MapBlock map;
    if (logical < blocks_in_file) {
      map.mapping = &mapping;
      map.logical = BlockNr(logical);
      co_await Ask(map_block_, map, context);
    }
    if (map.error != 0) {
      blocks->confused = true;
      co_return;
    }
    if (map.physical == BlockNr(0)) {
      blocks->hole = true;
      continue;
    }
    if (blocks->hole || (i > 0 && blocks->block[i - 1] + BlockNr(1) != map.physical)) {
      blocks->confused = true;
      co_return;
    }
    blocks->block[i] = map.physical;
    blocks->boundary = map.boundary;
    ++blocks->mapped;
  }
}

// block_read_full_page: each block of the page that is on the disk is read by a bio of its own.
Co<> PageCache::BlockReadFullPage(Context& context, AddressSpace& mapping, Page& page) {
  const uint32_t per_page = kPageSize / parameters_.block_size;
  const uint64_t blocks_in_file =
      (mapping.size().value() + parameters_.block_size - 1) / parameters_.block_size;
  std::array<BlockNr, 8> physical{};
  uint32_t pending = 0;
  bool failed = false;
  for (uint32_t i = 0; i < per_page; ++i) {
    MapBlock map;
    map.mapping = &mapping;
    map.logical = BlockNr(page.index.value() * per_page + i);
    if (map.logical >= BlockNr(blocks_in_file)) break;
    co_await Ask(map_block_, map, context);
    failed = failed || map.error != 0;
    physical[i] = map.error == 0 ? map.physical : BlockNr(0);
    if (physical[i] != BlockNr(0)) ++pending;
  }
  page.error = failed;
  if (pending == 0) {
    page.uptodate = !failed;
    UnlockPage(page, 0);
    co_return;
  }
  // All are counted before the first is submitted: it may end before the others begin.
  page.buffers_pending = static_cast<uint16_t>(pending);
  for (uint32_t i = 0; i < per_page; ++i) {
    if (physical[i] == BlockNr(0)) continue;
    PageBio& bio = NewBio(context, physical[i]);
    bio.is_buffer = true;
    bio.first = bio.last = &page;
    bio.nr_sectors = parameters_.block_size / kSectorSize;
    bio.nr_segments = 1;
    MpageState state;
    state.bio = &bio;
    co_await MpageBioSubmit(context, &state);
  }
}

PageCache::PageBio& PageCache::NewBio(const Context& context, BlockNr block) {
  if (free_bios_.empty()) {
    free_bios_.push_back(bios_.emplace_back(std::make_unique<PageBio>()).get());
  }
  PageBio& bio = *free_bios_.back();
  free_bios_.pop_back();
  bio.id = bio_ids_.Next();
  bio.call = context.call();
  bio.task = context.task();
  bio.sector = SectorOf(block);
  bio.nr_sectors = bio.nr_segments = 0;
  bio.error = 0;
  bio.end_io = &page_bio_end_;
  bio.first = bio.last = nullptr;
  bio.is_buffer = false;
  return bio;
}

// mpage_bio_submit.
Co<> PageCache::MpageBioSubmit(Context& context, MpageState* state) {
  if (state->bio == nullptr) co_return;
  co_await Execute(context, costs_.submit_bio);
  SubmitBio submit;
  submit.bio = state->bio;
  state->bio = nullptr;
  co_await Ask(block_.submit_bio, submit, context);
}

// mpage_end_io_read and end_buffer_async_read.
Handler PageCache::OnPageBioEnd(EndBio& call) {
  Context& context = *call.context;
  PageBio& bio = static_cast<PageBio&>(*call.bio);
  const bool failed = bio.error != 0;
  co_await Execute(context, costs_.mpage_end_io);
  for (Page* page = bio.first; page != nullptr;) {
    Page* next = page->next_in_bio;
    page->next_in_bio = nullptr;
    page->error = page->error || failed;
    if (!bio.is_buffer || --page->buffers_pending == 0) {
      co_await Execute(context, costs_.unlock_page);
      page->uptodate = !page->error;
      UnlockPage(*page, bio.id);
    }
    page = next;
  }
  free_bios_.push_back(&bio);
  Reply(call);
}

}  // namespace biotope
