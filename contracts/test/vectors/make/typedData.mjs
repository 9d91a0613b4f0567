// EIP-712 as its text says it: type strings from a table of members, hashes from the type strings.
import { bytesOf, hashWords, keccak, utf8, word } from './keccak.mjs';

const members = text => text.split(', ').map(member => ({ type: member.split(' ')[0], name: member.split(' ')[1] }));

export const types = {
  EIP712Domain: members('string name, string version, uint256 chainId, address verifyingContract'),
  Order: members('address user, Service[] services, uint128 maxTotal, uint32 duration, uint32 prepay, uint64 submitBy, uint32 startWithin, '
    + 'uint16 maxRoyaltyBps, uint16 maxFeeBps, uint8 upgradePolicy, address operator, uint64 userEpoch, bytes32 salt'),
  Service: members('bytes32 imageDigest, bytes32 specHash, uint16 replicas, uint64[5] reserved, uint128[5] ceiling, uint64 regionMask, '
    + 'uint128 minStake, bytes32 placementHash'),
  Plan: members('bytes32 orderHash, PlanEntry[] entries, uint64 committeeEpoch, uint64 deadline'),
  PlanEntry: members('uint16 service, uint16 replica, uint16 generation, bytes32 coe, uint64 maxHostRate'),
  Upgrade: members('bytes32 orderHash, bytes32 imageDigest, PlanEntry[] entries, uint32 overlap, uint64 committeeEpoch, uint64 deadline'),
  Fault: members('bytes32 leaseId, uint64 deadSince, uint64 committeeEpoch, uint64 deadline'),
  Verdict: members('bytes32 leaseId, uint32 disputedSeconds, bool refund, uint64 committeeEpoch, uint64 deadline'),
  UsageBatch: members('bytes32 coe, uint64 asOf, bytes32 entriesHash'),
  AgentConsent: members('bytes32 coe'),
  Release: members('uint256 repository, string version, bytes32 sourceDigest, string uri, string license, uint16 selfWeight, Edge[] upstream'),
  Image: members('address publisher, bytes32 manifestDigest, string name, uint16 royaltyBps, uint16 selfWeight, Edge[] components'),
  Components: members('uint16 royaltyBps, uint16 selfWeight, Edge[] components'),
  Edge: members('bytes32 node, uint16 weight'),
  OsImage: members('address signer, bytes32 rootHash, bytes32 manifestDigest, string channel, string version'),
  Permit: members('address owner, address spender, uint256 value, uint256 nonce, uint256 deadline'),
};

const inner = type => type.replace(/\[\d*\]$/, '');

/** The structs that a type is made of, itself first, the others by name. */
export function structsOf(name, found = new Set()) {
  found.add(name);
  for (const { type } of types[name]) if (types[inner(type)] && !found.has(inner(type))) structsOf(inner(type), found);
  return [name, ...[...found].filter(other => other !== name).sort()];
}

export const encodeType = name => structsOf(name).map(part => `${part}(${types[part].map(m => `${m.type} ${m.name}`).join(',')})`).join('');

export const typeHash = name => keccak(utf8(encodeType(name)));

function encoded(type, value) {
  if (type.endsWith(']')) return keccak(Buffer.concat(value.map(item => word(encoded(inner(type), item)))));
  if (types[type]) return structHash(type, value);
  if (type === 'string') return keccak(utf8(value));
  return type === 'bool' ? BigInt(value) : value;
}

export const structHash = (name, message) => hashWords([typeHash(name), ...types[name].map(m => encoded(m.type, message[m.name]))]);

/** keccak256 of the concatenated hashStructs of a list. */
export const listHash = (name, list) => encoded(`${name}[]`, list);

export function digest(domain, hash) {
  const separator = structHash('EIP712Domain', { name: 'Dweb', version: '1', ...domain });
  return keccak(Buffer.concat([Buffer.from([0x19, 0x01]), bytesOf(separator), bytesOf(hash)]));
}
