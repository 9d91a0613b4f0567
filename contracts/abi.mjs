// Turns forge's artifacts into the ABI files that other languages bind to: same contract, same bytes.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const contracts = [
  "DwebToken",
  "CodeRegistry",
  "ContainerRegistry",
  "CoeRegistry",
  "SchedulerCommittee",
  "RoyaltyPool",
  "LeaseBook",
];

const check = process.argv.includes("--check");
const order = (entry) => [entry.type, entry.name ?? "", entry.inputs?.map((input) => input.type).join() ?? ""].join("\0");

const stale = contracts.filter((name) => {
  const { abi } = JSON.parse(readFileSync(`out/${name}.sol/${name}.json`, "utf8"));
  abi.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  const wanted = JSON.stringify({ contractName: name, abi }, null, 2) + "\n";
  const file = `abi/${name}.json`;
  if (wanted === read(file)) return false;
  if (!check) {
    mkdirSync("abi", { recursive: true });
    writeFileSync(file, wanted);
  }
  return true;
});

for (const name of stale) console.log(`${check ? "out of date" : "written"}: abi/${name}.json`);
if (check && stale.length > 0) {
  console.error("run `forge build` and `./abi.sh` in contracts/");
  process.exitCode = 1;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}
