// How ext2 reads a regular file through the page cache: mm/filemap.c, Linux 2.6.11.

#include <algorithm>
#include <cerrno>

#include "layers/ext2/ext2.h"

namespace biotope {

Handler Ext2::OnRead(ReadFile& call) {
  call.result = co_await GenericFileRead(*call.context, call);
  Reply(call);
}

// generic_file_read.
Co<int64_t> Ext2::GenericFileRead(Context& context, ReadFile& call) {
  co_await Execute(context, costs_.generic_file_read);
  co_return co_await GenericFileAioRead(context, call);
}

// __generic_file_aio_read.
Co<int64_t> Ext2::GenericFileAioRead(Context& context, ReadFile& call) {
  // access_ok over the whole buffer.
  constexpr uint64_t kTaskSize = uint64_t{1} << 47;
  if (call.count > kTaskSize) co_return -EFAULT;
  if (!call.direct) co_return co_await DoGenericFileRead(context, call);
  if (call.count == 0 || (!call.write && call.pos >= call.inode->size)) co_return 0;
  co_return co_await GenericFileDirectIo(context, call);
}

// do_generic_file_read. Nothing is read if nothing is wanted.
Co<int64_t> Ext2::DoGenericFileRead(Context& context, ReadFile& call) {
  if (call.count == 0) co_return 0;
  co_return co_await DoGenericMappingRead(context, call);
}

// do_generic_mapping_read: page after page until enough is copied.
Co<int64_t> Ext2::DoGenericMappingRead(Context& context, ReadFile& call) {
  Ext2Inode& inode = static_cast<Ext2Inode&>(*call.inode);
  const uint64_t begin = call.pos;
  uint64_t index = call.pos / kPageSize;
  uint64_t next_index = index;
  uint64_t prev_index = call.readahead->prev_page.value();
  // Of the count alone: an unaligned read may touch one page more.
  uint64_t req_size = (call.count + kPageSize - 1) / kPageSize;
  uint64_t left = call.count;
  Page* page = nullptr;
  int error = 0;
  while (call.pos < inode.size) {
    index = call.pos / kPageSize;
    const uint64_t offset = call.pos % kPageSize;
    co_await Execute(context, costs_.do_generic_mapping_read);

    FindGetPage find;
    find.mapping = &inode.mapping;
    find.readahead = call.readahead;
    find.index = PageIndex(index);
    if (index == next_index) find.readahead_pages = req_size;
    find.mark_accessed = prev_index != index;
    co_await Ask(page_cache_.find_get_page, find, context);
    next_index += find.readahead_done;
    req_size -= std::min(req_size, find.readahead_done);

    page = find.page;
    if (page == nullptr || !page->uptodate) {
      error = co_await MakePageUptodate(context, inode.mapping, PageIndex(index),
                                        find.mark_accessed, &page);
      if (error != 0) break;
    }
    prev_index = index;

    const uint64_t in_page = std::min<uint64_t>(kPageSize, inode.size - index * kPageSize);
    const uint64_t wanted = std::min(in_page - offset, left);
    const uint64_t bytes = std::min(wanted, call.buffer_bytes - (call.count - left));
    co_await Execute(context, costs_.copy_to_user, bytes);  // file_read_actor
    co_await ReleasePage(context, page);
    page = nullptr;
    call.pos += bytes;
    left -= bytes;
    if (bytes < wanted) error = -EFAULT;
    if (left == 0 || bytes < wanted) break;
  }
  const uint64_t done = call.pos - begin;
  co_return done > 0 ? static_cast<int64_t>(done) : error;
}

// The branches of the page loop for a page that cannot be copied from yet: page_not_up_to_date
// (wait for whoever reads it), readpage (read it, again if that failed before) and no_cached_page.
Co<int> Ext2::MakePageUptodate(Context& context, AddressSpace& mapping, PageIndex index,
                               bool mark_accessed, Page** page) {
  bool read_by_us = false;
  for (;;) {
    if (*page != nullptr) {
      WaitOnPage wait;
      wait.page = *page;
      wait.mark_accessed = mark_accessed;
      co_await Ask(page_cache_.wait_on_page, wait, context);
      if ((*page)->uptodate) co_return 0;
      if (read_by_us) {
        co_await ReleasePage(context, *page);
        co_return -EIO;
      }
    }
    // mapping->a_ops->readpage: ext2_readpage, which is mpage_readpage with ext2_get_block. The
    // page cache asks for the block map through MapBlock.
    ReadPage read;
    read.mapping = &mapping;
    read.index = index;
    read.page = *page;
    co_await Ask(page_cache_.read_page, read, context);
    if (read.error != 0) co_return read.error;
    *page = read.page;
    read_by_us = true;
  }
}

// page_cache_release.
Co<> Ext2::ReleasePage(Context& context, Page* page) {
  PutPage put;
  put.page = page;
  co_await Ask(page_cache_.put_page, put, context);
}

}  // namespace biotope
