import type { LiveSubject } from '../reconcile/get-live.js';

export type Subject = LiveSubject | 'person';

/** The further argument of a subject. */
interface SubjectTakes {
  /** The name of the argument in errors; null for none. */
  needs: 'a role' | 'a person' | null;
  example: string;
}

/** The subjects of `get`, in the order of the help. */
export const SUBJECTS: Readonly<Record<Subject, SubjectTakes>> = {
  roles: { needs: null, example: 'get roles' },
  role: { needs: 'a role', example: 'get role "Data Analyst"' },
  grants: { needs: 'a role', example: 'get grants "Data Analyst"' },
  members: { needs: 'a role', example: 'get members "Data Analyst"' },
  people: { needs: null, example: 'get people' },
  person: { needs: 'a person', example: 'get person ana@acme.com domo-roles.yaml' },
  'default-role': { needs: null, example: 'get default-role' },
  authorities: { needs: null, example: 'get authorities' },
  me: { needs: null, example: 'get me' },
};
