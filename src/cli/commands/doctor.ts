import type { Exit } from '../exit.js';
export async function doctor(): Promise<Exit> {
  return 1;
}
