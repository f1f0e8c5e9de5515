import pLimit from 'p-limit';
import { measure } from './measure.js';
import { openBenchClient, readAll } from './requests.js';

/** The lower bound of a fleet plan: the same concurrent requests to every instance, with only their JSON parsed. */
const { url, names, atOnce } = JSON.parse(process.argv[2] ?? '{}') as {
  url: string;
  names: readonly string[];
  atOnce: number;
};
const window = pLimit(atOnce);
await measure(async () => {
  await Promise.all(
    names.map((name) =>
      window(async () => {
        const client = openBenchClient({
          url: `${url}/${name}`,
          token: `token-${name}`,
          manifest: '',
          snapshot: '',
        });
        await readAll(client);
        client.close();
      }),
    ),
  );
});
