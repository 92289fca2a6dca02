/// What executing bytecode needs beside the state, kept from one message to the next so that nothing is
/// allocated twice: analysed code, and a stack and a memory per call depth.
#pragma once

#include <memory>

namespace sluice::contracts::evm {

class CodeCache;
class FramePool;

/// One per executing thread; good for any number of transactions, blocks and chains, one after the other.
/// Creating one is cheap; what it holds grows with use up to fixed bounds. It never affects a result.
class Machine {
  public:
    Machine();
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    CodeCache& codes() { return *codes_; }
    FramePool& frames() { return *frames_; }

  private:
    std::unique_ptr<CodeCache> codes_;
    std::unique_ptr<FramePool> frames_;
};

}  // namespace sluice::contracts::evm
