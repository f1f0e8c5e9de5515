import type { Credential } from '../http/request.js';
import { generalMeaning, type Service, type StatusMeaning } from '../http/service.js';

/** How Domo's addresses and error responses are explained to users (docs/reference/domo-api.md). */
export const DOMO_SERVICE: Service = {
  name: 'the instance',
  addressHint: 'write it as https://INSTANCE.domo.com',
  meaningOf: ({ status, needs, body }) => {
    if (status === 401) {
      return {
        code: 'authentication',
        means: 'the instance rejected this token or session',
        hint: 'check the token and that it belongs to this instance; tokens are created and revoked under Admin, Authentication, Access tokens',
      };
    }
    if (status !== 403) return null;
    if (/elevat/i.test(body)) return ELEVATION;
    return {
      ...generalMeaning(status, DOMO_SERVICE, null),
      means: 'the owner of the token may not do this',
      hint: `the owner needs the grant ${needs ?? 'authorization.roles'}; a wrong instance name has the same response`,
    };
  },
  // Domo answers a blocked network with the page `Domo - Blocked` and 200, or with a redirect to that page.
  refusesNetwork: ({ status, location, title }) =>
    /blocked/i.test(title) || (status >= 300 && status < 400 && location.includes('whitelist/blocked')),
  networkHint:
    'an administrator can add the address of this network under Admin, Security, IP allowlist; a CI runner may need a fixed address or a VPN',
};

/** Domo guards some actions by a one-time code; roles are not among them, but Domo announces more. */
const ELEVATION: StatusMeaning = {
  code: 'forbidden',
  means: 'the instance requires elevation, which a token cannot provide',
  hint: 'elevation is a one-time code that a person enters in Domo: make this change there, then plan again',
};

/** Returns the credential of an access token, in the header that Domo reads it from. */
export function tokenCredential(token: string): Credential {
  return { header: 'x-domo-developer-token', secret: token };
}

/** Returns the credential of a login session, in the header that Domo reads it from. */
export function sessionCredential(session: string): Credential {
  return { header: 'x-domo-authentication', secret: session };
}
