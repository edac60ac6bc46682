// SPDX-License-Identifier: MIT
// The worker: runs the command on files that it reads part by part, once for each thing that is wanted of them.
import {MemoryFiles} from '../wasi/memory_files.js';
import {Failure, Stream, Wasi} from '../wasi/wasi.js';

const BLOCK = 256 << 10;
const BLOCKS_KEPT = 64;
const PROGRESS_EVERY = 100; // milliseconds

// The blocks that were read last, of all files.
class BlockCache {
	constructor() {
		this.blocks = new Map();
		this.reader = new FileReaderSync();
	}

	get(file, index) {
		const key = `${file.number} ${index}`;
		let block = this.blocks.get(key);
		this.blocks.delete(key);
		block ??= this.load(file, index);
		this.blocks.set(key, block);
		if (this.blocks.size > BLOCKS_KEPT) {
			this.blocks.delete(this.blocks.keys().next().value);
		}
		return block;
	}

	load(file, index) {
		try {
			return new Uint8Array(this.reader.readAsArrayBuffer(file.blob.slice(index * BLOCK, (index + 1) * BLOCK)));
		} catch {
			// it was removed, changed or may not be read
			throw new Failure('io');
		}
	}
}

// How far the files have been read; the page is told now and then.
class Progress {
	constructor(total) {
		this.total = total;
		this.begin('');
	}

	begin(run) {
		this.run = run;
		this.furthest = new Map();
		this.done = 0;
		this.toldAt = 0;
	}

	reached(file, position) {
		const before = this.furthest.get(file) ?? 0;
		if (position > before) {
			this.furthest.set(file, position);
			this.done += position - before;
		}
		const now = performance.now();
		if (now - this.toldAt >= PROGRESS_EVERY) {
			this.toldAt = now;
			postMessage({progress: {run: this.run, done: this.done, total: this.total, name: file.path}});
		}
	}
}

class BlobSource {
	constructor(input, number, cache, progress) {
		this.path = input.path;
		this.blob = input.blob;
		this.size = input.blob.size;
		this.number = number;
		this.cache = cache;
		this.progress = progress;
	}

	read(position, size) {
		const bytes = new Uint8Array(size);
		for (let done = 0; done < size;) {
			const at = position + done, index = Math.floor(at / BLOCK);
			const block = this.cache.get(this, index).subarray(at - index * BLOCK, at - index * BLOCK + size - done);
			if (block.length === 0) {
				throw new Failure('io');
			}
			bytes.set(block, done);
			done += block.length;
		}
		this.progress.reached(this, position + size);
		return bytes;
	}
}

function runOnce(module, files, {words, wanted, environment}) {
	const written = {output: [], errors: []};
	const streams = [new Stream(), new Stream(bytes => written.output.push(bytes)), new Stream(bytes => written.errors.push(bytes))];
	const status = new Wasi({files, streams, words: ['sessionlint', ...words], environment}).run(module);
	const results = Object.fromEntries(wanted.map(path => [path, new Blob([files.written(path) ?? ''])]));
	wanted.forEach(path => files.written(path) && files.unlink(new TextEncoder().encode(path)));
	return {status, output: new Blob(written.output), errors: new Blob(written.errors), results};
}

function onWork({data: {module, inputs, runs, environment}}) {
	const files = new MemoryFiles(), cache = new BlockCache();
	const progress = new Progress(inputs.reduce((sum, {blob}) => sum + blob.size, 0));
	files.folder('/logs');
	files.folder('/out');
	inputs.forEach((input, i) => files.add(`/logs/${input.path}`, new BlobSource(input, i, cache, progress)));
	for (const {name, words, wanted} of runs) {
		progress.begin(name);
		try {
			postMessage({ran: {name, ...runOnce(module, files, {words, wanted, environment})}});
		} catch (error) {
			// the program ran out of memory or of stack
			postMessage({failed: {name, message: `${error.name}: ${error.message}`}});
		}
	}
	postMessage({done: true});
}

onmessage = onWork;
