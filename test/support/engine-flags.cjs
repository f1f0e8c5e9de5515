// Required before a program: writes the flags that it gives the engine to the file in ENGINE_FLAGS when it ends.
const { writeFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const process = require('node:process');
const v8 = require('node:v8');

const flags = [];
const set = v8.setFlagsFromString;
v8.setFlagsFromString = (flag) => {
  flags.push(flag);
  set(flag);
};
syncBuiltinESMExports();
process.on('exit', () => writeFileSync(process.env.ENGINE_FLAGS, JSON.stringify(flags)));
