/** Marks a JSONata expression the way the states language wants it: `{% … %}`. */
export const expression = (text: string): string => `{% ${text} %}`;

/** A JSONata string literal. */
export const quoted = (text: string): string => JSON.stringify(text);
