import { liveKey } from '../../src/model/role-id.js';
import { newRole } from '../../src/model/role.js';
import type { ExistingRole } from '../../src/model/role.js';
import type { NameChange } from '../../src/plan/order/order-renames.js';

/** A live role without description or grants. */
export const live = (id: number, name: string): ExistingRole => ({
  key: liveKey(id),
  id,
  name,
  description: '',
  grants: [],
});

export const rename = (id: number, from: string, to: string): NameChange => ({
  before: live(id, from),
  after: live(id, to),
});

export const newDescription = (id: number, name: string): NameChange => ({
  before: live(id, name),
  after: { ...live(id, name), description: 'new' },
});

export const create = (name: string): NameChange => ({
  before: null,
  after: newRole({ name, description: '', grants: [] }),
});
