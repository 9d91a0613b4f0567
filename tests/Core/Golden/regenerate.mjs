// Writes vectors.json: typed data that `cast` signs and hashes by its own implementation of EIP-712, ABI, Keccak and EIP-55.
// Run:  CAST=path/to/cast node tests/Core/Golden/regenerate.mjs
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const castPath = process.env.CAST ?? "cast";
const cast = (...args) => execFileSync(castPath, args, { encoding: "utf8" }).trim();
const keccak = (text) => cast("keccak", text);
const address = (seed) => cast("to-check-sum-address", "0x" + keccak("address " + seed).slice(26));

const privateKey = keccak("a key for these vectors and nothing else");
const folder = mkdtempSync(join(tmpdir(), "vectors-"));

const types = {
  EIP712Domain: [["string", "name"], ["string", "version"], ["uint256", "chainId"], ["address", "verifyingContract"]],
  Service: [["bytes32", "imageDigest"], ["bytes32", "specHash"], ["uint16", "replicas"], ["uint64[5]", "reserved"], ["uint128[5]", "ceiling"],
    ["uint64", "regionMask"], ["uint128", "minStake"], ["bytes32", "placementHash"]],
  Order: [["address", "user"], ["Service[]", "services"], ["uint128", "maxTotal"], ["uint32", "duration"], ["uint32", "prepay"],
    ["uint64", "submitBy"], ["uint32", "startWithin"], ["uint16", "maxRoyaltyBps"], ["uint16", "maxFeeBps"], ["uint8", "upgradePolicy"],
    ["address", "operator"], ["uint64", "userEpoch"], ["bytes32", "salt"]],
  PlanEntry: [["uint16", "service"], ["uint16", "replica"], ["uint16", "generation"], ["bytes32", "coe"], ["uint64", "maxHostRate"]],
  Plan: [["bytes32", "orderHash"], ["PlanEntry[]", "entries"], ["uint64", "committeeEpoch"], ["uint64", "deadline"]],
  UsageBatch: [["bytes32", "coe"], ["uint64", "asOf"], ["bytes32", "entriesHash"]],
  Edge: [["bytes32", "node"], ["uint16", "weight"]],
  Release: [["uint256", "repository"], ["string", "version"], ["bytes32", "sourceDigest"], ["string", "uri"], ["string", "license"],
    ["uint16", "selfWeight"], ["Edge[]", "upstream"]],
  Image: [["address", "publisher"], ["bytes32", "manifestDigest"], ["string", "name"], ["uint16", "royaltyBps"], ["uint16", "selfWeight"],
    ["Edge[]", "components"]],
};
const uses = { Order: ["Service"], Plan: ["PlanEntry"], UsageBatch: [], Release: ["Edge"], Image: ["Edge"] };
const membersOf = (names) => Object.fromEntries(names.map((name) => [name, types[name].map(([type, member]) => ({ name: member, type }))]));

const max = (bits) => (2n ** BigInt(bits) - 1n).toString();
const service = (n) => ({
  imageDigest: keccak("image " + n), specHash: keccak("spec " + n), replicas: 1 + n, reserved: ["100", "64", "1024", "10", String(n)],
  ceiling: ["1000000000", max(128), "7", "0", String(n)], regionMask: n === 0 ? "0" : max(64), minStake: n === 0 ? "0" : max(128),
  placementHash: keccak("placement " + n),
});
const order = (n, services) => ({
  user: address("user " + n), services, maxTotal: n === 0 ? "0" : max(128), duration: 3600 + n, prepay: n === 0 ? 0 : 4294967295,
  submitBy: n === 0 ? "1800000000" : max(64), startWithin: 900, maxRoyaltyBps: 2000, maxFeeBps: n === 0 ? 0 : 65535, upgradePolicy: n % 2,
  operator: n === 0 ? "0x0000000000000000000000000000000000000000" : address("operator"), userEpoch: String(n), salt: keccak("salt " + n),
});
const entry = (n) => ({ service: n, replica: 2 * n, generation: n === 0 ? 0 : 65535, coe: keccak("coe " + n), maxHostRate: n === 0 ? "1" : max(64) });
const edge = (n) => ({ node: keccak("node " + n), weight: n === 0 ? 1 : 65535 });
const zero = "0x" + "0".repeat(64);

// Packed by `cast` itself, member by member, in the widths of the chain.
const usage = [
  ["0x0102030405060708", 1, 2, 3, 4, 5, 6],
  ["0xffffffffffffffff", 4294967295, 281474976710655n, 281474976710655n, 281474976710655n, 4294967295, 4294967295],
];
const pack = (rows) => "0x" + rows.map((row) => cast("abi-encode", "--packed", "f(bytes8,uint32,uint48,uint48,uint48,uint32,uint32)",
  ...row.map(String)).slice(2)).join("");
const batch = (n, rows) => ({ coe: keccak("coe " + n), asOf: String(1800000000 + n), entriesHash: keccak(pack(rows)) });

const messages = [
  ["Order", order(0, [service(0)])], ["Order", order(1, [service(1), service(2), service(3)])], ["Order", order(2, [])],
  ["Plan", { orderHash: keccak("order"), entries: [entry(0)], committeeEpoch: "1", deadline: "1800000300" }],
  ["Plan", { orderHash: zero, entries: [entry(1), entry(2)], committeeEpoch: max(64), deadline: max(64) }],
  ["Plan", { orderHash: zero, entries: [], committeeEpoch: "0", deadline: "0" }],
  ["UsageBatch", batch(0, usage), pack(usage)], ["UsageBatch", batch(1, usage.slice(1)), pack(usage.slice(1))],
  ["Release", { repository: keccak("repository"), version: "1.0.0", sourceDigest: keccak("source"), uri: "https://example.org/a?b=c", license: "MIT", selfWeight: 1, upstream: [] }],
  ["Release", { repository: zero, version: "ünï-1", sourceDigest: zero, uri: "", license: "Apache-2.0 OR MIT", selfWeight: 65535, upstream: [edge(0), edge(1)] }],
  ["Image", { publisher: address("publisher"), manifestDigest: keccak("manifest"), name: "team/web", royaltyBps: 500, selfWeight: 3, components: [edge(0), edge(1), edge(2)] }],
  ["Image", { publisher: address("other"), manifestDigest: zero, name: "", royaltyBps: 0, selfWeight: 0, components: [] }],
].map(([primaryType, message, entries], n) => {
  const domain = { name: "Dweb", version: "1", chainId: n % 2 === 0 ? 31337 : 10, verifyingContract: address("contract " + n) };
  const file = join(folder, n + ".json");
  writeFileSync(file, JSON.stringify({ types: membersOf(["EIP712Domain", primaryType, ...uses[primaryType]]), primaryType, domain, message }));
  return { primaryType, domain, message, ...(entries ? { entries } : {}), signature: cast("wallet", "sign", "--private-key", privateKey, "--data", "--from-file", file) };
});

const leases = [0, 1].map((n) => {
  const lease = { chainId: 31337 + n, book: address("book " + n), orderHash: keccak("order " + n), service: n, replica: 7 * n, generation: 65535 * n, coe: keccak("coe " + n) };
  return { ...lease, id: keccak(cast("abi-encode", "f(uint256,address,bytes32,uint16,uint16,uint16,bytes32)", ...Object.values(lease).map(String))) };
});
const texts = ["", "abc", "transfer(address,uint256)", "ünïcödé", "x".repeat(135), "x".repeat(136), "x".repeat(137), "x".repeat(500)];

writeFileSync(new URL("vectors.json", import.meta.url), JSON.stringify({
  publicKey: cast("wallet", "public-key", "--raw-private-key", privateKey),
  messages, leases,
  keccak: texts.map((text) => ({ text, hash: keccak(text) })),
  addresses: Array.from({ length: 40 }, (_, n) => address("checksum " + n)),
}, null, 1) + "\n");
rmSync(folder, { recursive: true });
