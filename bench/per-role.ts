import { measure, task } from './measure.js';
import { openBenchClient, roleRequests } from './requests.js';

/** A client that reads role by role: the list of roles, then the grants and members of each. */
const client = openBenchClient(task());
await measure(async () => {
  const { body } = await client.send({ method: 'GET', path: '/api/authorization/v1/roles' });
  const requests = (body as { id: number }[]).flatMap(({ id }) => roleRequests(id));
  await Promise.all(requests.map((request) => client.send(request).then(() => undefined)));
  return { requests: requests.length + 1 };
});
client.close();
