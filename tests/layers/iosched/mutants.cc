#include "tests/layers/iosched/mutants.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "layers/iosched/anticipatory.h"
#include "layers/iosched/cfq_quantum.h"
#include "layers/iosched/cfq_time_slices.h"
#include "layers/iosched/deadline.h"
#include "layers/iosched/noop.h"
#include "layers/iosched/request_queues.h"

namespace biotope {
namespace {

// Does what a sound scheduler does.
class Wrapper : public IoScheduler {
 public:
  MergeCandidate FindMerge(const Bio& bio) override { return sound_.FindMerge(bio); }
  void Merged(Request& request, MergeKind kind) override { sound_.Merged(request, kind); }
  Request* Former(Request& request) override { return sound_.Former(request); }
  Request* Latter(Request& request) override { return sound_.Latter(request); }
  void MergedRequests(Request& survivor, Request& gone) override {
    sound_.MergedRequests(survivor, gone);
  }
  void Insert(Request& request, Tick now) override { sound_.Insert(request, now); }
  Request* Dispatch(Tick now) override { return sound_.Dispatch(now); }
  bool HasWork() const override { return sound_.HasWork(); }

 protected:
  DeadlineScheduler sound_{DeadlineTunables{}, 1000};
};

class LosesARequest : public Wrapper {
 public:
  void Insert(Request& request, Tick now) override {
    if (++inserted_ % 7 == 0) {
      ++lost_;
    } else {
      Wrapper::Insert(request, now);
    }
  }
  bool HasWork() const override { return Wrapper::HasWork() || lost_ > 0; }

 private:
  int inserted_ = 0;
  int lost_ = 0;
};

class DispatchesTwice : public Wrapper {
 public:
  Request* Dispatch(Tick now) override {
    if (++calls_ % 9 == 0 && last_ != nullptr) return last_;
    return last_ = Wrapper::Dispatch(now);
  }

 private:
  int calls_ = 0;
  Request* last_ = nullptr;
};

class DispatchesASwallowedRequest : public Wrapper {
 public:
  void MergedRequests(Request& survivor, Request& gone) override {
    Wrapper::MergedRequests(survivor, gone);
    gone_ = &gone;
  }
  Request* Dispatch(Tick now) override {
    return gone_ != nullptr ? std::exchange(gone_, nullptr) : Wrapper::Dispatch(now);
  }

 private:
  Request* gone_ = nullptr;
};

class KeepsTheLastRequest : public Wrapper {
 public:
  void Insert(Request& request, Tick now) override {
    ++held_;
    Wrapper::Insert(request, now);
  }
  void MergedRequests(Request& survivor, Request& gone) override {
    --held_;
    Wrapper::MergedRequests(survivor, gone);
  }
  Request* Dispatch(Tick now) override {
    if (held_ < 2) return nullptr;
    --held_;
    return Wrapper::Dispatch(now);
  }

 private:
  int held_ = 0;
};

class WakesUpInThePast : public KeepsTheLastRequest {
 public:
  std::optional<Tick> NextWakeup() const override { return Tick(0); }
};

class WakesUpForEver : public KeepsTheLastRequest {
 public:
  Request* Dispatch(Tick now) override {
    now_ = now;
    return KeepsTheLastRequest::Dispatch(now);
  }
  std::optional<Tick> NextWakeup() const override { return now_ + kMillisecond; }

 private:
  Tick now_;
};

// Waits for a task and forgets that it may not come.
class AnticipatesForEver : public AnticipatoryScheduler {
 public:
  AnticipatesForEver() : AnticipatoryScheduler(AnticipatoryTunables{}, 1000) {}
  std::optional<Tick> NextWakeup() const override { return std::nullopt; }
};

// The same with slices.
class IdlesForEver : public CfqTimeSlicesScheduler {
 public:
  IdlesForEver() : CfqTimeSlicesScheduler(CfqTimeSlicesTunables{}, 1000) {}
  std::optional<Tick> NextWakeup() const override { return std::nullopt; }
};

// Forgets that others may be sorted in before what the driver looks at.
class KeepsWhatIsInFront : public CfqQuantumScheduler {
 public:
  KeepsWhatIsInFront() : CfqQuantumScheduler(CfqQuantumTunables{}, 1000) {}
  Request& Reconsider(Request& request, Tick now) override {
    CfqQuantumScheduler::Reconsider(request, now);  // counts it as dispatched
    return request;
  }
};

class PutsAStrangerInFront : public Wrapper {
 public:
  Request* Dispatch(Tick now) override {
    former_ = last_;
    return last_ = Wrapper::Dispatch(now);
  }
  Request& Reconsider(Request& request, Tick) override {
    return former_ != nullptr ? *former_ : request;
  }

 private:
  Request* former_ = nullptr;
  Request* last_ = nullptr;
};

class DeniesItsWork : public Wrapper {
 public:
  bool HasWork() const override { return false; }
};

class MergesWhatDoesNotFit : public Wrapper {
 public:
  void Insert(Request& request, Tick now) override {
    last_ = &request;
    Wrapper::Insert(request, now);
  }
  Request* Dispatch(Tick now) override {
    last_ = nullptr;
    return Wrapper::Dispatch(now);
  }
  MergeCandidate FindMerge(const Bio& bio) override {
    if (last_ != nullptr && last_->write == bio.write) return {MergeKind::kBack, last_};
    return {};
  }

 private:
  Request* last_ = nullptr;
};

class MergesWithADispatchedRequest : public Wrapper {
 public:
  Request* Dispatch(Tick now) override { return last_ = Wrapper::Dispatch(now); }
  MergeCandidate FindMerge(const Bio& bio) override {
    if (last_ != nullptr && last_->end() == bio.sector) return {MergeKind::kBack, last_};
    return Wrapper::FindMerge(bio);
  }

 private:
  Request* last_ = nullptr;
};

class NamesAStrangerAsNeighbour : public Wrapper {
 public:
  Request* Latter(Request& request) override { return &request; }
};

// Damages the request itself: its sectors are no longer those of its bios.
class ForgetsABio : public Wrapper {
 public:
  void Merged(Request& request, MergeKind kind) override {
    Wrapper::Merged(request, kind);
    if (kind == MergeKind::kBack) request.bio->next = nullptr;
  }
};

class SortsByAddress : public Wrapper {
 public:
  MergeCandidate FindMerge(const Bio&) override { return {}; }
  Request* Dispatch(Tick now) override {
    if (held_back_ == nullptr) held_back_ = Wrapper::Dispatch(now);
    Request* request = Wrapper::Dispatch(now);
    if (request == nullptr || held_back_ < request) std::swap(request, held_back_);
    return request;
  }
  bool HasWork() const override { return Wrapper::HasWork() || held_back_ != nullptr; }

 private:
  Request* held_back_ = nullptr;
};

int previous_schedulers = 0;

class RemembersItsPredecessors : public NoopScheduler {
 public:
  RemembersItsPredecessors() : late_(++previous_schedulers % 2 == 0) {}
  MergeCandidate FindMerge(const Bio& bio) override {
    return late_ ? MergeCandidate{} : NoopScheduler::FindMerge(bio);
  }

 private:
  const bool late_;
};

// Merges nothing.
class Plain : public IoScheduler {
 public:
  MergeCandidate FindMerge(const Bio&) override { return {}; }
  void Merged(Request&, MergeKind) override {}
  Request* Former(Request&) override { return nullptr; }
  Request* Latter(Request&) override { return nullptr; }
  void MergedRequests(Request&, Request&) override {}
};

// Reads first, always.
class StarvesWrites : public Plain {
 public:
  void Insert(Request& request, Tick now) override {
    (request.write ? writes_ : reads_).Insert(request, now);
  }
  Request* Dispatch(Tick now) override {
    return reads_.HasWork() ? reads_.Dispatch(now) : writes_.Dispatch(now);
  }
  bool HasWork() const override { return reads_.HasWork() || writes_.HasWork(); }

 private:
  NoopScheduler reads_, writes_;
};

// The lowest sector first, always.
class StarvesTheFarAway : public Plain {
 public:
  void Insert(Request& request, Tick) override { requests_.push_back(request); }
  Request* Dispatch(Tick) override {
    const auto lowest = std::ranges::min_element(requests_, {}, &Request::sector);
    if (lowest == requests_.end()) return nullptr;
    Request& request = *lowest;
    requests_.erase(lowest);
    return &request;
  }
  bool HasWork() const override { return !requests_.empty(); }

 private:
  DispatchList requests_;
};

template <class M>
Mutant MakeMutant(std::string name, std::string finding) {
  return {std::move(name), [] { return std::make_unique<M>(); }, std::move(finding)};
}

}  // namespace

std::vector<Mutant> AllMutants() {
  return {
      MakeMutant<LosesARequest>("LosesARequest", "idle for ever"),
      MakeMutant<DispatchesTwice>("DispatchesTwice", "dispatches a request that it does not hold"),
      MakeMutant<DispatchesASwallowedRequest>("DispatchesASwallowedRequest",
                                              "dispatches a request that it does not hold"),
      MakeMutant<KeepsTheLastRequest>("KeepsTheLastRequest", "idle for ever"),
      MakeMutant<WakesUpInThePast>("WakesUpInThePast", "not in the future"),
      MakeMutant<WakesUpForEver>("WakesUpForEver", "wakes up for ever"),
      MakeMutant<AnticipatesForEver>("AnticipatesForEver", "idle for ever"),
      MakeMutant<IdlesForEver>("IdlesForEver", "idle for ever"),
      MakeMutant<KeepsWhatIsInFront>("KeepsWhatIsInFront", "says otherwise"),
      MakeMutant<PutsAStrangerInFront>("PutsAStrangerInFront", "puts a request in front"),
      MakeMutant<DeniesItsWork>("DeniesItsWork", "says otherwise"),
      MakeMutant<MergesWhatDoesNotFit>("MergesWhatDoesNotFit", "that does not fit"),
      MakeMutant<MergesWithADispatchedRequest>("MergesWithADispatchedRequest",
                                               "merges a bio with a request that it does not hold"),
      MakeMutant<NamesAStrangerAsNeighbour>("NamesAStrangerAsNeighbour", "names a neighbour"),
      MakeMutant<ForgetsABio>("ForgetsABio", "is not what its bios are"),
      MakeMutant<SortsByAddress>("SortsByAddress", "addresses have an influence"),
      MakeMutant<RemembersItsPredecessors>("RemembersItsPredecessors", "another order"),
      MakeMutant<StarvesWrites>("StarvesWrites", "ascending reads"),
      MakeMutant<StarvesTheFarAway>("StarvesTheFarAway", "ascending reads"),
  };
}

}  // namespace biotope
