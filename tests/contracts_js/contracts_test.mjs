// Contracts of OpenZeppelin on four real nodes, through JSON-RPC as wallets use it.
import assert from "node:assert/strict";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Devnet} from "./devnet.mjs";
import {ethers} from "./libraries.mjs";

const compiled = JSON.parse(readFileSync(process.env.SLUICE_COMPILED, "utf8")).contracts;
/** A contract by name, whichever file it is in. */
const contractNamed = (name) => {
    for (const file of Object.values(compiled)) if (file[name]) return file[name];
    throw new Error(`no contract ${name}`);
};
const eth = ethers.parseEther;
const supply = eth("1000000");
const euro = ethers.hexlify(ethers.toUtf8Bytes("EUR"));
const accounts = "0x0000000000000000000000000000000000005e02";

let devnet, token, anna, hasFailed = false;

/** A test; when one fails, the network's folder is kept. */
const check = (name, body) =>
    test(name, async (context) => {
        try {
            await body(context);
        } catch (failure) {
            hasFailed = true;
            throw failure;
        }
    });

/** A call reverts with this custom error, decoded from error.data as wallets do. */
async function revertsWith(call, error, ...args) {
    await assert.rejects(call, (failure) => {
        assert.equal(failure.code, "CALL_EXCEPTION", failure.message);
        assert.equal(failure.revert?.name, error, failure.message);
        if (args.length > 0) assert.deepEqual([...failure.revert.args], args);
        return true;
    });
}

before(async () => {
    devnet = await Devnet.start(process.env.SLUICE_PROGRAM, Number(process.env.SLUICE_BASE_PORT ?? 29545));
    anna = await devnet.newAccount();
    token = await devnet.deploy(contractNamed("BankToken"), "Bank Token", "BNK", devnet.owner.address, supply);
});

after(async () => devnet?.stop(hasFailed));

check("Multicall3 is at its well-known address from genesis, as the compiler makes it", async () => {
    const address = "0xcA11bde05977b3631167028862bE2a173976CA11";
    const {abi, evm} = contractNamed("Multicall");
    assert.equal(await devnet.provider.getCode(address), `0x${evm.deployedBytecode.object}`);
    const multicall = new ethers.Contract(address, abi, devnet.provider);
    const target = await token.getAddress();
    const calls = [
        {target, allowFailure: false, callData: token.interface.encodeFunctionData("totalSupply")},
        {target, allowFailure: true, callData: "0xffffffff"},
        {target: address, allowFailure: false, callData: multicall.interface.encodeFunctionData("getChainId")},
    ];
    const [total, failed, chain] = await multicall.aggregate3.staticCall(calls);
    assert.deepEqual([total.success, BigInt(total.returnData)], [true, supply]);
    assert.equal(failed.success, false);
    assert.equal(BigInt(chain.returnData), (await devnet.provider.getNetwork()).chainId);
});

check("ERC20: supply, transfers, allowances, events", async () => {
    assert.equal(await token.name(), "Bank Token");
    assert.equal(await token.totalSupply(), supply);
    const receipt = await devnet.settle(token.transfer(anna.address, eth("5")));
    assert.equal(receipt.status, 1);
    assert.equal(receipt.gasPrice, 7n);
    const event = token.interface.parseLog(receipt.logs[0]);
    assert.equal(event.name, "Transfer");
    assert.deepEqual([...event.args], [devnet.owner.address, anna.address, eth("5")]);
    assert.equal(await token.balanceOf(anna.address), eth("5"));
    await devnet.settle(token.approve(anna.address, 100n));
    await devnet.settle(token.connect(anna).transferFrom(devnet.owner.address, anna.address, 60n));
    assert.equal(await token.allowance(devnet.owner.address, anna.address), 40n);
    await revertsWith(token.connect(anna).transferFrom.staticCall(devnet.owner.address, anna.address, 41n),
        "ERC20InsufficientAllowance", anna.address, 40n, 41n);
    const logs = await devnet.provider.getLogs({address: await token.getAddress(), fromBlock: 0});
    assert.equal(logs.filter((log) => log.topics[0] === token.interface.getEvent("Transfer").topicHash).length, 3);
});

check("ERC20: a transfer that fails in its block changes nothing but the nonce", async () => {
    const before = await token.balanceOf(anna.address);
    const nonce = await anna.getNonce();
    const receipt = await devnet.settle(token.connect(anna).transfer(devnet.owner.address, supply, {gasLimit: 200_000}));
    assert.equal(receipt.status, 0);
    assert.equal(receipt.logs.length, 0);
    assert.equal(await token.balanceOf(anna.address), before);
    assert.equal(await anna.getNonce(), nonce + 1);
    assert.equal(await devnet.provider.getBalance(anna.address), eth("1"), "gas costs nothing");
});

check("ERC20Permit: a signed permit works once and only for its signer", async () => {
    const deadline = ethers.MaxUint256;
    const domain = {name: "Bank Token", version: "1", chainId: devnet.description.chainId,
        verifyingContract: await token.getAddress()};
    const types = {Permit: [{name: "owner", type: "address"}, {name: "spender", type: "address"},
        {name: "value", type: "uint256"}, {name: "nonce", type: "uint256"}, {name: "deadline", type: "uint256"}]};
    const value = {owner: anna.address, spender: devnet.owner.address, value: 33n, nonce: 0n, deadline};
    const {v, r, s} = ethers.Signature.from(await anna.signTypedData(domain, types, value));
    const receipt = await devnet.settle(token.permit(anna.address, devnet.owner.address, 33n, deadline, v, r, s));
    assert.equal(receipt.status, 1);
    assert.equal(await token.allowance(anna.address, devnet.owner.address), 33n);
    assert.equal(await token.nonces(anna.address), 1n);
    await assert.rejects(token.permit.staticCall(anna.address, devnet.owner.address, 33n, deadline, v, r, s),
        (failure) => failure.revert?.name === "ERC2612InvalidSigner");
});

check("AccessControl: only a minter mints, and roles are given and taken", async () => {
    const minter = await token.MINTER_ROLE();
    await revertsWith(token.connect(anna).mint.staticCall(anna.address, 1n),
        "AccessControlUnauthorizedAccount", anna.address, minter);
    await devnet.settle(token.grantRole(minter, anna.address));
    const total = await token.totalSupply();
    await devnet.settle(token.connect(anna).mint(anna.address, 9n));
    assert.equal(await token.totalSupply(), total + 9n);
    await devnet.settle(token.revokeRole(minter, anna.address));
    assert.equal(await token.hasRole(minter, anna.address), false);
    await revertsWith(token.connect(anna).grantRole.staticCall(minter, anna.address),
        "AccessControlUnauthorizedAccount", anna.address, ethers.ZeroHash);
});

/** A counter behind a proxy, with the proxy's address. */
async function countersBehind(proxyName, ...more) {
    const one = await devnet.deploy(contractNamed("Counter"));
    const start = one.interface.encodeFunctionData("initialize", [devnet.owner.address, 40n]);
    const proxy = await devnet.deploy(contractNamed(proxyName), await one.getAddress(), ...more, start);
    return new ethers.Contract(await proxy.getAddress(), contractNamed("Counter").abi, devnet.owner);
}

check("UUPS behind ERC1967Proxy: state stays, code changes, only the owner upgrades", async () => {
    const counter = await countersBehind("ERC1967Proxy");
    const two = await devnet.deploy(contractNamed("CounterOfTens"));
    await devnet.settle(counter.increment());
    assert.equal(await counter.count(), 41n);
    await revertsWith(counter.initialize.staticCall(anna.address, 1n), "InvalidInitialization");
    await revertsWith(counter.connect(anna).upgradeToAndCall.staticCall(await two.getAddress(), "0x"),
        "NotOwner", anna.address);
    await devnet.settle(counter.upgradeToAndCall(await two.getAddress(), "0x"));
    await devnet.settle(counter.increment());
    assert.equal(await counter.version(), "two");
    assert.equal(await counter.count(), 51n);
    const slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"; // ERC-1967
    const stored = await devnet.provider.getStorage(await counter.getAddress(), slot);
    assert.equal(ethers.getAddress(ethers.dataSlice(stored, 12)), await two.getAddress());
});

check("TransparentUpgradeableProxy: its admin upgrades through ProxyAdmin", async () => {
    const counter = await countersBehind("TransparentUpgradeableProxy", devnet.owner.address);
    const two = await devnet.deploy(contractNamed("CounterOfTens"));
    const slot = "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103"; // ERC-1967
    const stored = await devnet.provider.getStorage(await counter.getAddress(), slot);
    const admin = new ethers.Contract(ethers.getAddress(ethers.dataSlice(stored, 12)),
        contractNamed("ProxyAdmin").abi, devnet.owner);
    await revertsWith(
        admin.connect(anna).upgradeAndCall.staticCall(await counter.getAddress(), await two.getAddress(), "0x"),
        "OwnableUnauthorizedAccount", anna.address);
    await devnet.settle(admin.upgradeAndCall(await counter.getAddress(), await two.getAddress(), "0x"));
    await devnet.settle(counter.increment());
    assert.equal(await counter.count(), 50n);
});

check("Governor and TimelockController: a proposal is voted, queued, waits and is executed", async () => {
    const timelock = await devnet.deploy(contractNamed("TimelockController"), 1n, [], [ethers.ZeroAddress],
        devnet.owner.address);
    const governor = await devnet.deploy(contractNamed("BankGovernor"), await token.getAddress(),
        await timelock.getAddress());
    await devnet.settle(timelock.grantRole(await timelock.PROPOSER_ROLE(), await governor.getAddress()));
    await devnet.settle(token.grantRole(await token.MINTER_ROLE(), await timelock.getAddress()));
    await devnet.settle(token.delegate(devnet.owner.address));

    const call = token.interface.encodeFunctionData("mint", [anna.address, 777n]);
    const words = "Mint 777 for Anna";
    const proposal = [[await token.getAddress()], [0n], [call]];
    const id = await governor.getProposalId(...proposal, ethers.id(words));
    await devnet.settle(governor.propose(...proposal, words));
    await devnet.passBlocks(2);
    assert.equal(await governor.state(id), 1n, "active");
    await devnet.settle(governor.castVote(id, 1));
    await devnet.passBlocks(8);
    assert.equal(await governor.state(id), 4n, "succeeded");
    await devnet.settle(governor.queue(...proposal, ethers.id(words)));
    assert.equal(await governor.state(id), 5n, "queued");
    const before = await token.balanceOf(anna.address);
    const early = await devnet.settle(governor.execute(...proposal, ethers.id(words), {gasLimit: 1_000_000}));
    assert.equal(early.status, 0, "not before the delay has passed");
    await new Promise((done) => setTimeout(done, 2_100));
    const executed = await devnet.settle(governor.execute(...proposal, ethers.id(words), {gasLimit: 1_000_000}));
    assert.equal(executed.status, 1);
    assert.equal(await token.balanceOf(anna.address), before + 777n);
});

check("settlement contracts answer Solidity, refuse strangers, and not by DELEGATECALL", async () => {
    const caller = await devnet.deploy(contractNamed("SettlementCaller"));
    const bank = devnet.description.nodes[0].bic.padEnd(11, "X");
    const bankBytes = ethers.hexlify(ethers.toUtf8Bytes(bank));
    assert.equal(await caller.balanceOf(bankBytes, euro), 100_000_000_000n);
    const refusal = ethers.id("Refused(bytes4)").slice(0, 10);
    await assert.rejects(caller.tryToIssue.staticCall(bankBytes, euro), (failure) => {
        assert.equal(failure.data, refusal + ethers.hexlify(ethers.toUtf8Bytes("AG01")).slice(2).padEnd(64, "0"));
        return true;
    });
    const kept = await caller.tryToIssueAndGoOn.staticCall(bankBytes, euro);
    assert.equal(kept.slice(0, 10), refusal);
    const receipt = await devnet.settle(caller.tryToIssueAndGoOn(bankBytes, euro));
    assert.equal(receipt.status, 1);
    assert.equal(await caller.calls(), 1n);
    assert.equal(await caller.balanceOf(bankBytes, euro), 100_000_000_000n);
    assert.equal(await caller.delegate.staticCall(bankBytes, euro), false);
    assert.equal(await devnet.provider.getCode(accounts), "0xfe");
});

for (const [name, what] of [["loopForever", "an endless loop"], ["recurseForever", "endless recursion"],
    ["askForMemory", "a request for 2^40 bytes of memory"]])
    check(`${what} costs its sender's gas limit and nothing else`, async () => {
        const hostile = await devnet.deploy(contractNamed("Hostile"));
        const gasLimit = 10_000_000n;
        const balance = await devnet.provider.getBalance(anna.address);
        const {view} = await devnet.provider.send("sluice_status", []);
        const begin = Date.now();
        const receipt = await devnet.settle(hostile.connect(anna)[name]({gasLimit}));
        const took = Date.now() - begin;
        assert.equal(receipt.status, 0);
        assert.equal(receipt.gasUsed, gasLimit);
        assert.equal(receipt.logs.length, 0);
        assert.equal(await hostile.harm(), 0n);
        assert.equal(await devnet.provider.getBalance(anna.address), balance);
        assert.ok(took < 5_000, `final after ${took} ms`);
        // The chain goes on, in the view it was in.
        const height = await devnet.height();
        const next = await devnet.settle(token.transfer(anna.address, 1n));
        assert.equal(next.status, 1);
        assert.ok(next.blockNumber > height);
        assert.equal((await devnet.provider.send("sluice_status", [])).view, view, "nobody was suspected");
        // Calls that leave no trace are bounded as well.
        await assert.rejects(hostile[name].staticCall());
    });

check("EIP-7702: an account takes a contract's code and gives it back", async () => {
    const code = await devnet.deploy(contractNamed("Reverts"));
    const bert = ethers.Wallet.createRandom().connect(devnet.provider);
    const {chainId} = devnet.description;
    const delegateTo = async (address, nonce, data) => devnet.settle(devnet.owner.sendTransaction({
        type: 4, to: bert.address, data, gasLimit: 200_000,
        authorizationList: [await bert.authorize({address, nonce, chainId})]}));
    const target = await code.getAddress();
    const taken = await delegateTo(target, 0, code.interface.encodeFunctionData("withPanic", [1]));
    assert.equal(taken.status, 1);
    assert.equal(await devnet.provider.getCode(bert.address), "0xef0100" + target.slice(2).toLowerCase());
    assert.equal(await code.attach(bert.address).withPanic(2), 202n);
    const given = await delegateTo(ethers.ZeroAddress, 1, "0x");
    assert.equal(given.status, 1);
    assert.equal(await devnet.provider.getCode(bert.address), "0x");
});

check("precompiled contracts that are left out say so", async () => {
    for (const number of ["0a", "0b", "11"])
        await assert.rejects(devnet.provider.call({to: "0x" + number.padStart(40, "0"), data: "0x"}),
            (failure) => /not part of this chain/.test(JSON.stringify(failure.info ?? failure.message)));
    const hash = await devnet.provider.call({to: "0x" + "2".padStart(40, "0"), data: "0x616263"});
    assert.equal(hash, ethers.sha256("0x616263"));
});

check("sluice deploy and sluice call: arguments, results, logs, and reverts in words", async () => {
    const file = process.env.SLUICE_COMPILED;
    const abi = join(devnet.dir, "Reverts.abi.json");
    writeFileSync(abi, JSON.stringify(contractNamed("Reverts").abi));
    const deployed = await devnet.sluice("deploy", file, "--contract", "BankToken", "--args", "Other Token", "OTH",
        anna.address, "1000");
    assert.equal(deployed.code, 0, JSON.stringify(deployed.json));
    devnet.sent.push(deployed.json.txHash);
    const {address} = deployed.json;
    const balance = await devnet.sluice("call", address, "balanceOf(address)(uint256)", anna.address);
    assert.deepEqual(balance.json.result, ["1000"]);
    const named = await devnet.sluice("call", address, "name", "--abi", file, "--contract", "BankToken");
    assert.deepEqual(named.json.result, ["Other Token"]);
    const unfunded = await devnet.sluice("call", address, "transfer", anna.address, "5", "--send", "--abi", file,
        "--contract", "BankToken");
    assert.equal(unfunded.code, 1);
    assert.match(unfunded.json.error, /^reverted: ERC20InsufficientBalance\(sender: 0x\w+, balance: 0, needed: 5\); nothing was sent/);

    const reverts = (await devnet.sluice("deploy", file, "--contract", "Reverts")).json;
    const call = (...words) => devnet.sluice("call", reverts.address, ...words, "--abi", abi);
    assert.match((await call("withReason")).json.error, /^reverted: no such account/);
    assert.match((await call("withError", "9")).json.error, /^reverted: InsufficientFunds\(available: 7, needed: 9\)/);
    assert.match((await call("withPanic", "100")).json.error, /^reverted: Panic\(0x11\): arithmetic overflow/);
    assert.match((await call("withoutReason")).json.error, /^reverted: without a reason/);
    const unknown = await devnet.sluice("call", reverts.address, "withError(uint256)", "9");
    assert.match(unknown.json.error, /^reverted: an error with selector 0x\w{8} and data 0x0{63}7/);
    const failed = await call("withPanic", "100", "--send", "--gas", "100000");
    assert.equal(failed.code, 1);
    assert.equal(failed.json.receipt.status, "0x0");
    assert.match(failed.json.error, /^reverted: Panic\(0x11\)/);

    const legs = `[(${anna.address},[1,2,3],"a, (b)"),(${anna.address},[],"")]`;
    const echoed = await call("echo", legs, "[-32768,32767]", "0x0102030405");
    assert.deepEqual(echoed.json.result, [
        [{to: anna.address, amounts: ["1", "2", "3"], memo: "a, (b)"}, {to: anna.address, amounts: [], memo: ""}],
        ["-32768", "32767"], "0x0102030405"]);
    const booked = await call("book", `(${anna.address},[7],"memo")`, "ref", "--send");
    assert.equal(booked.code, 0, JSON.stringify(booked.json));
    assert.equal(booked.json.logs[0].event, "Booked");
    assert.deepEqual(booked.json.logs[0].arguments, {by: devnet.owner.address, reference_: ethers.id("ref"),
        leg: {to: anna.address, amounts: ["7"], memo: "memo"}});
    const wrong = await call("withPanic", "256");
    assert.equal(wrong.code, 2);
    assert.match(wrong.json.error, /argument 1 \(uint8 number\): 256 is outside the range of uint8/);
});

check("every node has the same receipts, code and state", async () => {
    assert.ok(devnet.sent.length > 40);
    for (const hash of devnet.sent) {
        const [first, ...others] = await devnet.fromEveryNode("eth_getTransactionReceipt", [hash]);
        assert.ok(first, hash);
        for (const other of others) assert.deepEqual(other, first);
    }
    const [root, ...roots] = (await devnet.fromEveryNode("eth_getBlockByNumber", ["latest", false]));
    for (const other of roots) assert.equal(other.stateRoot, root.stateRoot);
    const [code, ...codes] = await devnet.fromEveryNode("eth_getCode", [await token.getAddress(), "latest"]);
    assert.ok(code.length > 1_000);
    for (const other of codes) assert.equal(other, code);
});
