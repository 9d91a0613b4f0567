// How much of a report is paid, and what ending and renewing a lease do to its seconds and its money.
import { allowanceMiB, GWEI, least, most, rent, reserve, total } from './formulas.mjs';
import { cases, max } from './seeded.mjs';
import { someTerms, widest } from './terms.mjs';

const OPEN = 1n, ENDING = 2n; // as LeaseState counts
const NOW = 1_800_000_000n;

function payableOf(state, settled, reported, limit, asOf, origin) {
  const elapsed = most(0n, asOf - origin);
  const funded = least(reported, limit);
  return { state, settled, reported, limit, asOf, origin, payable: most(settled, state === OPEN ? least(funded, elapsed) : funded) };
}

const payableBounds = [OPEN, ENDING].flatMap(state => [
  payableOf(state, 0n, 0n, 0n, NOW, NOW),
  payableOf(state, 0n, 100n, 100n, NOW + 100n, NOW),
  payableOf(state, 0n, 101n, 100n, NOW + 200n, NOW),
  payableOf(state, 0n, 100n, 200n, NOW + 99n, NOW),
  payableOf(state, 0n, 100n, 200n, NOW - 1n, NOW),
  // Its origin moved by a gap that was not funded: what was settled before stays settled.
  payableOf(state, 500n, 600n, 900n, NOW + 10n, NOW),
  payableOf(state, 0n, max(32), max(27), max(63), 0n),
]);

function billedOf(received, sent, allowanceGiB) {
  return { received, sent, allowanceGiB, billed: least(received + sent, allowanceGiB * 1024n) };
}

const billedBounds = [
  billedOf(0n, 0n, 0n), billedOf(1n, 0n, 0n), billedOf(1023n, 1n, 1n), billedOf(1024n, 1n, 1n), billedOf(max(32), max(32), max(20)),
  billedOf(max(32), max(32), 1n),
];

const fence = (terms, limit, mebibytes, settled, held) =>
  total(terms, limit, mebibytes) - total(terms, settled.secondsRun, settled.mebibytes) + held;

/** Wei that the host gets for keeping storage after the funds ran out; a lease that never started keeps none. */
const gapRent = (terms, gap, grace, settled) => (settled.secondsRun > 0n ? rent(terms) * least(gap, grace) * GWEI : 0n);

// Ends that make room for a successor take no more transfer; others keep the whole allowance for late reports.
const USER = 1n, MOVED = 2n, HOST_DRAIN = 3n, HOST_FAULT = 5n, EXPIRED = 7n, UNFUNDED = 8n, MALICIOUS = 9n, UPGRADE = 10n; // as Reason counts
const MAKES_ROOM = [MOVED, HOST_DRAIN, HOST_FAULT, UPGRADE];
const REASONS = [USER, EXPIRED, UNFUNDED, MALICIOUS, ...MAKES_ROOM];

/** `end` lies after fundedUntil only when it is also the time of the transaction. */
function endedAt(reason, terms, grace, origin, limit, settled, end) {
  const newLimit = most(settled.secondsRun, least(limit, end - origin));
  // Nothing is kept for a replica that has no duration left.
  const rentPaid = reason === EXPIRED ? 0n : gapRent(terms, most(0n, end - origin - limit), grace, settled);
  const before = fence(terms, limit, allowanceMiB(terms), settled, reserve(terms, grace));
  const after = fence(terms, newLimit, MAKES_ROOM.includes(reason) ? settled.mebibytes : allowanceMiB(terms), settled, 0n);
  return { reason, terms, grace, origin, limit, settled, end, newLimit, before, after, rentPaid, refunded: before - after - rentPaid };
}

function renewed(terms, grace, origin, limit, settled, when, more) {
  const gap = most(0n, when - origin - limit);
  const rentPaid = gapRent(terms, gap, grace, settled);
  const before = fence(terms, limit, allowanceMiB(terms), settled, reserve(terms, grace));
  const after = fence(terms, limit + more, allowanceMiB(terms), settled, reserve(terms, grace));
  return {
    terms, grace, origin, limit, settled, when, more, newOrigin: origin + gap, newLimit: limit + more, before, after, rentPaid,
    taken: after + rentPaid - before,
  };
}

/** A lease somewhere in its life. */
function aLease(s) {
  const terms = someTerms(s), limit = s.upTo(26);
  return {
    terms, limit, grace: s.pick([15n, 86400n]), origin: NOW - s.upTo(26),
    settled: { secondsRun: s.between(0, limit), mebibytes: s.between(0, allowanceMiB(terms)) },
  };
}

const nothing = { secondsRun: 0n, mebibytes: 0n };
const started = { secondsRun: 1n, mebibytes: 0n };
const all = { secondsRun: 3600n, mebibytes: allowanceMiB(widest) };
const endings = [
  ...[-3600n, -1n, 0n, 1n, 15n, 16n].flatMap(after =>
    [UNFUNDED, EXPIRED, MOVED].map(reason => endedAt(reason, widest, 15n, NOW, 3600n, started, NOW + 3600n + after))),
  endedAt(MOVED, widest, 15n, NOW, 3600n, nothing, NOW + 3610n),
  ...REASONS.map(reason => endedAt(reason, widest, 15n, NOW, 3600n, all, NOW + 60n)),
];
const renewals = [
  ...[-1n, 0n, 1n, 15n, 16n, 100000n].map(after => renewed(widest, 15n, NOW, 3600n, started, NOW + 3600n + after, 1800n)),
  renewed(widest, 15n, NOW, 3600n, nothing, NOW + 3610n, 1800n),
];

export const caps = () => ({
  payable: cases('payable', 60, payableBounds, s => {
    const limit = s.upTo(27), settled = s.between(0, limit), origin = NOW - s.upTo(27);
    return payableOf(s.pick([OPEN, ENDING]), settled, s.between(settled, settled + s.upTo(27)), limit, origin + s.upTo(27), origin);
  }),
  transfer: cases('transfer', 40, billedBounds, s => billedOf(s.upTo(32), s.upTo(32), s.upTo(20))),
  ending: cases('ending', 60, endings, s => {
    const { terms, limit, grace, origin, settled } = aLease(s);
    const late = s.chance(2) ? 2n * grace : 0n;
    return endedAt(s.pick(REASONS), terms, grace, origin, limit, settled, origin + s.between(0, limit + late));
  }),
  renewal: cases('renewal', 40, renewals, s => {
    const { terms, limit, grace, origin, settled } = aLease(s);
    return renewed(terms, grace, origin, limit, settled, origin + s.between(0, limit + 2n * grace), 1n + s.upTo(26));
  }),
});
