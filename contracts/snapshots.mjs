// Turns forge's artifacts into committed files, so that a change of them is seen: same contract, same bytes.
//   node snapshots.mjs abi|layout [--check]
// abi/<Contract>.json is what other languages bind to; layout/<Contract>.json is where each value lies in storage.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const kinds = { abi: abiOf, layout: layoutOf };
const kind = process.argv[2];
const check = process.argv.includes("--check");
if (!(kind in kinds)) {
  console.error("snapshots.mjs: say 'abi' or 'layout', and --check to write nothing");
  process.exit(2);
}

const wanted = new Map(contracts().map(({ name, artifact }) => [`${name}.json`, text(kinds[kind](name, artifact))]));
const there = readFolder(kind);
const old = [...wanted].filter(([file, content]) => there.get(file) !== content).map(([file]) => file);
const left = [...there.keys()].filter((file) => !wanted.has(file));

if (!check) {
  mkdirSync(kind, { recursive: true });
  for (const file of old) writeFileSync(`${kind}/${file}`, wanted.get(file));
  for (const file of left) rmSync(`${kind}/${file}`);
}

for (const file of old) console.log(`${check ? "out of date" : "written"}: ${kind}/${file}`);
for (const file of left) console.log(`${check ? "of no contract" : "removed"}: ${kind}/${file}`);
if (check && old.length + left.length > 0) {
  console.error(`run \`forge build\` and \`./${kind}.sh\` in contracts/`);
  process.exitCode = 1;
}

/** Everything under src that can be deployed: no interface, no library, nothing abstract. */
function contracts() {
  const { files } = JSON.parse(readFileSync("cache/solidity-files-cache.json", "utf8"));
  return Object.entries(files)
    .filter(([source]) => source.startsWith("src/"))
    .flatMap(([source, { artifacts }]) =>
      Object.entries(artifacts).map(([name, builds]) => ({ name, source, path: Object.values(Object.values(builds)[0])[0].path })),
    )
    .map(({ name, source, path }) => ({ name, source, artifact: JSON.parse(readFileSync(`out/${path}`, "utf8")) }))
    .filter(({ name, source, artifact }) => {
      if (artifact.ast?.absolutePath !== source) throw new Error(`the build has no syntax tree of ${source}: run \`forge build\``);
      const node = artifact.ast.nodes.find((n) => n.nodeType === "ContractDefinition" && n.name === name);
      return node?.contractKind === "contract" && !node.abstract;
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function abiOf(name, { abi }) {
  const order = (entry) => [entry.type, entry.name ?? "", entry.inputs?.map((input) => input.type).join() ?? ""].join("\0");
  return { contractName: name, abi: abi.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0)) };
}

/** By the names of types: the compiler's own keys hold numbers that change with every other source. */
function layoutOf(name, { storageLayout }) {
  if (!storageLayout) throw new Error(`${name} has no storage layout: foundry.toml needs extra_output = ["storageLayout"]`);
  const label = (type) => storageLayout.types[type].label;
  const place = ({ slot, offset, type, label: variable }) => ({ slot: Number(slot), offset, type: label(type), label: variable });
  const structs = Object.values(storageLayout.types ?? {})
    .filter(({ members }) => members)
    .map(({ label: struct, numberOfBytes, members }) => [struct, { bytes: Number(numberOfBytes), members: members.map(place) }])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { contractName: name, storage: storageLayout.storage.map(place), structs: Object.fromEntries(structs) };
}

function text(value) {
  return JSON.stringify(value, null, 2) + "\n";
}

function readFolder(folder) {
  try {
    return new Map(readdirSync(folder).map((file) => [file, readFileSync(`${folder}/${file}`, "utf8")]));
  } catch (error) {
    if (error.code === "ENOENT") return new Map();
    throw error;
  }
}
