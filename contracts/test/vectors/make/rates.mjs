// From an ask, the reference price and a reservation to the rates that a lease locks.
import { bond, GWEI, lock, rent } from './formulas.mjs';
import { cases, max } from './seeded.mjs';
import { narrowest } from './terms.mjs';

const NONE = Object.fromEntries(Object.keys(narrowest).map(name => [name, 0n]));
const zero = [0n, 0n, 0n, 0n, 0n];

function rate(ask, ref, reserved, royaltyBps = 500n, feeBps = 100n) {
  const terms = lock(ask, ref, reserved, royaltyBps, feeBps);
  return {
    ask, ref, reserved, royaltyBps, feeBps, fits: terms !== null, terms: terms ?? NONE,
    bond: terms ? bond(terms) : 0n, rent: terms ? rent(terms) : 0n,
  };
}

// One unit of one resource at one price.
const only = (i, value) => zero.map((v, at) => at === i ? value : v);

const bounds = [
  rate(zero, zero, zero),
  rate(zero, zero, [1n, 1n, 1n, 1n, 1n]),
  rate(zero, only(0, 2n * GWEI), only(0, 3n)),
  // One below the width of a rate, at it, beyond it; by ask and by reference price.
  ...[max(32) * GWEI, (max(32) + 1n) * GWEI - 1n, (max(32) + 1n) * GWEI].flatMap(price => [
    rate(only(0, price), zero, only(0, 1n)), rate(zero, only(3, price), only(3, 1n)),
  ]),
  // The same for a price of transfer, whether or not any is reserved.
  ...[max(26) * GWEI, (max(26) + 1n) * GWEI - 1n, (max(26) + 1n) * GWEI].flatMap(price => [
    rate(only(4, price), zero, only(4, 1n)), rate(zero, only(4, price), zero),
  ]),
  ...[max(20), max(20) + 1n, max(64)].map(gib => rate(only(4, GWEI), only(4, GWEI), only(4, gib))),
  // Four products that together need more bits than any one of them.
  rate([max(128), max(128), max(128), max(128), max(128)], zero, [max(64), max(64), max(64), max(64), max(64)]),
  rate(zero, [max(128), max(128), max(128), max(128), 0n], [max(64), max(64), max(64), max(64), 0n]),
  // Storage is all of the rate, one part of 4,096, less than that, less than a gwei.
  rate(only(2, GWEI), zero, only(2, 10n)),
  rate([4095n * GWEI, 0n, GWEI, 0n, 0n], zero, [1n, 0n, 1n, 0n, 0n]),
  rate([4096n * GWEI, 0n, GWEI, 0n, 0n], zero, [1n, 0n, 1n, 0n, 0n]),
  rate(only(2, GWEI - 1n), zero, only(2, 1n)),
  // The parts are floored one by one: storage 1.9 of 3.
  rate([GWEI * 11n / 10n, 0n, GWEI * 19n / 10n, 0n, 0n], zero, [1n, 0n, 1n, 0n, 0n]),
  rate(only(0, GWEI), only(0, GWEI), only(0, 1n), max(13), max(11)),
];

export const rates = () => ({
  cases: cases('rates', 200, bounds, s => {
    const wide = s.chance(10);
    const price = bits => s.upTo(wide ? bits + 12 : bits);
    const prices = () => [price(42), price(37), price(33), price(44), price(55)];
    const reserved = [s.upTo(16), s.upTo(20), s.upTo(24), s.upTo(14), s.upTo(wide ? 24 : 20)];
    return rate(prices(), s.chance(3) ? zero : prices(), reserved, s.upTo(13), s.upTo(11));
  }),
});
