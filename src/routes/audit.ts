import type { Auth } from './auth.js';
import { openCall, type RouteOptions, type RouteResponse } from './call.js';
import { recordList, type WireAuditEvent } from './wire.js';

const AUDIT_PATH = '/api/audit/v1/user-audits';

/** Selects a part of the audit log. Times are epoch milliseconds. */
export interface AuditQuery {
  start: number;
  end: number;
  /** Events per page. Default 1,000; the instance may return fewer. */
  pageSize?: number;
  /** `ROLE`, `USER` or `CUSTOMER_STATE`. Default: all. */
  objectType?: string;
  /** Maximum number of events. Default 10,000. */
  most?: number;
}

/**
 * Reads the audit log. Requires the grant `audit`. The log declares no total: it is read until a page is smaller than the
 * first, or until `most` events have been read.
 */
export async function getAuditLog(
  auth: Auth,
  query: AuditQuery,
  options: RouteOptions = {},
): Promise<RouteResponse<readonly WireAuditEvent[]>> {
  const call = openCall(auth, 'getAuditLog', { options });
  return call.run(async () => {
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
      // The size of the first page is the page size of the instance.
      limit = Math.min(limit, Math.max(1, page.length));
      if (isLast || events.length >= most) return call.answer(status, events.slice(0, most));
    }
  });
}
