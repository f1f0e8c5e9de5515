declare const kind: unique symbol;

/**
 * Domo's number for a thing of one kind. A number that was read becomes an id where it is given to a field of this type; from
 * there on the compiler refuses it where an id of another kind is due.
 */
type Id<Kind extends string> = number & { readonly [kind]?: Kind };

/** Domo's number for a role. */
export type RoleId = Id<'role'>;

/** Domo's number for a person. */
export type PersonId = Id<'person'>;
