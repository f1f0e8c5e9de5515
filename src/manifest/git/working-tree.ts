import { lstat, readFile, readlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { isWithin, realPathOrSame, repositoryOf } from '../files/paths.js';

/** The most links on a path. */
const MOST_LINKS = 40;

/**
 * Is a file in the working tree of one of these manifests? Links on its path count too, because a link in the tree
 * determines which file is read.
 */
export async function sharesWorkingTree(path: string, manifests: readonly string[]): Promise<boolean> {
  const folders = await Promise.all(manifests.map(async (one) => dirname(await realPathOrSame(one))));
  const trees = await Promise.all([...new Set(folders)].map(workingTreeOf));
  const places = await Promise.all((await placesAlong(path)).map(placeInTree));
  return trees.some(({ top, isCheckout }) =>
    places.some((place) =>
      isCheckout ? place.tree.top === top : !place.tree.isCheckout && isWithin(place.path, top),
    ),
  );
}

/** A checkout, by its top folder, or a single folder outside any checkout. */
interface Tree {
  top: string;
  isCheckout: boolean;
}

async function placeInTree(path: string): Promise<{ path: string; tree: Tree }> {
  return { path, tree: await workingTreeOf(dirname(path)) };
}

/**
 * The checkout that a folder belongs to. A submodule belongs to the repository around it, whose commits determine its
 * content; an independent checkout inside another one does not.
 */
export async function workingTreeOf(folder: string): Promise<Tree> {
  const top = await repositoryOf(folder);
  if (top === null) return { top: folder, isCheckout: false };
  const around = (await isSubmodule(top)) ? await workingTreeOf(dirname(top)) : null;
  return around?.isCheckout ? around : { top, isCheckout: true };
}

/** Git keeps a submodule's data in the `modules` folder of the repository around it; a `.git` file points to it. */
async function isSubmodule(top: string): Promise<boolean> {
  const text = await readFile(join(top, '.git'), 'utf8').catch(() => '');
  return /^gitdir:.*[\\/]modules[\\/]/u.test(text);
}

/** The links on a path and the file at its end, each as a path without further links. */
export async function placesAlong(path: string): Promise<string[]> {
  const links: string[] = [];
  let at = parse(resolve(path)).root;
  let rest = partsOf(resolve(path));
  while (rest.length > 0 && links.length < MOST_LINKS) {
    const [name = '', ...after] = rest;
    const next = resolve(at, name);
    const target = await linkTarget(next);
    if (target === null) [at, rest] = [next, after];
    else {
      links.push(next);
      [at, rest] = [isAbsolute(target) ? parse(target).root : at, [...partsOf(target), ...after]];
    }
  }
  return [...links, at];
}

function partsOf(path: string): string[] {
  const { root } = parse(path);
  return path
    .slice(root.length)
    .split(sep)
    .filter((part) => part !== '' && part !== '.');
}

async function linkTarget(path: string): Promise<string | null> {
  const found = await lstat(path).catch(() => null);
  return found?.isSymbolicLink() ? readlink(path) : null;
}
