#include "layers/iosched/last_merge.h"

#include <gtest/gtest.h>

namespace biotope {
namespace {

Bio MakeBio(uint64_t sector, uint32_t nr_sectors, bool write) {
  Bio bio;
  bio.sector = Sector(sector);
  bio.nr_sectors = nr_sectors;
  bio.write = write;
  return bio;
}

Request MakeRequest() {
  Request request;
  request.sector = Sector(100);
  request.nr_sectors = 8;
  return request;
}

TEST(TryMerge, Table) {
  const struct {
    const char* what;
    uint64_t sector;
    uint32_t nr_sectors;
    bool write, started, nomerge;
    MergeKind kind;
  } cases[] = {
      {"behind", 108, 8, false, false, false, MergeKind::kBack},
      {"in front", 92, 8, false, false, false, MergeKind::kFront},
      {"in front, larger", 84, 16, false, false, false, MergeKind::kFront},
      {"gap behind", 109, 8, false, false, false, MergeKind::kNone},
      {"gap in front", 84, 8, false, false, false, MergeKind::kNone},
      {"the same sectors", 100, 8, false, false, false, MergeKind::kNone},
      {"overlap", 104, 8, false, false, false, MergeKind::kNone},
      {"other direction", 108, 8, true, false, false, MergeKind::kNone},
      {"started", 108, 8, false, true, false, MergeKind::kNone},
      {"nomerge", 92, 8, false, false, true, MergeKind::kNone},
  };
  for (const auto& c : cases) {
    Request request = MakeRequest();
    request.started = c.started;
    request.nomerge = c.nomerge;
    EXPECT_EQ(TryMerge(request, MakeBio(c.sector, c.nr_sectors, c.write)), c.kind) << c.what;
  }
}

TEST(LastMerge, IsTakenByTheFirstThatComes) {
  LastMerge last_merge;
  const Bio bio = MakeBio(108, 8, false);
  EXPECT_EQ(last_merge.Try(bio).request, nullptr);

  Request first = MakeRequest();
  Request second = MakeRequest();
  last_merge.SetIfFree(first);
  last_merge.SetIfFree(second);
  EXPECT_EQ(last_merge.Try(bio).request, &first);
  EXPECT_EQ(last_merge.Try(bio).kind, MergeKind::kBack);

  last_merge.Set(second);
  EXPECT_EQ(last_merge.Try(bio).request, &second);
  last_merge.Forget(first);
  EXPECT_EQ(last_merge.Try(bio).request, &second);
  last_merge.Forget(second);
  EXPECT_EQ(last_merge.Try(bio).request, nullptr);
}

TEST(LastMerge, IsTakenFromARequestThatMayNotGrow) {
  LastMerge last_merge;
  Request full = MakeRequest();
  last_merge.Set(full);
  full.nomerge = true;
  Request next = MakeRequest();
  last_merge.SetIfFree(next);
  EXPECT_EQ(last_merge.Try(MakeBio(108, 8, false)).request, &next);
}

}  // namespace
}  // namespace biotope
