// The worker loads this module into the command. It ends the command when the worker ends, even by SIGKILL: the channel
// between the two closes then. The first signal lets the current instance finish. The second one stops the command, long
// before another worker gets the job.
const { LOST_AFTER_MS = '30000' } = process.env;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGTERM'), Number(LOST_AFTER_MS) / 3).unref();
});
