/** Why a report proves nothing: the gate is red with this sentence. Never an error of the worker. */
export class ReportProblem extends Error {
  readonly kind: 'empty' | 'malformed';

  constructor(message: string, kind: 'empty' | 'malformed' = 'malformed') {
    super(message);
    this.kind = kind;
  }
}

/** Text of a report, short enough to be shown. */
export const quoted = (text: string): string => JSON.stringify(text.slice(0, 120));
