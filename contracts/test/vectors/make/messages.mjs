// Messages of every kind, at their bounds and drawn.
import { createECDH } from 'node:crypto';
import { bytesOf, checksummed, keccak } from './keccak.mjs';
import { max } from './seeded.mjs';
import { pack, someEntries } from './usage.mjs';

export const ZERO = '0x' + '0'.repeat(64);
const NOBODY = '0x' + '0'.repeat(40);

const list = (s, most, make) => Array.from({ length: Number(s.between(0, most)) }, make);
/** Zero, the widest value or one between. */
const uint = (s, bits) => s.chance(6) ? 0n : s.chance(6) ? max(bits) : s.upTo(bits);
const five = make => Array.from({ length: 5 }, make);

export const address = s => checksummed(s.hex(20));
export const hash = s => s.chance(8) ? ZERO : s.hex(32);
export const words = s => s.pick(['', 'a', '1.0.0', 'team/web', 'https://example.org/a?b=c', 'MIT', 'Apache-2.0 OR MIT', 'ünï-1', '漢字かな', 'x'.repeat(31),
  'x'.repeat(32), 'x'.repeat(33), 'a longer text that does not fit into one word of thirty-two bytes']);

export const domain = s => ({ chainId: s.pick([1n, 10n, 31337n, 1n + s.upTo(53)]), verifyingContract: address(s) });

/** A key and its address, for messages that a contract takes only with a signature. */
export function keyed(s) {
  const key = s.hex(32), pair = createECDH('secp256k1');
  pair.setPrivateKey(bytesOf(key));
  return { key, account: checksummed('0x' + keccak(pair.getPublicKey().subarray(1)).slice(26)) };
}

export const service = s => ({
  imageDigest: hash(s), specHash: hash(s), replicas: uint(s, 16), reserved: five(() => uint(s, 64)), ceiling: five(() => uint(s, 128)),
  regionMask: uint(s, 64), minStake: uint(s, 128), placementHash: hash(s),
});
export const planEntry = s => ({ service: uint(s, 16), replica: uint(s, 16), generation: uint(s, 16), coe: hash(s), maxHostRate: uint(s, 64) });
export const edge = s => ({ node: hash(s), weight: uint(s, 16) });

export const order = s => ({
  user: address(s), services: list(s, 2, () => service(s)), maxTotal: uint(s, 128), duration: uint(s, 32), prepay: uint(s, 32), submitBy: uint(s, 64),
  startWithin: uint(s, 32), maxRoyaltyBps: uint(s, 16), maxFeeBps: uint(s, 16), upgradePolicy: s.below(2), operator: s.chance(2) ? NOBODY : address(s),
  userEpoch: uint(s, 64), salt: hash(s),
});
export const plan = s => ({ orderHash: hash(s), entries: list(s, 4, () => planEntry(s)), committeeEpoch: uint(s, 64), deadline: uint(s, 64) });
export const upgrade = s => ({
  orderHash: hash(s), imageDigest: hash(s), entries: list(s, 4, () => planEntry(s)), overlap: uint(s, 32), committeeEpoch: uint(s, 64), deadline: uint(s, 64),
});
export const fault = s => ({ leaseId: hash(s), deadSince: uint(s, 64), committeeEpoch: uint(s, 64), deadline: uint(s, 64) });
export const verdict = s => ({
  leaseId: hash(s), disputedSeconds: uint(s, 32), refund: s.chance(2), committeeEpoch: uint(s, 64), deadline: uint(s, 64),
});
export function batch(s) {
  const entries = pack(someEntries(s, 4));
  return { coe: hash(s), asOf: uint(s, 64), entries, entriesHash: keccak(bytesOf(entries)) };
}
export const release = s => ({
  repository: BigInt(hash(s)), version: words(s), sourceDigest: hash(s), uri: words(s), license: words(s), selfWeight: uint(s, 16),
  upstream: list(s, 4, () => edge(s)),
});
export const image = s => ({
  publisher: address(s), manifestDigest: hash(s), name: words(s), royaltyBps: uint(s, 16), selfWeight: uint(s, 16), components: list(s, 4, () => edge(s)),
});
export const osImage = (s, signer) => ({ signer, rootHash: hash(s), manifestDigest: hash(s), channel: words(s), version: words(s) });
export const permit = (s, owner) => ({ owner, spender: address(s), value: uint(s, 256), nonce: uint(s, 16), deadline: uint(s, 64) });
