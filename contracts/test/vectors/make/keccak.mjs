import { createRequire } from 'node:module';

const { keccak256 } = createRequire(import.meta.url)('js-sha3');

/** @param bytes a list or buffer of bytes */
export const keccak = bytes => '0x' + keccak256(bytes);

export const utf8 = text => Buffer.from(text, 'utf8');
export const bytesOf = hex => Buffer.from(hex.slice(2), 'hex');

/** One 32-byte word of a number, an address or bytes32, as abi.encode pads them. */
export const word = value => bytesOf('0x' + (typeof value === 'string' ? value.slice(2) : BigInt(value).toString(16)).padStart(64, '0'));

/** keccak256(abi.encode(…)) of values of one word each. */
export const hashWords = values => keccak(Buffer.concat(values.map(word)));

/** An address with the checksum of EIP-55. */
export function checksummed(address) {
  const digits = address.slice(2).toLowerCase(), hash = keccak256(digits);
  return '0x' + [...digits].map((digit, i) => parseInt(hash[i], 16) > 7 ? digit.toUpperCase() : digit).join('');
}
