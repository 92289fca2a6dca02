// The pinned packages, which lie in the build folder and not beside these files.
import {createRequire} from "node:module";
import {join} from "node:path";

const load = createRequire(join(process.env.SLUICE_CONTRACT_TESTS, "package.json"));

export const {ethers} = load("ethers");
/** Takes half a second to load: only the compilation wants it. */
export const loadCompiler = () => load("solc");
export const packagesFolder = join(process.env.SLUICE_CONTRACT_TESTS, "node_modules");
