import type { Auth } from './auth.js';
import { openCall, type RouteOptions, type RouteResponse } from './call.js';
import { recordList, type WireAuditEvent } from './wire.js';

const AUDIT_PATH = '/api/audit/v1/user-audits';

/** Which part of the audit log to read. Times are epoch milliseconds. */
export interface AuditQuery {
  start: number;
  end: number;
  /** Events asked for at once. Default 1,000; the instance may give less. */
  pageSize?: number;
  /** `ROLE`, `USER`, `CUSTOMER_STATE`; left out, all. */
  objectType?: string;
  /** Events read at most. Default 10,000. */
  most?: number;
}

/**
 * Who changed what, by the audit log; needs the grant `audit`. The log declares no total: it is read until a
 * page holds less than the first, or `most` events are there.
 */
export async function getAuditLog(
  auth: Auth,
  query: AuditQuery,
  options: RouteOptions = {},
): Promise<RouteResponse<readonly WireAuditEvent[]>> {
  const call = openCall(auth, 'getAuditLog', { options });
  const { start, end, objectType, pageSize = 1_000, most = 10_000 } = query;
  const events: WireAuditEvent[] = [];
  for (let limit = pageSize; ;) {
    const { status, body } = await call.send({
      method: 'GET',
      path: AUDIT_PATH,
      query: {
        start,
        end,
        offset: events.length,
        limit,
        ...(objectType === undefined ? {} : { objectType }),
      },
      needs: 'audit',
    });
    const page = recordList(body, `GET ${AUDIT_PATH}`);
    events.push(...page);
    const isLast = page.length === 0 || (events.length > page.length && page.length < limit);
    // The first page shows how many the instance gives at once.
    limit = Math.min(limit, Math.max(1, page.length));
    if (isLast || events.length >= most) return call.answer(status, events.slice(0, most));
  }
}
