/** Formats of a fleet document. */
export const FLEET_FORMATS = ['text', 'json', 'markdown', 'html', 'junit', 'csv'] as const;

export type FleetFormat = (typeof FLEET_FORMATS)[number];

/** Formats of an export; the first is the default. */
export const EXPORT_FORMATS = ['snapshot', 'manifest', 'html', 'csv', 'matrix-csv'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A format that is not the default. */
export type ExportedFormat = Exclude<ExportFormat, 'snapshot'>;

/** Formats of the list of instances. */
export const LIST_FORMATS = ['text', 'json', 'csv', 'names', 'matrix'] as const;

export type ListFormat = (typeof LIST_FORMATS)[number];

/** Formats of a comparison. */
export const COMPARE_FORMATS = ['text', 'json', 'markdown', 'html', 'csv'] as const;

export type CompareFormat = (typeof COMPARE_FORMATS)[number];
