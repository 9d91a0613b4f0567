// Writes the golden vectors beside this file, from docs/protocol.md and from nothing else in this repository.
//
//   node generate.mjs                 writes the files
//   node generate.mjs --check         writes nothing; ends with 1 when a file is missing or old
//   node generate.mjs --cast [path]   has `cast` hash every typed message too, by its own implementation
//
// The Keccak-256 is that of the npm package js-sha3, which the compiler's package brings along.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { caps } from './make/caps.mjs';
import { charges } from './make/charges.mjs';
import { dao } from './make/dao.mjs';
import { disagreements } from './make/cast.mjs';
import { hashes } from './make/hashes.mjs';
import { ids } from './make/ids.mjs';
import { rates } from './make/rates.mjs';
import { royalties } from './make/royalties.mjs';
import { shares } from './make/shares.mjs';
import { text } from './make/text.mjs';
import { usage } from './make/usage.mjs';

const files = { rates, charges, caps, shares, royalties, dao, hashes, ids, usage };
const pathOf = name => fileURLToPath(new URL(`${name}.json`, import.meta.url));

const [mode, castPath = 'cast'] = process.argv.slice(2);
let wrong = [];
if (mode === '--cast') {
  wrong = disagreements(castPath, hashes());
} else {
  for (const [name, make] of Object.entries(files)) {
    const wanted = text(make());
    if (mode !== '--check') writeFileSync(pathOf(name), wanted);
    else if (!existsSync(pathOf(name)) || readFileSync(pathOf(name), 'utf8') !== wanted) wrong.push(`${name}.json is not what generate.mjs writes.`);
  }
}

for (const line of wrong) console.error(line);
process.exitCode = wrong.length === 0 ? 0 : 1;
