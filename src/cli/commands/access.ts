import type { Exit } from '../exit.js';
export async function whoCanCommand(): Promise<Exit> {
  return 1;
}
export async function canCommand(): Promise<Exit> {
  return 1;
}
export async function diffCommand(): Promise<Exit> {
  return 1;
}
