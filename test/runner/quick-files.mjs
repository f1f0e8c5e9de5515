import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Calls that Node hands to a thread, one by one: on a file system in memory the way there and back takes ten times as
 * long as the call itself. The suite makes some 100,000 of them.
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

/** An open file, with what the product calls of it. */
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

const AS_THEY_ARE = { ...promises };

/** The same system calls, made by the thread that asks. What they give and raise is the same; it is there at once. */
const QUICK = {
  ...Object.fromEntries(CALLS.map((name) => [name, async (...given) => fs[`${name}Sync`](...given)])),
  open: async (file, ...options) =>
    isPlain(file) ? new QuickHandle(fs.openSync(file, ...options)) : AS_THEY_ARE.open(file, ...options),
  realpath: async (...given) => fs.realpathSync.native(...given),
  readFile: async (file, ...options) =>
    isPlain(file) ? fs.readFileSync(file, ...options) : AS_THEY_ARE.readFile(file, ...options),
  writeFile: async (file, data, ...options) =>
    isPlain(file) && (typeof data === 'string' || ArrayBuffer.isView(data))
      ? fs.writeFileSync(file, data, ...options)
      : AS_THEY_ARE.writeFile(file, data, ...options),
};

/** A pipe or a device may keep its reader waiting, and with it all that this process does. */
function isPlain(path) {
  if (typeof path !== 'string') return false;
  try {
    const found = fs.statSync(path, { throwIfNoEntry: false });
    return found === undefined || found.isFile() || found.isDirectory();
  } catch {
    return false;
  }
}

/** Makes calls of the file system quick, or as they are in production. */
export function makeFilesQuick(quick) {
  Object.assign(promises, quick ? QUICK : AS_THEY_ARE);
  syncBuiltinESMExports();
}
