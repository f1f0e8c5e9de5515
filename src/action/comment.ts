import type { GitHub, Item } from './github.js';

/**
 * Creates or updates the one comment of a pull request. The comment is found by the first line of `body`, a hidden
 * marker. A comment of another author with the same marker is left alone, because its author can edit it.
 */
export async function upsertComment(
  github: GitHub,
  body: string,
  { repository, pullRequest }: { repository: string; pullRequest: number },
): Promise<void> {
  const comments = `/repos/${repository}/issues/${pullRequest}/comments`;
  const found = await findOwn(github, comments, { query: {}, marker: markerOf(body) });
  if (!found) {
    await github.create(comments, { body });
    return;
  }
  await github.edit(`/repos/${repository}/issues/comments/${found.id}`, { body });
}

/** Returns the first line of a comment or issue: the hidden marker that identifies it. */
export function markerOf(body: string): string {
  return body.slice(0, body.indexOf('\n'));
}

/** Returns the oldest item that begins with the marker and was written by the owner of the token. */
export async function findOwn(
  github: GitHub,
  path: string,
  { query, marker }: { query: Readonly<Record<string, string>>; marker: string },
): Promise<Item | null> {
  for (const item of await github.list(path, query))
    if (!item.isPullRequest && item.body.startsWith(marker) && (await github.isOwn(item))) return item;
  return null;
}
