// A vector file: named lists, one case a line, so that a changed case is a changed line.

// Integers beyond 2^53 would lose digits in readers that think in doubles: they are decimal texts.
const plain = (_, value) => typeof value !== 'bigint' ? value : value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();

/** @param lists an object of lists of cases */
export function text(lists) {
  const parts = Object.entries(lists).map(([name, cases]) =>
    ` ${JSON.stringify(name)}: [\n${cases.map(one => '  ' + JSON.stringify(one, plain)).join(',\n')}\n ]`);
  return `{\n${parts.join(',\n')}\n}\n`;
}
