/** GitHub writes times without fractions of a second. */
export const timestamp = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
