// Numbers that look like chance and are the same on every machine.
import { createHash } from 'node:crypto';

export function seeded(label) {
  let block = 0;
  const word = () => BigInt('0x' + createHash('sha256').update(`${label}/${block++}`).digest('hex'));
  /** 0 to n - 1. */
  const below = n => word() % BigInt(n);
  return {
    below,
    /** least to most, both included. */
    between: (least, most) => BigInt(least) + below(BigInt(most) - BigInt(least) + 1n),
    /** A number of at most so many bits; each length is as likely as any other. */
    upTo: bits => word() >> (256n - below(bits + 1)),
    pick: list => list[Number(below(list.length))],
    hex: bytes => '0x' + word().toString(16).padStart(64, '0').slice(0, 2 * bytes),
    chance: oneIn => below(oneIn) === 0n,
  };
}

export const max = bits => (1n << BigInt(bits)) - 1n;

/** So many cases: the given ones first, then one each from a seed of its own. */
export function cases(name, count, bounds, make) {
  const drawn = Array.from({ length: count - bounds.length }, (_, i) => make(seeded(`${name} ${i}`), i));
  return [...bounds, ...drawn];
}
