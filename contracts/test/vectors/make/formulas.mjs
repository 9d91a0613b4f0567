// The formulas of docs/protocol.md, section 7 and 8, as they stand there. All amounts are wei unless they say gwei.
import { max } from './seeded.mjs';

export const GWEI = 10n ** 9n;
const MIB = 1024n;
const BOND_SECONDS = 3600n;
const RENT_PARTS = 4096n;

export const least = (...values) => values.reduce((a, b) => a < b ? a : b);
export const most = (...values) => values.reduce((a, b) => a > b ? a : b);

const perSecond = (prices, reserved) => [0, 1, 2, 3].reduce((sum, i) => sum + prices[i] * reserved[i], 0n);

/** @returns the terms a lease locks, or null when one does not fit its width */
export function lock(ask, ref, reserved, royaltyBps, feeBps) {
  const hostRate = most(1n, perSecond(ask, reserved) / GWEI);
  const baseRate = most(hostRate, perSecond(ref, reserved) / GWEI);
  const hostTransfer = ask[4] / GWEI;
  const baseTransfer = most(hostTransfer, ref[4] / GWEI);
  if (baseRate > max(32) || baseTransfer > max(26) || reserved[4] > max(20)) return null;
  const storage = ask[2] * reserved[2] / GWEI;
  const rentShare = least(RENT_PARTS - 1n, storage * RENT_PARTS / hostRate);
  return { hostRate, baseRate, hostTransfer, baseTransfer, royaltyBps, feeBps, allowanceGiB: reserved[4], rentShare };
}

export const bond = terms => terms.hostRate * BOND_SECONDS * GWEI;
export const allowanceMiB = terms => terms.allowanceGiB * MIB;

/** Gwei a second. */
export const rent = terms => terms.hostRate * terms.rentShare / RENT_PARTS;

export function charge(terms, seconds, mebibytes) {
  const base = terms.baseRate * seconds + terms.baseTransfer * mebibytes;
  return {
    host: (terms.hostRate * seconds + terms.hostTransfer * mebibytes) * GWEI,
    royalty: base * terms.royaltyBps * (GWEI / 10000n),
    fee: base * terms.feeBps * (GWEI / 10000n),
  };
}

export function total(terms, seconds, mebibytes) {
  const { host, royalty, fee } = charge(terms, seconds, mebibytes);
  return host + royalty + fee;
}

export const reserve = (terms, grace) => rent(terms) * grace * GWEI;

/** What edge i has earned of x that a node with these weights received. */
export function split(x, weights) {
  let rest = x, restOfWeights = weights.reduce((sum, w) => sum + w, 0n);
  return weights.map(weight => {
    const share = rest * weight / restOfWeights;
    rest -= share;
    restOfWeights -= weight;
    return share;
  });
}
