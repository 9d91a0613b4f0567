import { max } from './seeded.mjs';

/** Terms of any size that the chain can hold; the base is never below the host's. */
export function someTerms(s) {
  const hostRate = 1n + s.upTo(32) % max(32), hostTransfer = s.upTo(26);
  return {
    hostRate, baseRate: s.between(hostRate, s.chance(2) ? hostRate : max(32)), hostTransfer,
    baseTransfer: s.between(hostTransfer, s.chance(2) ? hostTransfer : max(26)),
    royaltyBps: s.chance(4) ? s.upTo(13) : s.between(200, 2000), feeBps: s.chance(4) ? s.upTo(11) : s.between(1, 500),
    allowanceGiB: s.upTo(20), rentShare: s.upTo(12),
  };
}

export const widest = {
  hostRate: max(32), baseRate: max(32), hostTransfer: max(26), baseTransfer: max(26),
  royaltyBps: max(13), feeBps: max(11), allowanceGiB: max(20), rentShare: max(12),
};

export const narrowest = {
  hostRate: 1n, baseRate: 1n, hostTransfer: 0n, baseTransfer: 0n, royaltyBps: 0n, feeBps: 0n, allowanceGiB: 0n, rentShare: 0n,
};
