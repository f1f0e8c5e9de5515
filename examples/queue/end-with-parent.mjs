// Loaded into the command by its worker: ends it when the worker ends, also by SIGKILL, since the channel between the two
// closes then. The first signal lets the instance at hand finish. The second stops at once, long before the job of a lost
// worker goes to another one.
const { LOST_AFTER_MS = '30000' } = process.env;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGTERM'), Number(LOST_AFTER_MS) / 3).unref();
});
