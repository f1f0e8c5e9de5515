import { quotedName } from '../model/quoted-name.js';

/** The instance that a plan, a run or a snapshot is of. */
interface Target {
  instance: string;
  sandbox: boolean;
}

/** Are both of the same instance? */
export function isSameTarget(one: Target, other: Target): boolean {
  return one.instance === other.instance && one.sandbox === other.sandbox;
}

/** How a message names the instance. */
export function targetLabel({ instance, sandbox }: Target): string {
  return sandbox ? 'the sandbox' : quotedName(instance);
}
