// SPDX-License-Identifier: MIT
// Runs the command: the module, and the parts of the environment that it reads.
import {randomFillSync} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import {HostFiles, programPath} from './host_files.js';
import {Wasi} from './wasi.js';

const ENVIRONMENT = ['COLUMNS', 'NO_COLOR', 'SOURCE_DATE_EPOCH', 'TERM'];

let compiled;

function module() {
	compiled ??= new WebAssembly.Module(fs.readFileSync(new URL('sessionlint.wasm', import.meta.url)));
	return compiled;
}

export function hostEnvironment() {
	const given = ENVIRONMENT.filter(name => process.env[name] !== undefined).map(name => [name, process.env[name]]);
	return {...Object.fromEntries(given), PWD: programPath(process.cwd()), TMPDIR: programPath(os.tmpdir())};
}

// Runs it with those arguments and returns the exit status. A new instance each time: its memory is freed at the end.
export function run(words, {files = new HostFiles(), environment = hostEnvironment(), streams}) {
	return new Wasi({files, streams, environment, words: ['sessionlint', ...words], random: randomFillSync}).run(module());
}
