import type { ProblemCode } from '../problem/codes.js';

/** The meaning of a status, and what to do about it. */
export interface StatusMeaning {
  code: ProblemCode;
  /** The end of a sentence. */
  means: string;
  hint: string | null;
}

/** The service that a client talks to: its name in messages and the meaning of its responses. */
export interface Service {
  /** The name in messages, such as `the server`. */
  name: string;
  /** The hint for an address that cannot be used. */
  addressHint: string;
  /** The meaning of a failure for this service; null for the general one. `needs` is the permission that the request needs. */
  meaningOf(failure: { status: number; needs: string | null; body: string }): StatusMeaning | null;
  /** Does this response reject the caller's network? `title` is the title of a web page. */
  refusesNetwork(answer: { status: number; location: string; title: string }): boolean;
  /** The hint for a rejected network, or a web page in place of data. */
  networkHint: string;
}

/** The defaults for a service without particulars. */
export const ANY_SERVICE: Service = {
  name: 'the server',
  addressHint: 'write it as https://HOST',
  meaningOf: () => null,
  refusesNetwork: () => false,
  networkHint: 'check the address, and that no proxy or login page answers in place of the server',
};

/** The general meaning of a status that is not a success. */
export function generalMeaning(status: number, { name }: Service, needs: string | null): StatusMeaning {
  switch (status) {
    case 401:
      return {
        code: 'authentication',
        means: `${name} does not accept these credentials`,
        hint: 'check the token or password',
      };
    case 403:
      return {
        code: 'forbidden',
        means: 'the caller is not allowed to do this',
        hint: needs === null ? null : `it needs ${needs}`,
      };
    case 404:
      return { code: 'not-found', means: 'there is no such object', hint: null };
    case 429:
      return {
        code: 'too-many-requests',
        means: `${name} is limiting requests`,
        hint: 'try again later, or with fewer concurrent requests',
      };
    default:
      return {
        code: 'http-error',
        means: classMeaning(status, name),
        hint: classHint(status, name),
      };
  }
}

function classMeaning(status: number, name: string): string {
  if (status >= 500) return `an error of ${name}`;
  if (status >= 400) return `${name} rejected the request`;
  if (isRedirect(status)) return 'a redirect, which is not followed';
  return 'an unexpected status';
}

function classHint(status: number, name: string): string | null {
  if (status >= 500) return `${name} failed: try again later`;
  if (!isRedirect(status)) return null;
  return 'check the address: it may have moved, or a login page or proxy answers in its place';
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}
