// The engine: the order of events and messages, the back ends, and the ends that a run can have.

#include "sim/engine/engine.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/core/error.h"
#include "sim/engine/actor.h"
#include "sim/engine/co.h"

namespace biotope {
namespace {

class Player;

struct Note : Message {
  int number = 0;
  Player* holder = nullptr;
};

// Writes down what it receives and when.
class Recorder : public Actor {
 public:
  explicit Recorder(Engine& engine) : Actor(engine, "recorder") {}
  Port<Note> port() { return Port<Note>::To<&Recorder::OnNote>(*this); }
  std::vector<std::string> log;

 private:
  void OnNote(Note& note) {
    log.push_back(std::to_string(engine().now().value()) + ":" + std::to_string(note.number));
  }
};

class EngineTest : public testing::TestWithParam<Backend> {};

INSTANTIATE_TEST_SUITE_P(AllBackends, EngineTest,
                         testing::Values(Backend::kPublic, Backend::kShim, Backend::kFastForward),
                         [](const auto& backend) {
                           return std::string(BackendName(backend.param)) == "fast-forward"
                                      ? std::string("fast_forward")
                                      : std::string(BackendName(backend.param));
                         });

struct Sending {
  Recorder* recorder;
  Note note;
};

void SendNote(void* sending) {
  Sending& s = *static_cast<Sending*>(sending);
  s.recorder->port().Send(s.note);
}

TEST_P(EngineTest, EventsOfOneTickFireInTheOrderInWhichTheyWereAskedFor) {
  Engine engine(GetParam());
  Recorder recorder(engine);
  std::vector<Sending> sendings(20);
  for (int i = 0; i < 20; ++i) {
    sendings[static_cast<size_t>(i)].recorder = &recorder;
    sendings[static_cast<size_t>(i)].note.number = i;
    // Later dates first, so that the order of asking differs from that of dates.
    engine.At(Tick(i < 10 ? 200 : 100), SendNote, &sendings[static_cast<size_t>(i)]);
  }
  engine.Run();
  ASSERT_EQ(recorder.log.size(), 20u);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(recorder.log[static_cast<size_t>(i)], "100:" + std::to_string(i + 10));
    EXPECT_EQ(recorder.log[static_cast<size_t>(i + 10)], "200:" + std::to_string(i));
  }
  EXPECT_TRUE(engine.stalled());
  EXPECT_EQ(engine.now(), Tick(200));
}

TEST_P(EngineTest, DatesFarBeyondTheRangeOfADoubleStayExact) {
  Engine engine(GetParam());
  Recorder recorder(engine);
  std::vector<Sending> sendings(3);
  const uint64_t far = (uint64_t{1} << 60) + 1;
  for (uint64_t i = 0; i < 3; ++i) {
    sendings[i].recorder = &recorder;
    sendings[i].note.number = static_cast<int>(i);
    engine.At(Tick(far + i), SendNote, &sendings[i]);
  }
  engine.Run();
  EXPECT_EQ(recorder.log,
            (std::vector<std::string>{std::to_string(far) + ":0", std::to_string(far + 1) + ":1",
                                      std::to_string(far + 2) + ":2"}));
}

// Two actors that hand a note to and fro, each after a time of its own; the date is the
// fingerprint.
class Player : public Actor {
 public:
  Player(Engine& engine, std::string name, Tick pause) : Actor(engine, name), pause_(pause) {}
  Port<Note> port() { return Port<Note>::To<&Player::OnNote>(*this); }
  void set_partner(Player* partner) { partner_ = partner; }
  uint64_t fingerprint = 0;

 private:
  void OnNote(Note& note) {
    fingerprint = fingerprint * 31 + engine().now().value();
    if (++note.number == 1000) return engine().Stop();
    note.holder = this;
    if (engine().TryAdvance(engine().now() + pause_)) return Forward(&note);
    engine().At(engine().now() + pause_, Forward, &note);
  }
  static void Forward(void* argument) {
    Note& note = *static_cast<Note*>(argument);
    note.holder->partner_->port().Send(note);
  }
  const Tick pause_;
  Player* partner_ = nullptr;
};

TEST(EngineBackends, GiveTheSameDates) {
  std::vector<std::pair<uint64_t, uint64_t>> results;
  for (const Backend backend : {Backend::kPublic, Backend::kShim, Backend::kFastForward}) {
    Engine engine(backend);
    Player a(engine, "a", Tick(7));
    Player b(engine, "b", Tick(11));
    a.set_partner(&b);
    b.set_partner(&a);
    Note first;
    Note second;  // two notes at once, so that actors are busy at the same time
    a.port().Send(first);
    b.port().Send(second);
    engine.Run();
    EXPECT_FALSE(engine.stalled());
    results.emplace_back(a.fingerprint, b.fingerprint);
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
  EXPECT_NE(results[0].first, 0u);
}

class Thrower : public Actor {
 public:
  explicit Thrower(Engine& engine) : Actor(engine, "thrower") {}
  Port<Note> port() { return Port<Note>::To<&Thrower::OnNote>(*this); }

 private:
  Handler OnNote(Note&) {
    throw SimulationError("planted");
    co_return;
  }
};

TEST_P(EngineTest, AnErrorThatLeavesAnActorEndsTheRun) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer takes an exception on SimGrid's stacks for an overflow";
#endif
  Engine engine(GetParam());
  Thrower thrower(engine);
  Note note;
  thrower.port().Send(note);
  EXPECT_THROW(engine.Run(), SimulationError);
}

TEST_P(EngineTest, EnginesFollowEachOtherInOneProcess) {
  for (int run = 0; run < 3; ++run) {
    Engine engine(GetParam());
    Recorder recorder(engine);
    Sending sending{&recorder, {}};
    engine.At(Tick(5), SendNote, &sending);
    engine.Run();
    EXPECT_EQ(recorder.log, std::vector<std::string>{"5:0"}) << "run " << run;
  }
}

TEST(TryAdvance, DoesNotPassAnEventNorAMessage) {
  Engine engine(Backend::kFastForward);
  struct Prober : Actor {
    explicit Prober(Engine& e) : Actor(e, "prober") {}
    Port<Note> port() { return Port<Note>::To<&Prober::OnNote>(*this); }
    void OnNote(Note& note) {
      if (note.number == 0) return;  // the first activation is not in the fast-forward regime yet
      const Tick now = engine().now();
      results.push_back(engine().TryAdvance(now + Tick(100)));  // an event at +100 must come first
      results.push_back(engine().TryAdvance(now + Tick(99)));
      port().Send(other);
      results.push_back(engine().TryAdvance(engine().now()));  // a message waits
    }
    Note other;
    std::vector<bool> results;
  };
  Prober prober(engine);
  Recorder recorder(engine);
  Note probe;
  probe.number = 1;
  struct Start {
    Prober* prober;
    Note* probe;
  } start{&prober, &probe};
  engine.At(
      Tick(10),
      [](void* s) {
        Start& begin = *static_cast<Start*>(s);
        begin.prober->port().Send(*begin.probe);
      },
      &start);
  Sending later{&recorder, {}};
  engine.At(Tick(110), SendNote, &later);
  engine.Run();
  EXPECT_EQ(prober.results, (std::vector<bool>{false, true, false}));
}

}  // namespace
}  // namespace biotope
