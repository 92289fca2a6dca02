// Compiles every file of a folder of Solidity sources: solc's standard JSON output, for `sluice deploy --contract`.
//   node compile.mjs SOURCES OUTPUT.json [FOLDER FOR RUNTIME BYTECODE, NAME.hex [NAME...]]: of these contracts, or of all
import {readFileSync, readdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {loadCompiler, packagesFolder} from "./libraries.mjs";

const [folder, output, bytecodeFolder, ...names] = process.argv.slice(2);
const solc = loadCompiler();

const sources = {};
for (const name of readdirSync(folder).filter((file) => file.endsWith(".sol")))
    sources[name] = {content: readFileSync(join(folder, name), "utf8")};

const input = {
    language: "Solidity",
    sources,
    // No evmVersion: what the compiler takes today is what contracts will bring.
    settings: {
        optimizer: {enabled: true, runs: 200},
        outputSelection: {"*": {"*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"]}},
    },
};

const readImport = (path) => {
    try {
        return {contents: readFileSync(join(packagesFolder, path), "utf8")};
    } catch {
        return {error: `there is no ${path}`};
    }
};

const result = JSON.parse(solc.compile(JSON.stringify(input), {import: readImport}));
const errors = (result.errors ?? []).filter((each) => each.severity === "error");
for (const each of errors) console.error(each.formattedMessage);
if (errors.length > 0) process.exit(1);
writeFileSync(output, JSON.stringify(result));
if (bytecodeFolder)
    for (const contracts of Object.values(result.contracts))
        for (const [name, contract] of Object.entries(contracts).filter(([each]) => names.length === 0 || names.includes(each)))
            writeFileSync(join(bytecodeFolder, `${name}.hex`), `${contract.evm.deployedBytecode.object}\n`);
console.log(`solc ${solc.version()}: ${Object.keys(sources).length} files compiled`);
