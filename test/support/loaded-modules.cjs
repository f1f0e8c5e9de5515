// Required before a program: writes the modules that it loads to the file in LOADED_MODULES when it ends.
const { writeFileSync } = require('node:fs');
const Module = require('node:module');
const process = require('node:process');

const loaded = new Set();
const load = Module._load;
Module._load = function (request, parent, isMain) {
  loaded.add(Module.isBuiltin(request) ? request : Module._resolveFilename(request, parent, isMain));
  return load.call(this, request, parent, isMain);
};
process.on('exit', () => writeFileSync(process.env.LOADED_MODULES, JSON.stringify([...loaded])));
