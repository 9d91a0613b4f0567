// A total divided by weights; the last takes the rest, and nothing is lost.
import { split } from './formulas.mjs';
import { cases, max } from './seeded.mjs';

const divided = (total, weights) => ({ total, weights, shares: split(total, weights) });

const bounds = [
  divided(0n, [1n]), divided(1n, [1n]), divided(max(128), [65535n]),
  divided(1n, [1n, 1n]), divided(2n, [1n, 1n, 1n]), divided(10n, [3n, 3n, 3n]),
  divided(max(128), Array(65).fill(65535n)), divided(1n, Array(65).fill(1n)), divided(64n, Array(65).fill(1n)),
  divided(max(96), [65535n, ...Array(64).fill(1n)]), divided(max(96), [...Array(64).fill(1n), 65535n]),
];

export const shares = () => ({
  cases: cases('shares', 100, bounds, s => {
    const count = s.chance(8) ? s.between(1, 65) : s.between(1, 9);
    return divided(s.upTo(110), Array.from({ length: Number(count) }, () => 1n + s.upTo(16) % max(16)));
  }),
});
