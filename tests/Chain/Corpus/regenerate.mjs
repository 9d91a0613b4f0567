// Writes the corpus files; started by regenerate.sh with the path of cast and the folder to write to.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

const [castPath, folder, ...wanted] = process.argv.slice(2);
const ROWS = 1000;
const run = promisify(execFile);
const cast = async (...args) => (await run(castPath, args)).stdout.trim();

// A stream of bytes from a label: the same on every machine.
function source(label) {
  let block = 0, pool = Buffer.alloc(0);
  const take = n => {
    while (pool.length < n) pool = Buffer.concat([pool, createHash('sha256').update(`${label}/${block++}`).digest()]);
    const bytes = pool.subarray(0, n);
    pool = pool.subarray(n);
    return bytes;
  };
  const below = n => take(6).readUIntBE(0, 6) % n;
  return {
    below,
    hex: n => '0x' + take(n).toString('hex'),
    unsigned: bits => BigInt('0x' + take(32).toString('hex')) >> BigInt(256 - (1 + below(bits))),
    pick: list => list[below(list.length)],
  };
}

// cast is started once a value; a few at a time, because starting it is most of the work.
async function write(name, columns, make) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const rows = new Array(ROWS);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < ROWS; i = next++) rows[i] = await make(source(`${name}-${i}`), i);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  const lines = rows.map(row => '  ' + JSON.stringify(columns.map(c => row[c]), (_, v) => typeof v === 'string' ? abbreviated(v) : v));
  writeFileSync(`${folder}/${name}.json`, `{ "columns": ${JSON.stringify(columns)}, "rows": [\n${lines.join(',\n')}\n] }\n`);
  console.log(`${name}: ${rows.length}`);
}

// A byte that stands five times or more is written once with its count: {00*28}.
const abbreviated = text => /^0x([0-9a-f]{2})+$/.test(text)
  ? '0x' + text.slice(2).match(/../g).join(' ').replace(/([0-9a-f]{2})(?: \1){4,}/g, run => `{${run.slice(0, 2)}*${(run.length + 1) / 3}}`).replaceAll(' ', '')
  : text;

const words = ['alpha', 'Straße', 'ключ', 'x', 'two words', '漢字かな', 'a text longer than a word of 32 bytes', '🦊'];

// A value of a type in cast's own notation; texts inside lists are quoted.
function literal(type, s, nested = false) {
  const array = type.match(/^(.*)\[(\d*)\]$/);
  if (array) {
    const n = array[2] ? Number(array[2]) : s.below(4);
    return '[' + Array.from({ length: n }, () => literal(array[1], s, true)).join(',') + ']';
  }
  if (type.startsWith('(')) return '(' + split(type).map(t => literal(t, s, true)).join(',') + ')';
  if (type.startsWith('uint')) return s.unsigned(Number(type.slice(4))).toString();
  if (type.startsWith('int')) return (s.unsigned(Number(type.slice(3)) - 1) * (s.below(2) ? 1n : -1n)).toString();
  if (type === 'address') return s.hex(20);
  if (type === 'bool') return s.below(2) ? 'true' : 'false';
  if (type === 'bytes') return s.hex(s.below(40));
  if (type.startsWith('bytes')) return s.hex(Number(type.slice(5)));
  if (type === 'string') return nested ? `"${s.pick(words)}"` : s.pick(words);
  throw new Error(type);
}

function split(tuple) {
  const parts = [];
  let depth = 0, part = '';
  for (const c of tuple.slice(1, -1)) {
    if (c === ',' && depth === 0) { parts.push(part); part = ''; continue; }
    depth += c === '(' ? 1 : c === ')' ? -1 : 0;
    part += c;
  }
  return part === '' ? parts : [...parts, part];
}

const shapes = [
  '(uint8,uint16,uint32,uint64,uint128,uint256)', '(int8,int64,int256)', '(address,bool,bytes4,bytes32)', '(bytes,string)',
  '(uint256[])', '(uint64[5])', '(address[],bytes[],string[])', '(uint8[2][],uint16[][3],int32[][])',
  '((address,bytes32,uint128,uint32,uint16,bool),(bytes32,uint64[5],uint128[5])[],bytes)', '((uint8,(string,(bytes,bool)[])[2]),address)',
  '(bytes32,(uint16,uint16,uint16,bytes32,uint64)[],bytes[])', '(string,(string,string),string[2])',
];

// Long strings are one byte again and again: what matters about them is their length.
function rlpItem(s, depth) {
  if (depth > 3 || s.below(3) > 0) {
    const n = s.pick([0, 1, 1, 2, 20, 32, 54, 55, 56, 57, 255, 256, 300]);
    return n < 50 ? s.hex(n) : '0x' + s.hex(1).slice(2).repeat(n);
  }
  return Array.from({ length: s.below(6) }, () => rlpItem(s, depth + 1));
}

// The key of a row is the sha256 of its label, so the files need not hold it.
const key = label => '0x' + createHash('sha256').update(label).digest('hex');

await write('address', ['address', 'checksum'], async s => {
  const address = s.hex(20);
  return { address, checksum: await cast('to-check-sum-address', address) };
});

await write('keccak', ['data', 'hash'], async (s, i) => {
  const data = s.hex([0, 1, 31, 32, 33, 135, 136, 137, 271, 272, 273][i] ?? s.below(140));
  return { data, hash: await cast('keccak', data) };
});

await write('abi', ['types', 'values', 'encoded'], async (s, i) => {
  const types = shapes[i % shapes.length];
  const values = split(types).map(t => literal(t, s));
  return { types, values, encoded: await cast('abi-encode', `f${types}`, '--', ...values) };
});

await write('rlp', ['item', 'encoded'], async s => {
  const item = rlpItem(s, 0);
  return { item, encoded: await cast('to-rlp', JSON.stringify(item)) };
});

// The hash commits to every byte that cast signed; the bytes themselves would only repeat the row.
await write('transaction', ['chainId', 'nonce', 'gasLimit', 'priorityFee', 'maxFee', 'to', 'value', 'data', 'hash'], async (s, i) => {
  const tx = {
    chainId: s.below(1e9) + 1, nonce: s.below(1e6), gasLimit: s.below(3e7) + 21000,
    priorityFee: s.unsigned(40).toString(), to: s.below(5) ? s.hex(20) : null, value: s.unsigned(90).toString(), data: s.hex(s.below(70)),
  };
  tx.maxFee = (BigInt(tx.priorityFee) + s.unsigned(60)).toString();
  if (!tx.to && tx.data === '0x') tx.data = '0x00';
  const fees = ['--gas-price', tx.maxFee, '--priority-gas-price', tx.priorityFee, '--gas-limit', `${tx.gasLimit}`];
  const rest = ['--private-key', key(`transaction-${i}`), '--chain', `${tx.chainId}`, '--nonce', `${tx.nonce}`, '--value', tx.value, ...fees];
  const raw = await cast('mktx', ...rest, ...(tx.to ? [tx.to, tx.data] : ['--create', tx.data]));
  return { ...tx, hash: await cast('keccak', raw) };
});

await write('personal', ['address', 'message', 'signature'], async (s, i) => {
  const k = key(`personal-${i}`), message = Array.from({ length: 1 + s.below(6) }, () => s.pick(words)).join(' ');
  return { address: await cast('wallet', 'address', k), message, signature: await cast('wallet', 'sign', '--private-key', k, message) };
});

await write('typed-data', ['chainId', 'contract', 'from', 'amount', 'reference', 'flag', 'note', 'signature'], async (s, i) => {
  const domain = { name: 'Dweb', version: '1', chainId: s.below(1e9) + 1, verifyingContract: s.hex(20) };
  const message = { from: s.hex(20), amount: s.unsigned(256).toString(), reference: s.hex(32), flag: s.below(2) === 1, note: s.pick(words) };
  const field = (name, type) => ({ name, type });
  const types = {
    EIP712Domain: [field('name', 'string'), field('version', 'string'), field('chainId', 'uint256'), field('verifyingContract', 'address')],
    Transfer: [field('from', 'address'), field('amount', 'uint256'), field('reference', 'bytes32'), field('flag', 'bool'), field('note', 'string')],
  };
  const data = JSON.stringify({ types, primaryType: 'Transfer', domain, message });
  const signature = await cast('wallet', 'sign', '--private-key', key(`typed-data-${i}`), '--data', data);
  return { chainId: domain.chainId, contract: domain.verifyingContract, ...message, signature };
});
