#ifndef BIOTOPE_LAYERS_EXT2_DIRECT_IO_H_
#define BIOTOPE_LAYERS_EXT2_DIRECT_IO_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace biotope {

// Models: fs/direct-io.c dio_send_cur_page, submit_page_section, dio_new_bio, dio_bio_add_page
// (Linux 2.6.11). Left out on purpose: the allocation of blocks, the pages themselves.
//
// How direct I/O makes bios of the pieces of user pages that it has mapped to the disk, as a plain
// state machine. A piece is held back until the next one has come, because it may grow; a bio is
// sent when the next piece is not contiguous with it, when it is full, or when the file system
// announces that it is going to read metadata ("boundary"). That announcement comes with a piece,
// but acts when that piece leaves: on the bio before it. All positions are in units of `1 <<
// blkbits` bytes.
class DioAssembler {
 public:
  struct Limits {
    uint32_t max_vecs = 0;     // pieces of a bio (bio_get_nr_vecs)
    uint32_t max_sectors = 0;  // sectors of a bio
  };
  // A piece of one user page, contiguous on the disk.
  struct Piece {
    uint64_t page = 0;    // number of the user page
    uint32_t offset = 0;  // in the page, bytes
    uint32_t length = 0;  // bytes
    uint64_t block = 0;   // where on the disk
  };
  struct Bio {
    uint64_t block = 0;
    uint32_t length = 0;  // bytes
    uint32_t pieces = 0;
  };

  DioAssembler() = default;
  DioAssembler(uint32_t blkbits, uint64_t pages, const Limits& limits)
      : blkbits_(blkbits), pages_left_(pages), limits_(limits) {}

  // Takes the next piece. `boundary`: behind it the file system will read metadata. Afterwards the
  // bios that must be sent, if any, come from TakeReady().
  void Add(const Piece& piece, bool boundary) {
    boundary_ = boundary;
    if (held_ && held_->page == piece.page && held_->offset + held_->length == piece.offset &&
        held_->block + (held_->length >> blkbits_) == piece.block) {
      held_->length += piece.length;
      if (boundary_) SendHeld();
      return;
    }
    SendHeld();
    held_ = piece;
  }

  // Nothing more comes: everything becomes ready.
  void Flush() {
    SendHeld();
    SendBio();
  }

  // A bio that must be sent now; a few may be ready after one Add or Flush.
  std::optional<Bio> TakeReady() {
    if (ready_count_ == 0) return std::nullopt;
    const Bio bio = ready_[0];
    std::copy(ready_.begin() + 1, ready_.begin() + ready_count_, ready_.begin());
    --ready_count_;
    return bio;
  }

 private:
  void SendHeld() {
    if (!held_) return;
    if (bio_ && (end_block_ != held_->block || boundary_)) SendBio();
    if (!bio_) NewBio();
    if (!Append()) {
      SendBio();
      NewBio();
      Append();
    }
    held_.reset();
  }

  void NewBio() {
    bio_ = Bio{.block = held_->block, .length = 0, .pieces = 0};
    bio_vecs_ = static_cast<uint32_t>(std::min<uint64_t>(pages_left_, limits_.max_vecs));
    boundary_ = false;
  }

  bool Append() {
    if (bio_->pieces >= std::max(bio_vecs_, 1u)) return false;
    if ((bio_->length + held_->length) / 512 > limits_.max_sectors && bio_->pieces > 0)
      return false;
    bio_->length += held_->length;
    ++bio_->pieces;
    if (held_->offset + held_->length == 4096 && pages_left_ > 0) --pages_left_;
    end_block_ = held_->block + (held_->length >> blkbits_);
    return true;
  }

  void SendBio() {
    if (!bio_) return;
    ready_[ready_count_++] = *bio_;
    bio_.reset();
  }

  uint32_t blkbits_ = 0;
  uint64_t pages_left_ = 0;  // pages_in_io
  Limits limits_;
  bool boundary_ = false;
  std::optional<Piece> held_;
  std::optional<Bio> bio_;
  uint32_t bio_vecs_ = 0;
  uint64_t end_block_ = 0;  // final_block_in_bio
  std::array<Bio, 4> ready_;
  uint32_t ready_count_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_EXT2_DIRECT_IO_H_
