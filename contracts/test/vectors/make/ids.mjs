// Ids are hashes of what they name; names go in as their own hashes.
import { hashWords, keccak, utf8 } from './keccak.mjs';
import { address, hash, words } from './messages.mjs';
import { cases, max } from './seeded.mjs';

const name = text => keccak(utf8(text));
const chain = s => s.pick([1n, 10n, 31337n, 1n + s.upTo(53)]);
const number = s => s.chance(5) ? max(16) : s.upTo(16);
const drawn = (label, make) => cases(label, 20, [], s => make(s, chain(s), address(s)));

/** What most registries do with who owns a thing and what it is called. */
const named = (label, owner) => drawn(label, (s, chainId, registry) => {
  const [who, text] = [address(s), words(s)];
  return { chainId, registry, [owner]: who, name: text, id: hashWords([chainId, registry, who, name(text)]) };
});

export const ids = () => ({
  leases: drawn('lease', (s, chainId, book) => {
    const key = { orderHash: hash(s), service: number(s), replica: number(s), generation: number(s), coe: hash(s) };
    const id = hashWords([chainId, book, ...Object.values(key)]);
    return { chainId, book, key, id, handle: id.slice(0, 2 + 32) };
  }),
  coes: named('coe', 'host'),
  repositories: named('repository', 'owner'),
  releases: drawn('release id', (s, chainId, registry) => {
    const [repository, version] = [hash(s), words(s)];
    return { chainId, registry, repository, version, id: hashWords([chainId, registry, repository, name(version)]) };
  }),
  imageNodes: drawn('image node', (s, chainId, registry) => {
    const manifestDigest = hash(s);
    return { chainId, registry, manifestDigest, id: hashWords([chainId, registry, manifestDigest]) };
  }),
  osImages: drawn('os image id', (s, chainId, registry) => {
    const [signer, rootHash, manifestDigest] = [address(s), hash(s), hash(s)];
    return { chainId, registry, signer, rootHash, manifestDigest, id: hashWords([chainId, registry, signer, rootHash, manifestDigest]) };
  }),
});
