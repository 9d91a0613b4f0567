// What usage costs: cumulative, as a difference of two settlements, and what stays ring-fenced after them.
import { allowanceMiB, charge, rent, reserve, total } from './formulas.mjs';
import { cases, max } from './seeded.mjs';
import { narrowest, someTerms, widest } from './terms.mjs';

const minus = (a, b) => ({ host: a.host - b.host, royalty: a.royalty - b.royalty, fee: a.fee - b.fee });

/** Two settlements of one lease, the first and the second, each cumulative. */
function charged(terms, limit, grace, first, second) {
  const [before, after] = [first, second].map(at => charge(terms, at.secondsRun, at.mebibytes));
  return {
    terms, limit, grace, first, second, charge: after, paid: minus(after, before), rent: rent(terms), reserve: reserve(terms, grace),
    fence: total(terms, limit, allowanceMiB(terms)) - total(terms, second.secondsRun, second.mebibytes) + reserve(terms, grace),
  };
}

const at = (secondsRun, mebibytes) => ({ secondsRun, mebibytes });

const bounds = [
  charged(narrowest, 0n, 1n, at(0n, 0n), at(0n, 0n)),
  charged(narrowest, 1n, 1n, at(0n, 0n), at(1n, 0n)),
  charged(widest, max(27), max(32), at(0n, 0n), at(0n, 0n)),
  charged(widest, max(27), 86400n, at(0n, 0n), at(max(27), allowanceMiB(widest))),
  charged(widest, max(27), 86400n, at(max(27) - 1n, 0n), at(max(27), 1n)),
  charged({ ...widest, royaltyBps: 0n, feeBps: 0n }, 3600n, 86400n, at(0n, 0n), at(3600n, 1n)),
  charged({ ...widest, hostRate: 4095n, rentShare: 1n }, 3600n, 86400n, at(0n, 0n), at(1n, 0n)),
  charged({ ...widest, hostRate: 4096n, rentShare: 1n }, 3600n, 86400n, at(0n, 0n), at(1n, 0n)),
];

export const charges = () => ({
  cases: cases('charges', 200, bounds, s => {
    const terms = someTerms(s), limit = s.upTo(27), grace = s.pick([15n, 86400n, s.upTo(20) + 1n]);
    const second = at(s.between(0, limit), s.between(0, allowanceMiB(terms)));
    return charged(terms, limit, grace, at(s.between(0, second.secondsRun), s.between(0, second.mebibytes)), second);
  }),
});
