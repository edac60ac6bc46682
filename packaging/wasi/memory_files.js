// SPDX-License-Identifier: MIT
// A file system in memory. Files that are read come as bytes, or as a reader of parts; what the program writes is kept.
import {Failure, TYPE} from './wasi.js';

class MemoryFile {
	// source: {size, read(position, size) -> Uint8Array}, or undefined for a new file
	constructor(number, source) {
		this.type = TYPE.file;
		this.number = number;
		this.source = source;
		this.data = new Uint8Array();
		this.size = source?.size ?? 0;
	}

	stat() {
		return {type: this.type, number: this.number, device: 1, size: this.size};
	}

	read(bytes, position) {
		const size = Math.max(0, Math.min(bytes.length, this.size - position));
		if (size > 0) {
			bytes.set(this.source ? this.source.read(position, size) : this.data.subarray(position, position + size));
		}
		return size;
	}

	write(bytes, position) {
		const end = position + bytes.length;
		if (this.source) {
			throw new Failure('EROFS');
		}
		if (end > this.data.length) {
			const larger = new Uint8Array(Math.max(end, 2 * this.data.length, 4096));
			larger.set(this.data.subarray(0, this.size));
			this.data = larger;
		}
		this.data.set(bytes, position);
		this.size = Math.max(this.size, end);
		return bytes.length;
	}

	truncate() {
		if (this.source) {
			throw new Failure('EROFS');
		}
		this.size = 0;
	}

	close() {
		// others may read it later
	}

	get contents() {
		return this.data.subarray(0, this.size);
	}
}

class MemoryFolder {
	constructor(number) {
		this.type = TYPE.folder;
		this.number = number;
		this.entries = new Map();
	}

	stat() {
		return {type: this.type, number: this.number, device: 1, size: 0};
	}

	list() {
		return [...this.entries].map(([name, {type}]) => ({name: new TextEncoder().encode(name), type}));
	}

	read() {
		throw new Failure('EISDIR');
	}

	write() {
		throw new Failure('EISDIR');
	}

	close() {
		// nothing is open
	}
}

class MemoryFiles {
	constructor() {
		this.count = 1;
		this.root = new MemoryFolder(this.count);
		this.folder('/tmp');
	}

	// The names in a path, from the root on. What is no Unicode in them is replaced, as the program sees it.
	static names(path) {
		const bytes = typeof path === 'string' ? new TextEncoder().encode(path) : path;
		const names = [];
		for (const name of new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes).split('/')) {
			if (name === '..') {
				names.pop();
			} else if (name !== '' && name !== '.') {
				names.push(name);
			}
		}
		return names;
	}

	// The folder of a path, and the name in it; without a name: the root.
	place(path) {
		const names = MemoryFiles.names(path), name = names.pop();
		let folder = this.root;
		for (const each of names) {
			folder = folder.entries.get(each);
			if (folder?.type !== TYPE.folder) {
				throw new Failure(folder ? 'ENOTDIR' : 'ENOENT');
			}
		}
		return {folder, name};
	}

	find(path) {
		const {folder, name} = this.place(path);
		return name === undefined ? this.root : folder.entries.get(name);
	}

	need(path) {
		const found = this.find(path);
		if (!found) {
			throw new Failure('ENOENT');
		}
		return found;
	}

	// ---- for the host ----

	// The folder of that path, made if it is not there.
	folder(path) {
		let folder = this.root;
		for (const name of MemoryFiles.names(path)) {
			if (!folder.entries.has(name)) {
				folder.entries.set(name, new MemoryFolder(++this.count));
			}
			folder = folder.entries.get(name);
		}
		return folder;
	}

	add(path, source) {
		const names = MemoryFiles.names(path), name = names.pop();
		this.folder(names.join('/')).entries.set(name, new MemoryFile(++this.count, source));
	}

	addBytes(path, bytes) {
		this.add(path, {size: bytes.length, read: (position, size) => bytes.subarray(position, position + size)});
	}

	// What the program has written to a file; undefined: nothing.
	written(path) {
		return this.find(path)?.contents;
	}

	// ---- for the program ----

	open(path, {create, folder: wantsFolder, exclusive, truncate}) {
		const {folder, name} = this.place(path);
		let found = name === undefined ? this.root : folder.entries.get(name);
		if (found && create && exclusive) {
			throw new Failure('EEXIST');
		}
		if (!found && create) {
			found = new MemoryFile(++this.count);
			folder.entries.set(name, found);
		}
		if (!found) {
			throw new Failure('ENOENT');
		}
		if (wantsFolder && found.type !== TYPE.folder) {
			throw new Failure('ENOTDIR');
		}
		if (truncate) {
			found.truncate();
		}
		return found;
	}

	stat(path) {
		return this.need(path).stat();
	}

	readLink() {
		throw new Failure('EINVAL');
	}

	rename(from, to) {
		const file = this.need(from), old = this.place(from), place = this.place(to);
		old.folder.entries.delete(old.name);
		place.folder.entries.set(place.name, file);
	}

	unlink(path) {
		const {folder, name} = this.place(path);
		if (!folder.entries.delete(name)) {
			throw new Failure('ENOENT');
		}
	}
}

export {MemoryFiles};
