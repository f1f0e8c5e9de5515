import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Calls that Node runs in a thread pool. On a file system in memory, the switch between threads takes ten times as
 * long as the call itself. The suite makes about 100,000 of them.
 */
const CALLS = [
  'access',
  'chmod',
  'copyFile',
  'link',
  'lstat',
  'mkdir',
  'mkdtemp',
  'readdir',
  'readlink',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'symlink',
  'unlink',
];

/** An open file, with the methods that the product uses. */
class QuickHandle {
  constructor(fd) {
    this.fd = fd;
  }
}
for (const [name, call] of [
  ['appendFile', fs.appendFileSync],
  ['chmod', fs.fchmodSync],
  ['close', fs.closeSync],
  ['datasync', fs.fdatasyncSync],
  ['readFile', fs.readFileSync],
  ['stat', fs.fstatSync],
  ['sync', fs.fsyncSync],
  ['writeFile', fs.writeFileSync],
])
  QuickHandle.prototype[name] = async function (...given) {
    return call(this.fd, ...given);
  };
QuickHandle.prototype.read = async function (buffer, ...where) {
  return { bytesRead: fs.readSync(this.fd, buffer, ...where), buffer };
};

const ORIGINAL_CALLS = { ...promises };

/** The same system calls, made synchronously. Results and errors are the same. */
const SYNCHRONOUS_CALLS = {
  ...Object.fromEntries(CALLS.map((name) => [name, async (...given) => fs[`${name}Sync`](...given)])),
  open: async (file, ...options) =>
    isPlain(file) ? new QuickHandle(fs.openSync(file, ...options)) : ORIGINAL_CALLS.open(file, ...options),
  realpath: async (...given) => fs.realpathSync.native(...given),
  readFile: async (file, ...options) =>
    isPlain(file) ? fs.readFileSync(file, ...options) : ORIGINAL_CALLS.readFile(file, ...options),
  writeFile: async (file, data, ...options) =>
    isPlain(file) && (typeof data === 'string' || ArrayBuffer.isView(data))
      ? fs.writeFileSync(file, data, ...options)
      : ORIGINAL_CALLS.writeFile(file, data, ...options),
};

/** Reading a pipe or a device synchronously could block the whole process. */
function isPlain(path) {
  if (typeof path !== 'string') return false;
  try {
    const found = fs.statSync(path, { throwIfNoEntry: false });
    return found === undefined || found.isFile() || found.isDirectory();
  } catch {
    return false;
  }
}

/** Switches between synchronous calls and the original ones, which production uses. */
export function makeFilesQuick(quick) {
  Object.assign(promises, quick ? SYNCHRONOUS_CALLS : ORIGINAL_CALLS);
  syncBuiltinESMExports();
}
