// SPDX-License-Identifier: MIT
// Asks Perfetto's own trace processor: the WebAssembly that its page in the browser runs in a worker. Arguments: the
// folder of engine_bundle.js, the trace, queries. Prints a line of JSON for each query: an array of rows, with whole
// numbers as text.
"use strict";
const fs = require("fs");
const path = require("path");

const [folder, trace, ...queries] = process.argv.slice(2);

// ---- the worker that the bundle believes to be in ----

globalThis.self = globalThis;
globalThis.WorkerGlobalScope = function WorkerGlobalScope() {};
globalThis.importScripts = () => {};
globalThis.location = { href: "file:///engine_bundle.js" };
globalThis.XMLHttpRequest = class {
  open(_, name) {
    this.name = path.basename(name);
  }
  send() {
    const bytes = fs.readFileSync(path.join(folder, this.name));
    this.response = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  }
};
console.log = console.warn = console.error = () => {};
const hidden = globalThis.process;

// ---- protocol buffers, as far as they are needed ----

function varint(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) + 128);
  return Buffer.from([...bytes, number]);
}

function field(number, value) {
  if (typeof value === "number") return Buffer.concat([varint(number * 8), varint(value)]);
  return Buffer.concat([varint(number * 8 + 2), varint(value.length), value]);
}

function readVarint(bytes, at) {
  let number = 0n;
  for (let shift = 0n; ; shift += 7n, at++) {
    number |= BigInt(bytes[at] & 127) << shift;
    if (bytes[at] < 128) return [BigInt.asIntN(64, number), at + 1];
  }
}

// [number, value] of each field: a BigInt, or bytes.
function fields(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    let tag, value;
    [tag, at] = readVarint(bytes, at);
    const kind = Number(tag & 7n);
    if (kind === 0) [value, at] = readVarint(bytes, at);
    else {
      let size = BigInt(8);
      if (kind === 2) [size, at] = readVarint(bytes, at);
      value = bytes.subarray(at, at + Number(size));
      at += Number(size);
    }
    found.push([Number(tag >> 3n), value]);
  }
  return found;
}

function numbers(bytes) {
  const found = [];
  for (let at = 0, value; at < bytes.length; ) {
    [value, at] = readVarint(bytes, at);
    found.push(value);
  }
  return found;
}

// ---- trace_processor.proto ----

const APPEND = 1, FINISH = 2, QUERY = 3;
const CELL = { NULL: 1, NUMBER: 2, FLOAT: 3, TEXT: 4 };

function cellsOf(batch) {
  const cells = [], whole = [], floats = [], texts = [];
  for (const [number, value] of fields(batch)) {
    if (number === 1) cells.push(...numbers(value));
    if (number === 2) whole.push(...numbers(value));
    if (number === 3) for (let i = 0; i < value.length; i += 8) floats.push(Buffer.from(value).readDoubleLE(i));
    if (number === 5) texts.push(...Buffer.from(value).toString("utf8").split("\0"));
  }
  return cells.map((cell) => {
    if (Number(cell) === CELL.NUMBER) return whole.shift();
    if (Number(cell) === CELL.FLOAT) return floats.shift();
    return Number(cell) === CELL.TEXT ? texts.shift() : null;
  });
}

async function main() {
  const channel = new MessageChannel();
  const replies = [];
  let wake = () => {};
  let rest = Buffer.alloc(0);
  let seq = 0;

  channel.port1.onmessage = (event) => {
    rest = Buffer.concat([rest, Buffer.from(event.data)]);
    for (;;) {
      if (rest.length < 2) break;
      let size, at;
      try {
        [size, at] = readVarint(rest, 1);
      } catch {
        break;
      }
      if (rest.length < at + Number(size)) break;
      replies.push(rest.subarray(at, at + Number(size)));
      rest = rest.subarray(at + Number(size));
    }
    wake();
  };

  async function ask(request, parts) {
    const message = Buffer.concat([field(1, ++seq), field(2, request), ...parts]);
    channel.port1.postMessage(new Uint8Array(field(1, message)));
    while (replies.length === 0) await new Promise((resolve) => (wake = resolve));
    return fields(replies.shift());
  }

  globalThis.process = undefined; // it refuses to run in Node.js
  (0, eval)(fs.readFileSync(path.join(folder, "engine_bundle.js"), "utf8"));
  await new Promise((resolve) => setTimeout(resolve, 100));
  globalThis.self.onmessage({ data: channel.port2 });

  const bytes = fs.readFileSync(trace);
  for (let at = 0; at < bytes.length; at += 1 << 20)
    await ask(APPEND, [field(101, bytes.subarray(at, at + (1 << 20)))]);
  await ask(FINISH, []);
  for (const query of queries) {
    let columns = 0, cells = [], last = false;
    let reply = await ask(QUERY, [field(103, field(1, Buffer.from(query)))]);
    while (!last) {
      for (const [number, result] of reply.filter(([id]) => id === 203 || id === 5)) {
        if (number === 5) throw new Error(String(result));
        for (const [id, value] of fields(result)) {
          if (id === 1) columns++;
          if (id === 2) throw new Error(Buffer.from(value).toString());
          if (id === 3) {
            cells = cells.concat(cellsOf(value));
            last = fields(value).some(([key, flag]) => key === 6 && flag);
          }
        }
      }
      if (last) break;
      while (replies.length === 0) await new Promise((resolve) => (wake = resolve));
      reply = fields(replies.shift());
    }
    const rows = [];
    for (let at = 0; at < cells.length; at += columns) rows.push(cells.slice(at, at + columns));
    const text = JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? String(value) : value));
    for (let left = Buffer.from(text + "\n"); left.length > 0; ) left = left.subarray(fs.writeSync(1, left));
  }
  hidden.exit(0);
}

main().catch((error) => {
  hidden.stderr.write(`${error.stack}\n`);
  hidden.exit(1);
});
