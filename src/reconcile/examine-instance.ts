import { examine } from '../doctor/doctor.js';
import type { DoctorReport } from '../doctor/doctor.js';
import type { Connection } from './connect.js';
import type { Runtime } from './runtime.js';

/** Checks the connection and what the token can do: the requirements of plan, apply and drift, and what is missing. */
export function examineInstance(
  { routes, instance, sandbox }: Connection,
  runtime: Runtime,
): Promise<DoctorReport> {
  return examine(routes, { instance, sandbox, now: runtime.now() });
}
