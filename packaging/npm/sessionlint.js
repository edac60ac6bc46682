#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import {HostStream} from './host_files.js';
import {run} from './run.js';

process.exitCode = run(process.argv.slice(2), {streams: [0, 1, 2].map(descriptor => new HostStream(descriptor))});
