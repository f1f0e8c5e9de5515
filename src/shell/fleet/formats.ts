/** Formats of a fleet document. */
export const FLEET_FORMATS = ['text', 'json', 'markdown', 'html', 'junit', 'csv'] as const;

export type FleetFormat = (typeof FLEET_FORMATS)[number];

/** Formats of the list of instances. */
export const LIST_FORMATS = ['text', 'json', 'csv', 'names', 'matrix'] as const;

export type ListFormat = (typeof LIST_FORMATS)[number];

/** Formats of a comparison. */
export const COMPARE_FORMATS = ['text', 'json', 'markdown', 'html', 'csv'] as const;

export type CompareFormat = (typeof COMPARE_FORMATS)[number];
