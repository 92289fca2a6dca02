// A network of real nodes for one test run, and what every node says about what was sent.
import {execFile} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import {ethers} from "./libraries.mjs";

const run = promisify(execFile);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Devnet {
    /** Starts four nodes. */
    static async start(sluice, basePort) {
        const devnet = new Devnet();
        devnet.program = sluice;
        devnet.dir = mkdtempSync(join(tmpdir(), "sluice-contracts-"));
        devnet.sent = [];
        await run(sluice, ["devnet", "up", "--dir", devnet.dir, "--base-port", String(basePort)]);
        devnet.description = JSON.parse(readFileSync(join(devnet.dir, "devnet.json"), "utf8"));
        const network = ethers.Network.from(devnet.description.chainId);
        devnet.providers = devnet.description.nodes.map(
            (node) => new ethers.JsonRpcProvider(urlOf(node.rpc), network,
                {staticNetwork: network, cacheTimeout: -1, pollingInterval: 50}));
        devnet.provider = devnet.providers[0];
        devnet.owner = new ethers.Wallet(
            readFileSync(devnet.description.dev.privateKeyFile, "utf8").trim(), devnet.provider);
        return devnet;
    }

    /** The network goes; its folder stays if `keeps`, for whoever looks for the reason of a failure. */
    async stop(keeps) {
        for (const provider of this.providers ?? []) provider.destroy();
        await run(this.program, ["devnet", "down", "--dir", this.dir]).catch(() => {});
        if (keeps) console.log(`the network's folder is ${this.dir}`);
        else rmSync(this.dir, {recursive: true, force: true});
    }

    /** A new account with a little of the devnet's native coin. */
    async newAccount(provider = this.provider) {
        const account = ethers.Wallet.createRandom().connect(provider);
        await this.settle(this.owner.sendTransaction({to: account.address, value: ethers.parseEther("1")}));
        return account;
    }

    /** Waits for the receipt of a transaction. An idle chain makes no blocks, so nothing waits for heads. */
    async settle(sending, timeoutMs = 20_000) {
        const {hash} = await sending;
        this.sent.push(hash);
        for (const end = Date.now() + timeoutMs; Date.now() < end; await pause(10)) {
            const receipt = await this.provider.getTransactionReceipt(hash);
            if (receipt) return receipt;
        }
        throw new Error(`no receipt for ${hash} within ${timeoutMs} ms`);
    }

    /** Deploys a compiled contract with the owner's key. */
    async deploy(contract, ...args) {
        const factory = new ethers.ContractFactory(contract.abi, contract.evm.bytecode.object, this.owner);
        const deployment = await factory.deploy(...args);
        const receipt = await this.settle(deployment.deploymentTransaction());
        if (receipt.status !== 1) throw new Error(`deployment failed: ${receipt.hash}`);
        return new ethers.Contract(receipt.contractAddress, contract.abi, this.owner);
    }

    /** Blocks that do nothing. */
    async passBlocks(count) {
        for (let i = 0; i < count; ++i)
            await this.settle(this.owner.sendTransaction({to: this.owner.address, value: 0}));
    }

    height() {
        return this.provider.getBlockNumber();
    }

    /** Runs `sluice WORDS --dir … --json`: {code, json}. */
    async sluice(...words) {
        const args = [...words, "--dir", this.dir, "--json"];
        try {
            const {stdout} = await run(this.program, args);
            return {code: 0, json: JSON.parse(stdout)};
        } catch (failure) {
            if (typeof failure.code !== "number" || !failure.stdout) throw failure;
            return {code: failure.code, json: JSON.parse(failure.stdout)};
        }
    }

    /** The answers of every node to one request, when all have reached the height of the first. */
    async fromEveryNode(method, params) {
        const height = await this.height();
        return Promise.all(this.providers.map(async (provider) => {
            for (const end = Date.now() + 10_000; Date.now() < end; await pause(20))
                if ((await provider.getBlockNumber()) >= height) return provider.send(method, params);
            throw new Error(`a node did not reach height ${height}`);
        }));
    }
}

function urlOf(rpc) {
    if (typeof rpc === "number") return `http://127.0.0.1:${rpc}`;
    return rpc.startsWith("http") ? rpc : `http://${rpc}`;
}
