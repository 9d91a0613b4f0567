#!/usr/bin/env bash
# Compiles Probe.sol into Probe.json (the ABI that the bindings are generated from) and Probe.bin (creation code).
# Takes npm's solc from $DWEB_NPM; needs Node 20.
set -euo pipefail
cd "$(dirname "$0")"
exec node --input-type=module - "${DWEB_NPM:?set DWEB_NPM to the node_modules folder that holds solc}" <<'JS'
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
const solc = createRequire(process.argv[2] + '/')('solc');
const settings = { optimizer: { enabled: true }, evmVersion: 'paris', outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } };
const sources = { 'Probe.sol': { content: readFileSync('Probe.sol', 'utf8') } };
const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })));
for (const error of output.errors ?? []) console.error(error.formattedMessage);
const { abi, evm } = output.contracts['Probe.sol'].Probe;
writeFileSync('Probe.json', JSON.stringify({ contractName: 'Probe', abi }, null, 2) + '\n');
writeFileSync('Probe.bin', evm.bytecode.object + '\n');
JS
