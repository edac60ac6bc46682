// SPDX-License-Identifier: MIT
// The library: logs in, findings out.
import fs from 'node:fs';
import {hostEnvironment, run} from './run.js';
import {MemoryFiles} from './memory_files.js';
import {Stream} from './wasi.js';

// Options with a value, by their names here.
const VALUES = {start: 'start', source: 'source', window: 'window', reorder: 'reorder', pointerSize: 'pointer-size'};
const SWITCHES = {strict: 'strict', anonymize: 'anonymize', join: 'join', reverse: 'reverse', recover: 'recover'};

function optionWords({together, rules = {}, config, arguments: more = [], ...options}) {
	const words = [...more];
	for (const [name, value] of Object.entries(options).filter(([, each]) => each !== undefined)) {
		if (Object.hasOwn(VALUES, name)) {
			words.push(`--${VALUES[name]}=${value}`);
		} else if (!Object.hasOwn(SWITCHES, name)) {
			throw new TypeError(`unknown option '${name}'`);
		} else if (value) {
			words.push(`--${SWITCHES[name]}`);
		}
	}
	if (together) {
		words.push(together === true ? '--together' : `--together=${together}`);
	}
	words.push(...Object.entries(rules).map(([rule, severity]) => `--rule=${rule}=${severity}`));
	if (config !== undefined) {
		words.push(config === false ? '--no-config' : `--config=${config}`);
	}
	return words;
}

function isBytes(input) {
	return input instanceof Uint8Array;
}

// Where the inputs lie, and how the command calls them.
function inputFiles(inputs) {
	if (inputs.length === 0) {
		throw new TypeError('no input');
	}
	if (inputs.every(input => typeof input === 'string')) {
		return {names: inputs, environment: hostEnvironment()};
	}
	if (!inputs.every(input => isBytes(input) || isBytes(input?.bytes))) {
		throw new TypeError('inputs are paths, or bytes: not both');
	}
	const files = new MemoryFiles(), names = [];
	inputs.forEach((input, i) => {
		const name = (input.name ?? (i === 0 ? 'input' : `input-${i + 1}`)).replace(/^\/+/, '');
		if (name === '' || names.includes(name)) {
			throw new TypeError(`the name '${name}' is not one for an input`);
		}
		files.addBytes(`/logs/${name}`, input.bytes ?? input);
		names.push(name);
	});
	return {names, files, environment: {PWD: '/logs'}};
}

// See index.d.ts.
export function check(inputs, options = {}) {
	const {names, ...where} = inputFiles(Array.isArray(inputs) ? inputs : [inputs]);
	const output = [], errors = [];
	const streams = [new Stream(), new Stream(bytes => output.push(bytes)), new Stream(bytes => errors.push(bytes))];
	const words = ['check', '--format=json', '--quiet', ...optionWords(options), '--', ...names.map(String)];
	const status = run(words, {...where, streams});
	const lines = Buffer.concat(output).toString().split('\n').slice(0, -1).map(line => JSON.parse(line));
	const message = Buffer.concat(errors).toString();
	const summary = lines.pop()?.summary;
	if (!summary) {
		throw new Error(message.trim() || 'the command wrote no summary');
	}
	return {findings: lines, summary, status, message};
}

export const {version} = JSON.parse(fs.readFileSync(new URL('package.json', import.meta.url), 'utf8'));
