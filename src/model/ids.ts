declare const kind: unique symbol;

/**
 * Domo's numeric id for an object of one kind. A number becomes an id when it is assigned to a field of this type; from
 * then on the compiler rejects it where an id of another kind is expected.
 */
type Id<Kind extends string> = number & { readonly [kind]?: Kind };

/** Domo's number for a role. */
export type RoleId = Id<'role'>;

/** Domo's number for a person. */
export type PersonId = Id<'person'>;
