// A second opinion: `cast` signs a typed message by its own reading of EIP-712, and our digest as it is. Signatures are
// deterministic, so they are equal exactly when the digests are.
import { execFileSync } from 'node:child_process';
import { structsOf, types } from './typedData.mjs';

const KEY = '0x' + '1'.repeat(64); // of these comparisons and nothing else
const typeOf = {
  orders: 'Order', plans: 'Plan', upgrades: 'Upgrade', faults: 'Fault', verdicts: 'Verdict', batches: 'UsageBatch', releases: 'Release',
  images: 'Image', osImages: 'OsImage', consents: 'AgentConsent', permits: 'Permit',
};

/** The message of a case, with its lists where the typed data has them. */
function messageOf(one) {
  const [message] = Object.values(one);
  return { ...message, ...one.services && { services: one.services }, ...one.entries && { entries: one.entries }, entriesHash: one.entriesHash };
}

export function disagreements(castPath, hashes) {
  const cast = (...args) => execFileSync(castPath, args, { encoding: 'utf8' }).trim();
  const json = value => JSON.stringify(value, (_, v) => typeof v === 'bigint' ? v.toString() : v);
  const wrong = [];
  for (const [group, primaryType] of Object.entries(typeOf)) {
    hashes[group].forEach((one, i) => {
      const domain = { name: 'Dweb', version: '1', chainId: one.chainId, verifyingContract: one.verifyingContract };
      const members = Object.fromEntries(['EIP712Domain', ...structsOf(primaryType)].map(name => [name, types[name]]));
      const data = json({ types: members, primaryType, domain, message: messageOf(one) });
      const signed = cast('wallet', 'sign', '--private-key', KEY, '--data', data);
      if (signed !== cast('wallet', 'sign', '--private-key', KEY, '--no-hash', one.digest)) wrong.push(`${group}[${i}]: cast has another digest.`);
    });
  }
  for (const { text, hash } of hashes.keccak) if (cast('keccak', text) !== hash) wrong.push(`keccak of '${text}': cast has another hash.`);
  for (const { address } of hashes.addresses) {
    if (cast('to-check-sum-address', address.toLowerCase()) !== address) wrong.push(`${address}: cast has another checksum.`);
  }
  return wrong;
}
