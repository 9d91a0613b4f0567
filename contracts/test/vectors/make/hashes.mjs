// The hash of every typed message: of its type, of the struct, and the digest that a key signs.
import { checksummed, hashWords, keccak, utf8 } from './keccak.mjs';
import * as some from './messages.mjs';
import { cases, seeded } from './seeded.mjs';
import { digest, encodeType, listHash, structHash, typeHash, types } from './typedData.mjs';

const COUNT = 20;

const drawn = (label, make) => cases(label, COUNT, [], make);

/** A signed message as `name`, with the domain it is signed in. `shown` is how it stands in the file. */
const signed = (label, name, type, make, shown = message => ({ [name]: message })) => drawn(label, s => {
  const message = make(s), domain = some.domain(s), hash = structHash(type, message);
  return { ...shown(message), ...domain, structHash: hash, digest: digest(domain, hash) };
});

/** The same of an account whose key stands beside it. */
const keyed = (label, name, type, make) => drawn(label, s => {
  const { key, account } = some.keyed(s), message = make(s, account), domain = some.domain(s), hash = structHash(type, message);
  return { [name]: message, key, ...domain, structHash: hash, digest: digest(domain, hash) };
});

/** What an agent's key signs: that it serves the COE of this name and host, in the registry that takes the signature. */
const consent = s => {
  const { key, account: agent } = some.keyed(s), domain = some.domain(s), [host, name] = [some.address(s), some.words(s)];
  const message = { coe: hashWords([domain.chainId, domain.verifyingContract, host, keccak(utf8(name))]) };
  const hash = structHash('AgentConsent', message);
  return { consent: message, host, name, key, agent, ...domain, structHash: hash, digest: digest(domain, hash) };
};

// The chain's structs hold a hash where the typed data has a list; the list stands beside them.
const order = ({ services, ...rest }) => ({ order: { ...rest, servicesHash: listHash('Service', services) }, services });
const withEntries = name => ({ entries, ...rest }) => ({ [name]: { ...rest, entriesHash: listHash('PlanEntry', entries) }, entries });
const batch = ({ entriesHash, ...rest }) => ({ batch: rest, entriesHash });
const image = message => ({ image: message, componentsHash: structHash('Components', message) });

const texts = ['', 'abc', 'transfer(address,uint256)', 'ünïcödé', ...[135, 136, 137, 271, 272, 500].map(length => 'x'.repeat(length))];

export const hashes = () => ({
  types: Object.keys(types).map(name => ({ name, encoding: encodeType(name), hash: typeHash(name) })),
  orders: signed('order', 'order', 'Order', some.order, order),
  plans: signed('plan', 'plan', 'Plan', some.plan, withEntries('plan')),
  upgrades: signed('upgrade', 'upgrade', 'Upgrade', some.upgrade, withEntries('upgrade')),
  faults: signed('fault', 'fault', 'Fault', some.fault),
  verdicts: signed('verdict', 'verdict', 'Verdict', some.verdict),
  batches: signed('batch', 'batch', 'UsageBatch', some.batch, batch),
  releases: signed('release', 'release', 'Release', some.release),
  images: signed('image', 'image', 'Image', some.image, image),
  osImages: keyed('os image', 'osImage', 'OsImage', some.osImage),
  consents: drawn('agent consent', consent),
  permits: keyed('permit', 'permit', 'Permit', some.permit),
  services: drawn('service', s => { const service = some.service(s); return { service, structHash: structHash('Service', service) }; }),
  planEntries: drawn('plan entry', s => { const entry = some.planEntry(s); return { entry, structHash: structHash('PlanEntry', entry) }; }),
  edges: drawn('edge', s => { const edge = some.edge(s); return { edge, structHash: structHash('Edge', edge) }; }),
  keccak: texts.map(text => ({ text, hash: keccak(utf8(text)) })),
  addresses: Array.from({ length: 40 }, (_, i) => ({ address: checksummed(seeded(`checksum ${i}`).hex(20)) })),
});
