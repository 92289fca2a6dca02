// Central-bank money in contracts: escrows of others as they are, and trades, on four real nodes.
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {after, before, test} from "node:test";
import {Devnet} from "./devnet.mjs";
import {ethers} from "./libraries.mjs";

const compiled = JSON.parse(readFileSync(process.env.SLUICE_COMPILED, "utf8")).contracts;
const contractNamed = (name) => {
    for (const file of Object.values(compiled)) if (file[name]) return file[name];
    throw new Error(`no contract ${name}`);
};
const facadeOf = (currency) => `0x5e20${"00".repeat(15)}${ethers.hexlify(ethers.toUtf8Bytes(currency)).slice(2)}`;
const bytes3 = (currency) => ethers.hexlify(ethers.toUtf8Bytes(currency));
const accounts = "0x0000000000000000000000000000000000005e02";
const active = 1;

let devnet, euro, dollar, hasFailed = false;
/** Wallets of a bank's keys, by role. */
const keyOf = (bank, role) => {
    const row = devnet.description.accounts.find((each) => each.name === bank && each.role === role);
    const password = readFileSync(row.passwordFile, "utf8").split("\n")[0];
    return ethers.Wallet.fromEncryptedJsonSync(readFileSync(row.keystore, "utf8"), password).connect(devnet.provider);
};
const wallets = {};
const wallet = (bank, role = "maker") => (wallets[`${bank} ${role}`] ??= keyOf(bank, role));
const done = async (sending) => {
    const receipt = await devnet.settle(sending);
    assert.equal(receipt.status, 1, receipt.hash);
    return receipt;
};
const hold = (contract) => {
    const abi = ["function setHolder(address who, uint8 status)"];
    return done(new ethers.Contract(accounts, abi, wallet("bank-a", "admin")).setHolder(contract, active));
};
const inAnHour = async () => (await devnet.provider.getBlock("latest")).timestamp + 3600;

const check = (name, body) =>
    test(name, async (context) => {
        try {
            await body(context);
        } catch (failure) {
            hasFailed = true;
            throw failure;
        }
    });

before(async () => {
    devnet = await Devnet.start(process.env.SLUICE_PROGRAM, Number(process.env.SLUICE_BASE_PORT ?? 29545) + 100);
    const {abi} = contractNamed("ERC20");
    euro = new ethers.Contract(facadeOf("EUR"), abi, wallet("bank-a"));
    dollar = new ethers.Contract(facadeOf("USD"), abi, wallet("bank-b"));
});

after(async () => devnet?.stop(hasFailed));

check("a façade is an ERC-20 of the currency", async () => {
    assert.equal(await euro.symbol(), "EUR");
    assert.equal(await euro.decimals(), 2n);
    const before = await euro.balanceOf(wallet("bank-b").address);
    await done(euro.transfer(wallet("bank-b").address, 123_45n));
    assert.equal(await euro.balanceOf(wallet("bank-b").address), before + 123_45n);
    await assert.rejects(euro.transfer.staticCall(devnet.owner.address, 1n),
        (failure) => failure.revert?.name === "ERC20InvalidReceiver");
});

check("OpenZeppelin's VestingWallet, as it is, holds euros and pays them out", async () => {
    const payee = wallet("bank-b").address;
    const supply = await euro.totalSupply();
    const start = (await devnet.provider.getBlock("latest")).timestamp - 60;
    const escrow = await devnet.deploy(contractNamed("VestingWallet"), payee, start, 0);
    const address = await escrow.getAddress();
    await assert.rejects(euro.transfer.staticCall(address, 250_00n), "not before it is registered");
    await hold(address);
    await done(euro.transfer(address, 250_00n));
    assert.equal(await euro.balanceOf(address), 250_00n);
    const before = await euro.balanceOf(payee);
    await done(escrow["release(address)"](facadeOf("EUR")));
    assert.equal(await euro.balanceOf(address), 0n);
    assert.equal(await euro.balanceOf(payee), before + 250_00n);
    assert.equal(await euro.totalSupply(), supply);
});

check("delivery versus payment: a token against euros, both or none", async () => {
    const [seller, buyer] = [wallet("bank-a"), wallet("bank-b")];
    const bond = await devnet.deploy(contractNamed("BankToken"), "Bond 2031", "BND", devnet.owner.address, 1000n);
    await done(bond.transfer(seller.address, 10n));
    const desk = await devnet.deploy(contractNamed("DeliveryVersusPayment"));
    const trade = {seller: seller.address, buyer: buyer.address, security: await bond.getAddress(), quantity: 10n,
        ccy: bytes3("EUR"), amount: 990_00n, expiry: await inAnHour()};
    const id = ethers.id("trade 1");
    await done(desk.connect(seller).submit(id, trade));
    await done(euro.connect(buyer).approve(await desk.getAddress(), 990_00n));
    await assert.rejects(desk.connect(buyer).submit.staticCall(id, trade), (failure) => {
        assert.equal(failure.revert?.name, "DeliveryFailed");
        assert.equal(failure.revert.args[0], seller.address);
        return true;
    });
    await done(bond.connect(seller).approve(await desk.getAddress(), 10n));
    const before = await euro.balanceOf(seller.address);
    await done(desk.connect(buyer).submit(id, trade));
    assert.equal(await bond.balanceOf(buyer.address), 10n);
    assert.equal(await euro.balanceOf(seller.address), before + 990_00n);
});

check("payment versus payment: dollars against euros", async () => {
    const [first, second] = [wallet("bank-a"), wallet("bank-b")];
    const desk = await devnet.deploy(contractNamed("PaymentVersusPayment"));
    const trade = {first: first.address, second: second.address, firstPays: bytes3("EUR"), firstAmount: 999_00n,
        secondPays: bytes3("USD"), secondAmount: 1000_00n, expiry: await inAnHour()};
    await done(euro.approve(await desk.getAddress(), 999_00n));
    await done(dollar.approve(await desk.getAddress(), 1000_00n));
    const before = await dollar.balanceOf(first.address);
    await done(desk.connect(first).submit(ethers.id("fx"), trade));
    await done(desk.connect(second).submit(ethers.id("fx"), trade));
    assert.equal(await dollar.balanceOf(first.address), before + 1000_00n);
});

check("a hash-time lock pays for the secret", async () => {
    const lock = await devnet.deploy(contractNamed("HashTimeLock"));
    await hold(await lock.getAddress());
    const secret = ethers.id("secret"), nonce = ethers.id("nonce");
    await done(euro.approve(await lock.getAddress(), 5_00n));
    const payee = wallet("bank-b").address;
    await done(lock.connect(wallet("bank-a")).lock(nonce, payee, bytes3("EUR"), 5_00n, ethers.sha256(secret),
        await inAnHour()));
    const id = await lock.idOf(wallet("bank-a").address, nonce);
    await assert.rejects(lock.refund.staticCall(id), (failure) => failure.revert?.name === "TooEarly");
    const before = await euro.balanceOf(payee);
    await done(lock.withdraw(id, secret));
    assert.equal(await euro.balanceOf(payee), before + 5_00n);
});

check("sluice lock, locks, release and refund", async () => {
    const lock = async (operation, ...more) => {
        const {code, json} = await devnet.sluice("lock", "--from", "bank-a", "--to", "bank-b", "--amount", "250.00",
            "--currency", "EUR", "--until", String(Date.now() + 3_600_000), "--operation", operation, "--yes", ...more);
        assert.equal(code, 0, JSON.stringify(json));
        assert.equal(json.why, "Locked");
    };
    const open = async () =>
        (await devnet.sluice("locks", "--bic", "bank-b", "--currency", "EUR", "--incoming")).json.locks;
    const before = await euro.balanceOf(wallet("bank-b").address);
    await lock("one");
    await lock("two");
    const locks = await open();
    assert.deepEqual(locks.map(({status, amount}) => [status, amount.value]), [["Open", "250.00"], ["Open", "250.00"]]);
    const released = await devnet.sluice("release", locks[0].lockId, "--bank", "bank-a", "--yes");
    assert.equal(released.json.why, "Released", JSON.stringify(released.json));
    const refused = await devnet.sluice("release", locks[1].lockId, "--bank", "bank-b", "--yes");
    assert.equal(refused.code, 1);
    const refunded = await devnet.sluice("refund", locks[1].lockId, "--bank", "bank-b", "--yes");
    assert.equal(refunded.json.why, "Refunded", JSON.stringify(refunded.json));
    assert.deepEqual(await open(), []);
    assert.equal(await euro.balanceOf(wallet("bank-b").address), before + 250_00n);
});

check("every node has the same receipts", async () => {
    for (const hash of devnet.sent) {
        const [first, ...others] = await devnet.fromEveryNode("eth_getTransactionReceipt", [hash]);
        for (const each of others) assert.deepEqual(each, first);
    }
});
