// Graphs of releases and images, what their nodes received, and who holds what once every edge has been pulled.
import { split } from './formulas.mjs';
import { keccak, utf8 } from './keccak.mjs';
import { cases, max } from './seeded.mjs';

const DEEPEST = 6n;

/** Nodes in an order in which edges lead back only; `edges` hold places, as the amounts do. */
function graph(name, nodes, receipts) {
  const id = place => keccak(utf8(`${name} node ${place}`));
  const received = nodes.map(() => 0n), accounts = nodes.map(() => 0n);
  let commons = 0n;
  for (const { node, amount } of receipts) received[node] += amount;
  // From the youngest node down, so that a node has all it will get before it is divided.
  for (let place = nodes.length - 1; place >= 0; place--) {
    const { edges, selfWeight } = nodes[place];
    const weights = [...edges.map(edge => edge.weight), ...(selfWeight > 0n ? [selfWeight] : [])];
    if (weights.length === 0) { commons += received[place]; continue; }
    split(received[place], weights).forEach((share, edge) => {
      if (edge < edges.length) received[edges[edge].place] += share;
      else accounts[place] += share;
    });
  }
  return {
    nodes: nodes.map(({ edges, selfWeight, rank }, place) =>
      ({ id: id(place), rank, selfWeight, edges: edges.map(edge => ({ node: id(edge.place), weight: edge.weight })) })),
    receipts: receipts.map(({ node, amount }) => ({ node: id(node), amount })),
    received, accounts, commons,
  };
}

const rankOf = (nodes, edges) => 1n + edges.reduce((deepest, edge) => nodes[edge.place].rank > deepest ? nodes[edge.place].rank : deepest, 0n);

function drawn(s, index) {
  const nodes = [];
  for (let place = 0; place < 12; place++) {
    const older = nodes.map((node, at) => ({ node, at })).filter(({ node }) => node.rank < DEEPEST);
    const edges = older.filter(() => s.chance(3)).slice(0, 4).map(({ at }) => ({ place: at, weight: 1n + s.upTo(16) % max(16) }));
    nodes.push({ edges, selfWeight: s.chance(4) ? 0n : 1n + s.upTo(16) % max(16), rank: rankOf(nodes, edges) });
  }
  return graph(`drawn ${index}`, nodes, Array.from({ length: 15 }, () => ({ node: Number(s.below(nodes.length)), amount: s.upTo(80) })));
}

// A line as deep as it may be, in which every node but the first keeps a third.
const line = Array.from({ length: 6 }, (_, at) =>
  ({ edges: at === 0 ? [] : [{ place: at - 1, weight: 2n }], selfWeight: 1n, rank: BigInt(at + 1) }));
// Two ways lead to the same node, and a node without edges pays the commons.
const diamond = [
  { edges: [], selfWeight: 0n, rank: 1n },
  { edges: [{ place: 0, weight: 1n }], selfWeight: 1n, rank: 2n },
  { edges: [{ place: 0, weight: 65535n }], selfWeight: 0n, rank: 2n },
  { edges: [{ place: 1, weight: 3n }, { place: 2, weight: 4n }], selfWeight: 5n, rank: 3n },
];

export const royalties = () => ({
  cases: cases('royalties', 20, [
    graph('line', line, [{ node: 5, amount: 1n }, { node: 5, amount: 10n ** 18n }, { node: 2, amount: 7n }]),
    graph('diamond', diamond, [{ node: 3, amount: 10n ** 18n + 1n }, { node: 1, amount: 3n }]),
  ], drawn),
});
