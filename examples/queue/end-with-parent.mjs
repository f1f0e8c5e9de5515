// Loaded into the command by its worker: ends it when the worker ends, also by SIGKILL. The channel between the two
// closes then. The first signal lets what is in flight finish, the second stops at once.
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGTERM'), 10_000).unref();
});
