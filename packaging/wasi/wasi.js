// SPDX-License-Identifier: MIT
// What the command needs of WASI (wasi_snapshot_preview1). Files come from a file system that is given: see
// memory_files.js. Paths are bytes, as the command has them.

const ERRNO = {
	EACCES: 2, EAGAIN: 6, EBADF: 8, EBUSY: 10, EEXIST: 20, EINVAL: 28, EIO: 29, EISDIR: 31, ELOOP: 32, EMFILE: 33, ENAMETOOLONG: 37,
	ENOENT: 44, ENOMEM: 48, ENOSPC: 51, ENOSYS: 52, ENOTDIR: 54, ENOTEMPTY: 55, ENOTSUP: 58, ENXIO: 60, EPERM: 63, EPIPE: 64,
	EROFS: 69, ESPIPE: 70, EXDEV: 75,
};
const TYPE = {unknown: 0, terminal: 2, folder: 3, file: 4, link: 7};
const ROOT = 3; // the descriptor of the only folder that the program begins with

// An error that the program gets as a number.
class Failure extends Error {
	constructor(name) {
		super(name);
		this.errno = ERRNO[name] ?? ERRNO.EIO;
	}
}

// Waits as long where the host lets a thread wait: Node does, and a page without shared memory does not.
function wait(milliseconds) {
	if (typeof SharedArrayBuffer === 'function') {
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
	}
}

// How proc_exit() leaves the program.
class Exit {
	constructor(status) {
		this.status = status;
	}
}

// @path as seen from the folder @base.
function joinPaths(base, path) {
	const joined = new Uint8Array(base.length + 1 + path.length);
	joined.set(base);
	joined[base.length] = 0x2f;
	joined.set(path, base.length + 1);
	return joined;
}

// A standard stream that has nothing to read and gives what is written to a function.
class Stream {
	constructor(write) {
		this.type = TYPE.unknown;
		this.sink = write;
	}

	stat() {
		return {type: this.type, size: 0};
	}

	read() {
		return 0;
	}

	write(bytes) {
		this.sink(bytes.slice());
		return bytes.length;
	}

	close() {
		// a standard stream stays
	}
}

class Wasi {
	// streams: standard input, output and error, as open files; words and environment: strings; random fills bytes.
	constructor({files, streams, words, environment, random = bytes => crypto.getRandomValues(bytes)}) {
		this.files = files;
		this.random = random;
		this.words = words.map(Wasi.terminated);
		this.environment = Object.entries(environment).map(([name, value]) => Wasi.terminated(`${name}=${value}`));
		this.open = [...streams.map(file => ({file, position: file.position ?? 0, canRead: true, canWrite: true})),
			{file: files.open(new TextEncoder().encode('/'), {folder: true}), position: 0, path: new Uint8Array()}];
	}

	static terminated(text) {
		return new TextEncoder().encode(`${text}\0`);
	}

	// Runs the module to its end and returns the exit status.
	run(module) {
		const calls = {};
		for (const name of Object.getOwnPropertyNames(Wasi.prototype).filter(each => /^[a-z]+_[a-z_]+$/.test(each))) {
			calls[name] = (...values) => this.call(name, values);
		}
		const instance = new WebAssembly.Instance(module, {wasi_snapshot_preview1: calls});
		this.memory = instance.exports.memory;
		try {
			instance.exports._start();
			return 0;
		} catch (error) {
			if (error instanceof Exit) {
				return error.status;
			}
			throw error;
		} finally {
			this.open.forEach(each => each?.file.close());
		}
	}

	call(name, values) {
		try {
			return this[name](...values) ?? 0;
		} catch (error) {
			if (error instanceof Failure) {
				return error.errno;
			}
			throw error;
		}
	}

	// ---- the program's memory ----

	// Made for each call: its buffer is another one after it has grown.
	get view() {
		return new DataView(this.memory.buffer);
	}

	bytes(at, size) {
		return new Uint8Array(this.memory.buffer, at >>> 0, size);
	}

	set32(at, value) {
		this.view.setUint32(at, value, true);
	}

	set64(at, value) {
		this.view.setBigUint64(at, BigInt(value), true);
	}

	// The pieces of memory that a vector names.
	* pieces(vector, count) {
		for (let i = 0; i < count; i++) {
			const at = this.view.getUint32(vector + 8 * i, true);
			const size = this.view.getUint32(vector + 8 * i + 4, true);
			if (size > 0) {
				yield this.bytes(at, size);
			}
		}
	}

	// ---- descriptors ----

	at(descriptor) {
		const open = this.open[descriptor];
		if (!open) {
			throw new Failure('EBADF');
		}
		return open;
	}

	path(descriptor, at, size) {
		const {path} = this.at(descriptor);
		if (!path) {
			throw new Failure('ENOTDIR');
		}
		return joinPaths(path, this.bytes(at, size).slice());
	}

	// ---- the process ----

	list(items, pointers, at) {
		for (const item of items) {
			this.set32(pointers, at);
			this.bytes(at, item.length).set(item);
			pointers += 4;
			at += item.length;
		}
	}

	sizes(items, count, size) {
		this.set32(count, items.length);
		this.set32(size, items.reduce((sum, item) => sum + item.length, 0));
	}

	args_sizes_get(count, size) {
		this.sizes(this.words, count, size);
	}

	args_get(pointers, at) {
		this.list(this.words, pointers, at);
	}

	environ_sizes_get(count, size) {
		this.sizes(this.environment, count, size);
	}

	environ_get(pointers, at) {
		this.list(this.environment, pointers, at);
	}

	proc_exit(status) {
		throw new Exit(status);
	}

	clock_time_get(clock, precision, at) {
		const milliseconds = clock === 0 ? Date.now() : performance.now();
		this.set64(at, BigInt(Math.round(milliseconds * 1000)) * 1000n);
	}

	random_get(at, size) {
		// no more can be had at once
		for (let done = 0; done < size; done += 65536) {
			this.random(this.bytes(at + done, Math.min(65536, size - done)));
		}
	}

	// Streams are ready at once, but for an output that nobody reads.
	poll_oneoff(subscriptions, events, count, ready) {
		// nanosleep(): one clock, with a time from now on
		if (count === 1 && this.view.getUint8(subscriptions + 8) === 0 && this.view.getUint16(subscriptions + 40, true) === 0) {
			wait(Number(this.view.getBigUint64(subscriptions + 24, true)) / 1e6);
		}
		for (let i = 0; i < count; i++) {
			const from = subscriptions + 48 * i, to = events + 32 * i, {view} = this;
			const kind = view.getUint8(from + 8);
			const open = kind === 0 ? null : this.open[view.getUint32(from + 16, true)];
			this.bytes(to, 32).fill(0);
			view.setBigUint64(to, view.getBigUint64(from, true), true);
			view.setUint16(to + 8, kind === 0 ? 0 : !open ? ERRNO.EBADF : open.file.broken ? ERRNO.EPIPE : 0, true);
			view.setUint8(to + 10, kind);
		}
		this.set32(ready, count);
	}

	// ---- open files ----

	fd_prestat_get(descriptor, at) {
		if (descriptor !== ROOT) {
			throw new Failure('EBADF');
		}
		this.set32(at, 0);
		this.set32(at + 4, 1);
	}

	fd_prestat_dir_name(descriptor, at) {
		this.bytes(at, 1)[0] = 0x2f;
	}

	fd_fdstat_get(descriptor, at) {
		const open = this.at(descriptor), {view} = this;
		// seek and tell: what cannot be moved in, and is no file, is a terminal
		const moves = open.file.type === TYPE.file ? 1n << 2n | 1n << 5n : 0n;
		const folder = open.path ? ~0n : 0n;
		this.bytes(at, 24).fill(0);
		view.setUint8(at, open.file.type);
		view.setUint16(at + 2, open.append ? 1 : 0, true);
		view.setBigUint64(at + 8, BigInt.asUintN(64, folder | moves | (open.canRead ? 1n << 1n : 0n) |
			(open.canWrite ? 1n << 6n : 0n)), true);
		view.setBigUint64(at + 16, BigInt.asUintN(64, open.path ? ~0n : 0n), true);
	}

	fd_fdstat_set_flags(descriptor, flags) {
		this.at(descriptor).append = (flags & 1) !== 0;
	}

	writeStat(stat, at) {
		this.bytes(at, 64).fill(0);
		this.set64(at, stat.device ?? 0);
		this.set64(at + 8, stat.number ?? 0);
		this.view.setUint8(at + 16, stat.type);
		this.set64(at + 24, 1);
		this.set64(at + 32, stat.size);
	}

	fd_filestat_get(descriptor, at) {
		this.writeStat(this.at(descriptor).file.stat(), at);
	}

	fd_close(descriptor) {
		this.at(descriptor).file.close();
		this.open[descriptor] = undefined;
	}

	readAll(open, vector, count, position) {
		let done = 0;
		for (const piece of this.pieces(vector, count)) {
			const got = open.file.read(piece, position + done);
			done += got;
			if (got < piece.length) {
				break;
			}
		}
		return done;
	}

	fd_read(descriptor, vector, count, size) {
		const open = this.at(descriptor);
		if (!open.canRead) {
			throw new Failure(open.path ? 'EISDIR' : 'EBADF');
		}
		const done = this.readAll(open, vector, count, open.position);
		open.position += done;
		this.set32(size, done);
	}

	fd_pread(descriptor, vector, count, offset, size) {
		const open = this.at(descriptor);
		if (open.file.type !== TYPE.file) {
			throw new Failure(open.path ? 'EISDIR' : 'ESPIPE');
		}
		this.set32(size, this.readAll(open, vector, count, Number(offset)));
	}

	fd_write(descriptor, vector, count, size) {
		const open = this.at(descriptor);
		let done = 0;
		if (!open.canWrite) {
			throw new Failure('EBADF');
		}
		for (const piece of this.pieces(vector, count)) {
			const position = open.append ? open.file.stat().size : open.position;
			const put = open.file.write(piece, position);
			open.position = position + put;
			done += put;
		}
		this.set32(size, done);
	}

	fd_seek(descriptor, offset, whence, at) {
		const open = this.at(descriptor);
		if (open.file.type !== TYPE.file) {
			throw new Failure('ESPIPE');
		}
		const begin = whence === 0 ? 0 : whence === 1 ? open.position : open.file.stat().size;
		if (begin + Number(offset) < 0) {
			throw new Failure('EINVAL');
		}
		open.position = begin + Number(offset);
		this.set64(at, open.position);
	}

	fd_tell(descriptor, at) {
		this.fd_seek(descriptor, 0n, 1, at);
	}

	fd_readdir(descriptor, at, size, cookie, used) {
		const open = this.at(descriptor);
		let done = 0;
		open.names = cookie === 0n ? open.file.list() : open.names;
		for (let i = Number(cookie); i < open.names.length && done < size; i++) {
			const {name, type} = open.names[i];
			const entry = new Uint8Array(24 + name.length), view = new DataView(entry.buffer);
			view.setBigUint64(0, BigInt(i + 1), true);
			view.setBigUint64(8, BigInt(i + 1), true);
			view.setUint32(16, name.length, true);
			view.setUint8(20, type);
			entry.set(name, 24);
			// the last one may be cut: then it is asked for again
			const part = entry.subarray(0, size - done);
			this.bytes(at + done, part.length).set(part);
			done += part.length;
		}
		this.set32(used, done);
	}

	// ---- paths ----

	path_open(descriptor, follow, at, size, how, rights, inherited, flags, result) {
		const path = this.path(descriptor, at, size);
		const canRead = (rights & 1n << 1n) !== 0n, canWrite = (rights & 1n << 6n) !== 0n;
		const file = this.files.open(path, {
			create: (how & 1) !== 0, folder: (how & 2) !== 0, exclusive: (how & 4) !== 0, truncate: (how & 8) !== 0,
			write: canWrite,
		});
		const isFolder = file.type === TYPE.folder;
		let free = this.open.indexOf(undefined);
		if (free < 0) {
			free = this.open.length;
		}
		this.open[free] = {
			file, position: 0, append: (flags & 1) !== 0, path: isFolder ? path : undefined,
			canRead: canRead && !isFolder, canWrite: canWrite && !isFolder,
		};
		this.set32(result, free);
	}

	path_filestat_get(descriptor, follow, at, size, result) {
		this.writeStat(this.files.stat(this.path(descriptor, at, size), (follow & 1) !== 0), result);
	}

	path_readlink(descriptor, at, size, to, room, used) {
		const target = this.files.readLink(this.path(descriptor, at, size)).subarray(0, room);
		this.bytes(to, target.length).set(target);
		this.set32(used, target.length);
	}

	path_rename(descriptor, at, size, other, to, room) {
		this.files.rename(this.path(descriptor, at, size), this.path(other, to, room));
	}

	path_unlink_file(descriptor, at, size) {
		this.files.unlink(this.path(descriptor, at, size));
	}
}

export {Failure, Stream, TYPE, Wasi};
