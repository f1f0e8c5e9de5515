import type { GitHub, Item } from './github.js';

/**
 * Writes the one comment of a pull request, or writes it anew: it is found by the first line of `body`,
 * a hidden marker. Another author's comment with that line is left alone: its author could change it again.
 */
export async function putComment(
  github: GitHub,
  body: string,
  { repository, pullRequest }: { repository: string; pullRequest: number },
): Promise<'made' | 'updated'> {
  const comments = `/repos/${repository}/issues/${pullRequest}/comments`;
  const found = await findOwn(github, comments, { query: {}, marker: markerOf(body) });
  if (!found) {
    await github.create(comments, { body });
    return 'made';
  }
  await github.edit(`/repos/${repository}/issues/comments/${found.id}`, { body });
  return 'updated';
}

/** The first line: what it is found by. */
export function markerOf(body: string): string {
  return body.slice(0, body.indexOf('\n'));
}

/** The oldest item of a list that begins with the marker and is the token's own. */
export async function findOwn(
  github: GitHub,
  path: string,
  { query, marker }: { query: Readonly<Record<string, string>>; marker: string },
): Promise<Item | null> {
  for (const item of await github.list(path, query))
    if (!item.isPullRequest && item.body.startsWith(marker) && (await github.isOwn(item))) return item;
  return null;
}
