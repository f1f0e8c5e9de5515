export interface Scratch {
  folderFor: (test: string) => string;
  close: () => Promise<unknown>;
}
export function openScratch(): Promise<Scratch>;
export function startsProcesses(test: string): boolean;
