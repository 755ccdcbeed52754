#include "layers/iosched/choose_request.h"

#include <gtest/gtest.h>

#include <vector>

namespace biotope {
namespace {

constexpr SeekRule kRule = {.back_max = 1000, .back_penalty = 2};

TEST(ChooseRequest, TakesTheShorterWay) {
  const struct {
    uint64_t head, a, b, better;
    const char* why;
  } cases[] = {
      {1000, 1100, 1200, 1100, "the nearer one ahead"},
      {1000, 1000, 900, 1000, "the head is there already"},
      {1000, 900, 1300, 900, "100 backwards cost 200"},
      {1000, 900, 1150, 1150, "100 backwards cost 200"},
      {1000, 900, 1200, 1200, "the same: the higher one"},
      {1000, 990, 900, 990, "both backwards"},
      {2000, 1000, 9000, 1000, "1000 backwards is not too far"},
      {2001, 1000, 900000, 900000, "1001 backwards is too far"},
      {2001, 1000, 500, 500, "both too far: the lower one"},
      {500, 0, 2000, 0, "near the beginning of the disk"},
  };
  for (const auto& c : cases) {
    Request a, b;
    a.sector = Sector(c.a);
    b.sector = Sector(c.b);
    Request* better = c.better == c.a ? &a : &b;
    EXPECT_EQ(ChooseRequest(&a, &b, Sector(c.head), kRule), better) << c.why;
    EXPECT_EQ(ChooseRequest(&b, &a, Sector(c.head), kRule), better) << c.why << ", other order";
  }
}

TEST(ChooseRequest, ThePenaltyMayBeAnother) {
  Request back, ahead;
  back.sector = Sector(900);
  ahead.sector = Sector(1250);
  EXPECT_EQ(ChooseRequest(&back, &ahead, Sector(1000), {.back_max = 1000, .back_penalty = 2}),
            &back);
  EXPECT_EQ(ChooseRequest(&back, &ahead, Sector(1000), {.back_max = 1000, .back_penalty = 3}),
            &ahead);
}

TEST(ChooseRequest, OneOrNone) {
  Request request;
  EXPECT_EQ(ChooseRequest(&request, nullptr, Sector(0), kRule), &request);
  EXPECT_EQ(ChooseRequest(nullptr, &request, Sector(0), kRule), &request);
  EXPECT_EQ(ChooseRequest(&request, &request, Sector(0), kRule), &request);
  EXPECT_EQ(ChooseRequest(nullptr, nullptr, Sector(0), kRule), nullptr);
}

TEST(ChooseNext, IsANeighbourAndTheLowestFollowsTheHighest) {
  std::vector<Request> requests(3);
  SortTree tree;
  for (size_t i = 0; i < requests.size(); ++i) {
    requests[i].sector = Sector(1000 * i + 10'000);
    tree.InsertUnlessAlias(requests[i]);
  }
  // From each of them, with the head behind it.
  EXPECT_EQ(ChooseNext(tree, requests[0], Sector(10'008), kRule), &requests[1]);
  EXPECT_EQ(ChooseNext(tree, requests[1], Sector(11'008), kRule), &requests[2]);
  EXPECT_EQ(ChooseNext(tree, requests[2], Sector(12'008), kRule), &requests[0])
      << "the former one is too far behind, and so is the lowest";
  EXPECT_EQ(ChooseNext(tree, requests[2], Sector(11'500), kRule), &requests[1]);
}

TEST(ChooseNext, OfTheOnlyOneThereIsNone) {
  Request request;
  SortTree tree;
  tree.InsertUnlessAlias(request);
  EXPECT_EQ(ChooseNext(tree, request, Sector(0), kRule), nullptr);
}

}  // namespace
}  // namespace biotope
