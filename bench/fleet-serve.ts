import { openSandbox, serveSandboxes } from '../src/sandbox/index.js';
import { benchWorld } from './world.js';

// One instance under many names, each with its own token: a fleet of equal instances, served by one process.
const [count = 20, roles = 50, people = 1_000, latencyMs = 20] = process.argv.slice(2).map(Number);
const { state } = benchWorld({ roles, people });
const names = Array.from({ length: count }, (_, index) => `instance-${index + 1}`);
const admin = state.users.find((user) => user.roleId === 1)?.id ?? 0;
const tokens = Object.fromEntries(names.map((name) => [`token-${name}`, admin]));
const sandbox = await openSandbox({ state: { ...state, tokens }, quirks: { slowAnswers: latencyMs } });
const served = await serveSandboxes(new Map(names.map((name) => [name, sandbox])));
process.send?.({ url: served.url, names });
