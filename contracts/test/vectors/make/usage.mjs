// A usage entry in its 46 bytes, big endian.
import { cases, max } from './seeded.mjs';

const widths = { secondsRun: 4, cpu: 6, memoryUsed: 6, storageUsed: 6, received: 4, sent: 4 };

const packOne = entry => entry.handle.slice(2) + Object.entries(widths).map(([name, bytes]) => entry[name].toString(16).padStart(2 * bytes, '0')).join('');

export const pack = entries => '0x' + entries.map(packOne).join('');

const filled = (handle, value) => ({ handle, ...Object.fromEntries(Object.entries(widths).map(([name, bytes], at) => [name, value(8 * bytes, at)])) });

export const someEntries = (s, most) => Array.from({ length: Number(s.between(1, most)) }, () => filled(s.hex(16), bits => s.upTo(bits)));

const bounds = [
  filled('0x' + '0'.repeat(32), () => 0n), filled('0x' + 'f'.repeat(32), max),
  filled('0x000102030405060708090a0b0c0d0e0f', (_, at) => BigInt(at + 1)),
].map(entry => ({ ...entry, packed: pack([entry]) }));

export const usage = () => ({
  entries: cases('usage', 40, bounds, s => {
    const [entry] = someEntries(s, 1);
    return { ...entry, packed: pack([entry]) };
  }),
});
