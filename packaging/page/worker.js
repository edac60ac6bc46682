// SPDX-License-Identifier: MIT
// The worker: runs the command on files that it reads part by part, once for each thing that is wanted of them.
import {MemoryFiles} from '../wasi/memory_files.js';
import {Failure, Stream, Wasi} from '../wasi/wasi.js';

const BLOCK = 256 << 10;
const BLOCKS_KEPT = 256;
const BLOCKS_AHEAD = 16;
const PROGRESS_EVERY = 100; // milliseconds

// The blocks that were read last, of all files. Asking the browser takes longer than reading: where a file is read on, it
// gives many blocks at once.
class BlockCache {
	constructor() {
		this.blocks = new Map();
		this.reader = new FileReaderSync();
	}

	get(file, index) {
		const key = `${file.number} ${index}`;
		if (!this.blocks.has(key)) {
			this.load(file, index, index === file.next ? BLOCKS_AHEAD : 1);
		}
		const block = this.blocks.get(key);
		// used last
		this.blocks.delete(key);
		this.blocks.set(key, block);
		return block;
	}

	load(file, index, count) {
		let bytes;
		try {
			bytes = this.reader.readAsArrayBuffer(file.blob.slice(index * BLOCK, (index + count) * BLOCK));
		} catch {
			// it was removed, changed or may not be read
			throw new Failure('EIO');
		}
		for (let i = 0; i < count; i++) {
			// copies, so that the others can go
			this.blocks.set(`${file.number} ${index + i}`, new Uint8Array(bytes.slice(i * BLOCK, (i + 1) * BLOCK)));
		}
		file.next = index + count;
		for (const key of [...this.blocks.keys()].slice(0, Math.max(0, this.blocks.size - BLOCKS_KEPT))) {
			this.blocks.delete(key);
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
		this.next = 0; // the block after those that were read last
		this.cache = cache;
		this.progress = progress;
	}

	read(position, size) {
		const bytes = new Uint8Array(size);
		for (let done = 0; done < size;) {
			const at = position + done, index = Math.floor(at / BLOCK);
			const block = this.cache.get(this, index).subarray(at - index * BLOCK, at - index * BLOCK + size - done);
			if (block.length === 0) {
				throw new Failure('EIO');
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
