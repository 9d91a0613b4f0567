// What a DAO's treasury owes to whom, through receipts, changes of shares, draws and spending.
import { cases, max } from './seeded.mjs';

const WHOLE = 10000n;
/** What a step does; `who`, `other` and `amount` mean what the step says. */
export const kind = { receive: 0n, sync: 1n, draw: 2n, move: 3n, issue: 4n, burn: 5n, retain: 6n, spend: 7n };

function treasury(shares, retainBps) {
  const pot = { balance: 0n, accounted: 0n, perShare: 0n, carry: 0n, reserve: 0n, total: shares.reduce((sum, n) => sum + n, 0n), retainBps };
  const members = shares.map(n => ({ shares: n, owed: 0n, snap: 0n, paid: 0n }));
  const sync = () => {
    const received = pot.balance - pot.accounted, kept = received * pot.retainBps / WHOLE, divisible = received - kept + pot.carry;
    pot.accounted = pot.balance;
    pot.reserve += kept;
    pot.perShare += divisible / pot.total;
    pot.carry = divisible % pot.total;
  };
  const settle = member => {
    member.owed += member.shares * (pot.perShare - member.snap);
    member.snap = pot.perShare;
  };
  const pay = amount => { pot.balance -= amount; pot.accounted -= amount; return amount; };
  // Shares change only after both parties have been settled at what they held.
  const change = (from, to, amount) => {
    for (const member of [from, to]) if (member) settle(member);
    if (from) from.shares -= amount; else pot.total += amount;
    if (to) to.shares += amount; else pot.total -= amount;
  };
  return { pot, members, sync, settle, pay, change };
}

/** Carries steps out one after another, each with what it leaves behind. */
function history(shares, retainBps, choose) {
  const { pot, members, sync, settle, pay, change } = treasury(shares, retainBps);
  const steps = [];
  let received = 0n, spent = 0n;
  const take = ({ step, who = 0n, other = 0n, amount = 0n }) => {
    const [member, second] = [members[who], members[other]];
    if (step === kind.receive) { pot.balance += amount; received += amount; } else sync();
    if (step === kind.draw) { settle(member); amount = pay(member.owed); member.paid += amount; member.owed = 0n; }
    if (step === kind.move) change(member, second, amount);
    if (step === kind.issue) change(null, member, amount);
    if (step === kind.burn) change(member, null, amount);
    if (step === kind.retain) pot.retainBps = amount;
    if (step === kind.spend) { pot.reserve -= pay(amount); spent += amount; }
    const { perShare, carry, reserve, total, accounted } = pot;
    steps.push({ step, who, other, amount, perShare, carry, reserve, total, accounted });
  };
  choose(take, pot, members);
  take({ step: kind.sync });
  members.forEach(settle);

  const sum = of => members.reduce((all, member) => all + member[of], 0n);
  if (sum('paid') + sum('owed') + pot.carry + pot.reserve + spent !== received) throw new Error('Receipts went astray.');
  return {
    shares, retainBps, steps,
    end: { owed: members.map(m => m.owed), paid: members.map(m => m.paid), shares: members.map(m => m.shares), received, spent },
  };
}

const oneShare = history([1n], 0n, take => {
  for (const amount of [1n, 10n ** 18n, max(88)]) { take({ step: kind.receive, amount }); take({ step: kind.draw, who: 0n }); }
});
const dust = history([333333n, 333333n, 333334n], 1n, take => {
  for (let i = 0; i < 6; i++) { take({ step: kind.receive, amount: 999999n }); take({ step: kind.sync }); }
  take({ step: kind.receive, amount: 10000001n });
  take({ step: kind.draw, who: 2n });
});
const keepsAll = history([5n, 0n], 10000n, take => {
  take({ step: kind.receive, amount: 12345n });
  take({ step: kind.spend, amount: 12000n });
  take({ step: kind.move, who: 0n, other: 1n, amount: 2n });
});
// What was earned before a change of shares stays with whom had them.
const changed = history([60n, 40n, 0n], 500n, take => {
  take({ step: kind.receive, amount: 1000n });
  take({ step: kind.move, who: 0n, other: 2n, amount: 60n });
  take({ step: kind.receive, amount: 2007n });
  take({ step: kind.burn, who: 1n, amount: 39n });
  take({ step: kind.receive, amount: 77n });
  take({ step: kind.draw, who: 0n });
  take({ step: kind.draw, who: 1n });
});

function drawn(s) {
  const count = Number(s.between(1, 5));
  const shares = Array.from({ length: count }, () => s.upTo(17));
  shares[0] += 1n;
  return history(shares, s.chance(3) ? 0n : s.between(0, WHOLE), (take, pot, members) => {
    for (let i = 0; i < 16; i++) {
      const who = s.below(count), other = s.below(count), member = members[who];
      const owed = member.owed + member.shares * (pot.perShare - member.snap);
      const step = s.pick([...Object.values(kind), kind.receive, kind.receive, kind.draw]);
      if (step === kind.receive) take({ step, amount: s.upTo(80) });
      if (step === kind.sync) take({ step });
      if (step === kind.draw && owed > 0n) take({ step, who });
      if (step === kind.move && who !== other && member.shares > 0n) take({ step, who, other, amount: s.between(1, member.shares) });
      if (step === kind.issue && pot.total < 900000n) take({ step, who, amount: s.upTo(16) + 1n });
      if (step === kind.burn && member.shares > 0n && pot.total > member.shares) take({ step, who, amount: s.between(1, member.shares) });
      if (step === kind.retain) take({ step, amount: s.between(0, WHOLE) });
      if (step === kind.spend && pot.reserve > 0n) take({ step, amount: s.between(1, pot.reserve) });
    }
  });
}

export const dao = () => ({ cases: cases('dao', 30, [oneShare, dust, keepsAll, changed], drawn) });
