// Runs the programs of evm_bench in Sluice's interpreter and in revm (inside anvil, from the npm registry), in turn
// on one machine, and prints nanoseconds of both and their ratio as one JSON object.
//
//     node tests/bench/beside_revm.mjs [PATH OF evm_bench] [ITERATIONS]
//
// anvil is timed from outside: the fastest of several eth_call, less the fastest call of a contract that only stops.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ANVIL = "@foundry-rs/anvil@1.7.1";
const ROUNDS = 7;
const bench = process.argv[2] ?? "build/release/evm_bench";
const iterations = Number(process.argv[3] ?? 200_000);
const port = 28_599;
const empty = "0x00000000000000000000000000000000000000e0";

const folder = mkdtempSync(join(tmpdir(), "beside-revm-"));
let node;
process.on("exit", () => {
  node?.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function rpc(method, params) {
  const response = await fetch(`http://127.0.0.1:${port}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

async function untilItAnswers() {
  for (let attempt = 0; attempt < 100; ++attempt) {
    try {
      return await rpc("eth_chainId", []);
    } catch {
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }
  throw new Error("anvil does not answer");
}

/// Nanoseconds of the fastest eth_call; its answer has to begin with what is expected.
async function fastestCall(to, input, expected) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; ++round) {
    const begin = process.hrtime.bigint();
    const output = await rpc("eth_call", [{ to, input, gas: "0xe8d4a51000" }, "latest"]);
    best = Math.min(best, Number(process.hrtime.bigint() - begin));
    if (!output.startsWith(expected)) throw new Error(`wrong answer ${output}`);
  }
  return best;
}

writeFileSync(join(folder, "package.json"), "{}");
execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", ANVIL], { cwd: folder, stdio: "inherit" });
const file = join(folder, "programs.json");
execFileSync(bench, ["--write", file, String(iterations)]);
const { contract, callee, calleeCode, programs } = JSON.parse(readFileSync(file, "utf8"));

node = spawn(join(folder, "node_modules/.bin/anvil"),
  ["--port", String(port), "--silent", "--gas-limit", "1000000000000", "--hardfork", "prague", "--no-mining"]);
await untilItAnswers();
await rpc("anvil_setCode", [callee, calleeCode]);
await rpc("anvil_setCode", [empty, "0x00"]);
await rpc("anvil_setStorageAt", [contract, "0x" + "0".repeat(63) + "1", "0x" + "0".repeat(64)]);

const result = { other: await rpc("web3_clientVersion", []), unit: "ns per iteration or call", iterations };
let logs = 0;
for (const { name, code, input, expected, times } of programs) {
  const output = execFileSync(bench, [String(ROUNDS), name, String(iterations)], { encoding: "utf8" });
  const ours = JSON.parse(output)[name];
  await rpc("anvil_setCode", [contract, code]);
  const outside = await fastestCall(empty, input, "0x");
  const theirs = (await fastestCall(contract, input, expected) - outside) / times;
  result[name] = { sluice: ours, revm: Number(theirs.toFixed(1)), ratio: Number((ours / theirs).toFixed(2)) };
  logs += Math.log(ours / theirs);
}
result.geometric_mean_of_ratios = Number(Math.exp(logs / programs.length).toFixed(3));
console.log(JSON.stringify(result, null, 1));
process.exit(0);
