#include "layers/iosched/merge_hash.h"

#include <gtest/gtest.h>

#include <deque>

namespace biotope {
namespace {

class MergeHashTest : public testing::Test {
 protected:
  Request& Add(uint64_t sector, uint32_t nr_sectors) {
    Request& request = requests_.emplace_back();
    request.sector = Sector(sector);
    request.nr_sectors = nr_sectors;
    hash_.Add(request);
    return request;
  }

  MergeHash hash_;
  std::deque<Request> requests_;
};

TEST_F(MergeHashTest, FindsByEnd) {
  for (uint64_t sector = 0; sector < 8000; sector += 8) Add(sector, 8);
  EXPECT_EQ(hash_.Find(Sector(808))->sector, Sector(800));
  EXPECT_EQ(hash_.Find(Sector(0)), nullptr);
  EXPECT_EQ(hash_.Find(Sector(809)), nullptr);
  EXPECT_EQ(hash_.Find(Sector(8008)), nullptr);
}

TEST_F(MergeHashTest, FindsTheOneThatWasAddedOrMadeHotLast) {
  Request& older = Add(100, 8);
  Request& younger = Add(92, 16);
  EXPECT_EQ(hash_.Find(Sector(108)), &younger);
  hash_.MakeHot(older);
  EXPECT_EQ(hash_.Find(Sector(108)), &older);
}

TEST_F(MergeHashTest, FindsOnlyWhatMayBeMerged) {
  Request& first = Add(100, 8);
  Request& second = Add(100, 8);
  second.nomerge = true;
  EXPECT_EQ(hash_.Find(Sector(108)), &first);
  EXPECT_FALSE(second.hash_hook.is_linked()) << "forgotten on the way";
  first.started = true;
  EXPECT_EQ(hash_.Find(Sector(108)), nullptr);
}

TEST_F(MergeHashTest, FollowsTheEndOfARequest) {
  Request& request = Add(100, 8);
  request.nr_sectors = 24;
  hash_.Reposition(request);
  EXPECT_EQ(hash_.Find(Sector(108)), nullptr);
  EXPECT_EQ(hash_.Find(Sector(124)), &request);
  request.nr_sectors = 32;
  MergeHash::Remove(request);
  EXPECT_EQ(hash_.Find(Sector(132)), nullptr);
}

TEST_F(MergeHashTest, RemovingOrHeatingWhatIsNotInDoesNothing) {
  Request request;
  MergeHash::Remove(request);
  hash_.MakeHot(request);
  EXPECT_FALSE(request.hash_hook.is_linked());
}

}  // namespace
}  // namespace biotope
