#include "layers/iosched/sort_tree.h"

#include <gtest/gtest.h>

#include <array>

namespace biotope {
namespace {

class SortTreeTest : public testing::Test {
 protected:
  SortTreeTest() {
    for (size_t i = 0; i < requests_.size(); ++i) {
      requests_[i].sector = Sector(100 * (i + 1));
      EXPECT_EQ(tree_.InsertUnlessAlias(requests_[i]), nullptr);
    }
  }

  std::array<Request, 3> requests_;  // at 100, 200, 300
  SortTree tree_;
};

TEST_F(SortTreeTest, KnowsTheNeighbours) {
  EXPECT_EQ(tree_.First(), &requests_[0]);
  EXPECT_EQ(tree_.Former(requests_[0]), nullptr);
  EXPECT_EQ(tree_.Latter(requests_[0]), &requests_[1]);
  EXPECT_EQ(tree_.Former(requests_[2]), &requests_[1]);
  EXPECT_EQ(tree_.Latter(requests_[2]), nullptr);
}

TEST_F(SortTreeTest, FindsByStart) {
  EXPECT_EQ(tree_.Find(Sector(200)), &requests_[1]);
  EXPECT_EQ(tree_.Find(Sector(201)), nullptr);
  EXPECT_EQ(tree_.Find(Sector(400)), nullptr);
}

TEST_F(SortTreeTest, ReturnsTheAliasInsteadOfInserting) {
  Request alias;
  alias.sector = Sector(200);
  EXPECT_EQ(tree_.InsertUnlessAlias(alias), &requests_[1]);
  EXPECT_EQ(tree_.Latter(requests_[1]), &requests_[2]);
  tree_.Remove(requests_[1]);
  EXPECT_EQ(tree_.InsertUnlessAlias(alias), nullptr);
  EXPECT_EQ(tree_.Find(Sector(200)), &alias);
  tree_.Remove(alias);
}

TEST_F(SortTreeTest, RemovesARequestWhoseStartHasChanged) {
  requests_[1].sector = Sector(192);
  EXPECT_EQ(tree_.Former(requests_[1]), &requests_[0]);
  tree_.Remove(requests_[1]);
  EXPECT_EQ(tree_.Latter(requests_[0]), &requests_[2]);
  EXPECT_EQ(tree_.InsertUnlessAlias(requests_[1]), nullptr);
  EXPECT_EQ(tree_.Find(Sector(192)), &requests_[1]);
}

TEST_F(SortTreeTest, BecomesEmpty) {
  for (Request& request : requests_) tree_.Remove(request);
  EXPECT_TRUE(tree_.empty());
  EXPECT_EQ(tree_.First(), nullptr);
}

}  // namespace
}  // namespace biotope
