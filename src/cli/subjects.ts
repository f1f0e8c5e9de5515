import type { LiveSubject } from '../reconcile/get-live.js';

/** What `get` can be asked for, in the order of the help; true for what is asked of one role. */
export const SUBJECTS: Readonly<Record<LiveSubject, boolean>> = {
  roles: false,
  role: true,
  grants: true,
  members: true,
  'default-role': false,
  authorities: false,
  me: false,
};
